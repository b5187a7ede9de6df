using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>
/// Rule 7 over real sockets: K, OPc, RES, CK, IK, Ks, MUK, MRK, MSKs and the digest passwords stand in nothing that the ME
/// prints, asks, sends or leaves behind when it crashes, whole or in half, raw, in hexadecimal or in Base64.
/// </summary>
/// <remarks>
/// That a MAC is compared in the same number of operations wherever it differs is shown by the unit tests
/// Rule7_SecretsStaySecretAndDie.ComparisonGoesOnToTheLastOctetWhereverTheFirstDifferenceIs and
/// AMessageIsHashedInFullWhereverItsMacDiffers, which also look for the zeroes that dead keys become.
/// </remarks>
[TestClass]
public sealed partial class NoSecretLeaves
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public TestContext TestContext { get; set; } = null!;

    /// <summary>A whole life with every flow and every failure in it.</summary>
    [TestMethod]
    [DataRow(true)]
    [DataRow(false)]
    public async Task InAWholeLife(bool json)
    {
        await using Scene scene = await Scene.StartAsync(json);
        MeAndLab pair = scene.Pair;
        LabServer lab = pair.Lab;
        string imsi = MeAndLab.First.Imsi;

        // Pairing, with everything that can go wrong first.
        lab.SetSqn(imsi, 1 << 20);
        lab.Faults.WrongAutn = true;
        await using (Scene.Life life = scene.PowerOn())
        {
            await life.Me.SaysAsync("wrong MAC");
            lab.Faults.WrongAutn = false;
            lab.Faults.Bsf.WrongRspauth = true;
            await life.Me.SaysAsync("Authentication-Info of the BSF");
            lab.Faults.Bsf.WrongRspauth = false;
            lab.Faults.BmSc.WrongRspauth = true;
            lab.Faults.WithholdMsk = true;
            await life.Me.SaysAsync("Authentication-Info of the BM-SC");
            lab.Faults.BmSc.WrongRspauth = lab.Faults.WithholdMsk = false;
            await scene.AckAsync(0);

            // Resynchronisation in a renegotiation, a stale nonce, a demand for GBA.
            lab.SetSqn(imsi, 0);
            lab.DemandRenegotiation(imsi);
            await scene.DeliverAsync(() => lab.Solicit(imsi, MeAndLab.News));
            lab.ForgetNonces();
            await scene.DeliverAsync(() => lab.Solicit(imsi, MeAndLab.News));
            foreach (MikeyProfile profile in Enum.GetValues<MikeyProfile>())
            {
                for (int i = 0; i < 2; i++)
                {
                    await scene.DeliverAsync(() => lab.Rekey(MeAndLab.News, profile));
                }

                await scene.DeliverAsync(() => lab.Solicit(imsi, MeAndLab.News, profile));
            }

            byte[] msk = lab.BuildMsk(imsi, MeAndLab.News);
            foreach (byte[] forged in Forgeries.Flips(msk).Concat(Forgeries.Truncations(msk)).Where((_, i) => i % 5 == 0))
            {
                lab.SendRaw(forged, imsi);
            }

            // A pull under a MUK that has run out.
            TimeSpan lifetime = lab.GbaLifetime;
            lab.GbaLifetime = TimeSpan.FromSeconds(2);
            lab.DemandRenegotiation(imsi);
            await scene.DeliverAsync(() => lab.Solicit(imsi, MeAndLab.News));
            lab.GbaLifetime = lifetime;
            await pair.ExpireAsync();
            lab.SendRaw(lab.BuildMsk(imsi, MeAndLab.News), imsi);
            await life.Me.SaysAsync("muk-expired");
            await scene.DeliverAsync(() => lab.Solicit(imsi, MeAndLab.News));

            // A refusal, with which the service is not left because an MSK is there.
            lab.Faults.ResponseCodes[MeAndLab.News] = 403;
            lab.Solicit(imsi, MeAndLab.News);
            await life.Me.SaysAsync("response code 403");
            lab.Faults.ResponseCodes.Clear();
            Assert.AreEqual(0, await life.Me.EndAsync());
        }

        // Another UICC, and the first one again.
        foreach ((LabSubscriber subscriber, string iccid) in new[] { (MeAndLab.Second, MeAndLab.OtherIccid), (MeAndLab.First, MeAndLab.Iccid) })
        {
            int mark = lab.Events.Count;
            await using Scene.Life life = scene.PowerOn(subscriber, iccid);
            await life.Me.SaysAsync("uicc-changed");
            await scene.AckAsync(mark);
            Assert.AreEqual(0, await life.Me.EndAsync());
        }

        string[] events =
        [
            "started", "stopped", "uicc-changed", "gba-ok", "gba-failed", "http", "pull-accepted", "msk-stored", "msk-deleted", "ack-sent",
            "datagram-dropped", "request-failed",
        ];
        string printed = Encoding.UTF8.GetString(scene.Printed);
        Assert.AreEqual("", string.Join(' ', events.Where(name => !printed.Contains(name, StringComparison.Ordinal))), "events that never came");
        scene.AssertNothingFound(TestContext);
    }

    /// <summary>What is left of an ME that ends in the middle of its life: by a signal, an unhandled exception, a fail-fast.</summary>
    /// <remarks>SIGABRT and SIGSEGV that another process sends do not end a .NET program.</remarks>
    [TestMethod]
    public async Task InTheOutputOfACrash()
    {
        await using Scene scene = await Scene.StartAsync(json: true);
        foreach (string how in new[] { "SIGQUIT", CrashHook.Exception, CrashHook.FailFast })
        {
            int mark = scene.Pair.Lab.Events.Count;
            await using Scene.Life life = how == "SIGQUIT" ? scene.PowerOn() : scene.PowerOn(environment: CrashHook.Environment(how));
            await life.Me.SaysAsync("started");
            if (scene.Pair.Lab.LastMuk(MeAndLab.First.Imsi) is null)
            {
                await scene.AckAsync(mark);
            }

            scene.Pair.Lab.DemandRenegotiation(MeAndLab.First.Imsi);
            await scene.DeliverAsync(() => scene.Pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News));
            if (how == "SIGQUIT")
            {
                Assert.AreNotEqual(0, await life.Me.EndAsync(RecordedMe.SigQuit));
            }
            else
            {
                Assert.AreNotEqual(0, await life.Me.ExitAsync());
                StringAssert.Contains(life.Me.Text, CrashHook.Message, "it crashed");
                StringAssert.Contains(life.Me.Text, "   at ", "a stack trace");
            }
        }

        scene.AssertNothingFound(TestContext);
    }

    /// <summary>Configurations that are wrong where the keys stand.</summary>
    [TestMethod]
    public async Task InTheComplaintsAboutAConfiguration()
    {
        await using Scene scene = await Scene.StartAsync(json: true);
        string k = Convert.ToHexStringLower(MeAndLab.First.K);
        string right = scene.Pair.Configuration().ToJsonString();
        string[] wrong =
        [
            right.Replace(k, k[..^1], StringComparison.Ordinal),
            right.Replace(k, k + "0", StringComparison.Ordinal),
            right.Replace(k, k[..^1] + "g", StringComparison.Ordinal),
            right.Replace($"\"{k}\"", k, StringComparison.Ordinal),
            right.Replace($"\"{k}\"", $"[\"{k}\"]", StringComparison.Ordinal),
            right.Replace($"\"{k}\"", $"{{\"k\":\"{k}\"}}", StringComparison.Ordinal),
            right.Replace($"\"{k}\"", $"\"{k}", StringComparison.Ordinal),
            right.Replace($"\"{k}\"", $"\"{k}\" \"{k}\"", StringComparison.Ordinal),
            right.Replace($"\"{k}\"", $"\"{k}\\", StringComparison.Ordinal),
            right.Replace($"\"{k}\"", $"\"{k}\",\"k\":\"{k}\"", StringComparison.Ordinal),
            right.Replace("\"opc\"", "\"op\"", StringComparison.Ordinal),
            right[..(right.IndexOf(k, StringComparison.Ordinal) + 31)],
            k,
            $"\"{k}\"",
        ];
        int number = 0;
        foreach (string text in wrong)
        {
            string path = $"{scene.Pair.ConfigurationPath}.{number++}";
            File.WriteAllText(path, text);
            using RecordedMe me = new(path, json: true);
            Assert.AreEqual(2, await me.ExitAsync(), text + me.Text);
            scene.Keep(me.Printed);
        }

        TestContext.WriteLine(Encoding.UTF8.GetString(scene.Printed));
        scene.AssertNothingFound(TestContext);
    }

    /// <summary>The search finds what it looks for.</summary>
    [TestMethod]
    public void TheSearchFindsASecretInEveryForm()
    {
        byte[] secret = RandomNumberGenerator.GetBytes(16);
        SecretSearch search = new();
        search.Add("secret", secret);
        byte[] noise = RandomNumberGenerator.GetBytes(1000);
        Assert.AreEqual(0, search.FindIn(noise).Count);
        string[] texts =
        [
            Convert.ToHexString(secret), Convert.ToHexStringLower(secret), BitConverter.ToString(secret), Convert.ToBase64String(secret),
            Convert.ToBase64String([1, .. secret]), Convert.ToBase64String([1, 2, .. secret, 3]), Convert.ToHexString(secret[8..]), string.Join(", ", secret),
        ];
        foreach (byte[] form in texts.Select(Encoding.ASCII.GetBytes).Append(secret))
        {
            Assert.AreNotEqual(0, search.FindIn([.. noise, .. form, .. noise]).Count, Encoding.ASCII.GetString(form));
        }
    }

    /// <summary>A lab, recorders before it, and all that was heard of the MEs at them.</summary>
    private sealed partial class Scene : IAsyncDisposable
    {
        private readonly bool _json;
        private readonly MemoryStream _printed = new();
        private readonly MemoryStream _traffic = new();
        private readonly ConcurrentQueue<byte[]> _msks = new();
        private readonly StandIn _bsf;
        private readonly StandIn _bmsc;

        private Scene(MeAndLab pair, bool json)
        {
            Pair = pair;
            _json = json;
            _bsf = new StandIn(pair.Lab.BsfUrl) { Watch = Record };
            _bmsc = new StandIn(pair.Lab.BmScUrl) { Watch = Record };
            _msks.Enqueue(pair.Lab.CurrentMsk(MeAndLab.News)!.Key);
            pair.Lab.Events.Happened += e =>
            {
                if (e.Kind == LabEventKind.MskCreated)
                {
                    _msks.Enqueue(pair.Lab.CurrentMsk(MeAndLab.News)!.Key);
                }
            };
        }

        public MeAndLab Pair { get; }

        public byte[] Printed => _printed.ToArray();

        public static async Task<Scene> StartAsync(bool json) => new(await MeAndLab.StartAsync(), json);

        public Life PowerOn(LabSubscriber? subscriber = null, string iccid = MeAndLab.Iccid, params (string Name, string Value)[] environment)
        {
            JsonObject configuration = Pair.Configuration(subscriber, iccid);
            configuration["bsf"]!["url"] = _bsf.Url.ToString();
            configuration["bmsc"]!["url"] = _bmsc.Url.ToString();
            File.WriteAllText(Pair.ConfigurationPath, configuration.ToJsonString());
            return new Life(this, new RecordedMe(Pair.ConfigurationPath, _json, environment));
        }

        public void Keep(byte[] printed) => _printed.Write(printed);

        public Task AckAsync(int mark) => Pair.Lab.Events.WaitAsync(e => e.Kind == LabEventKind.AckVerified, s_patience, mark);

        public async Task DeliverAsync(Action act)
        {
            int mark = Pair.Lab.Events.Count;
            act();
            await AckAsync(mark);
        }

        public void AssertNothingFound(TestContext context)
        {
            SecretSearch search = Secrets();
            byte[] datagrams = [.. Pair.Lab.Events.Since(0).SelectMany(e => e.Datagram ?? [])];
            context.WriteLine($"{search.Count} secrets not found in {_printed.Length} octets printed, {_traffic.Length} of HTTP and {datagrams.Length} of datagrams");
            Assert.AreEqual("", string.Join(Environment.NewLine, search.FindIn(Printed)), "printed");
            lock (_traffic)
            {
                Assert.AreEqual("", string.Join(Environment.NewLine, search.FindIn(_traffic.ToArray())), "in HTTP");
            }

            Assert.AreEqual("", string.Join(Environment.NewLine, search.FindIn(datagrams)), "in datagrams");
        }

        public async ValueTask DisposeAsync()
        {
            await _bsf.DisposeAsync();
            await _bmsc.DisposeAsync();
            await Pair.DisposeAsync();
        }

        private SecretSearch Secrets()
        {
            SecretSearch search = new();
            string traffic;
            lock (_traffic)
            {
                traffic = Encoding.Latin1.GetString(_traffic.ToArray());
            }

            foreach (LabSubscriber subscriber in new[] { MeAndLab.First, MeAndLab.Second })
            {
                search.Add("K", subscriber.K);
                search.Add("OPc", subscriber.Opc);

                // Every challenge the BSF ever sent, whatever became of it.
                Milenage milenage = new(subscriber.K, subscriber.Opc);
                foreach (Match challenge in Challenges().Matches(traffic))
                {
                    byte[] rand = Convert.FromBase64String(challenge.Groups["nonce"].Value)[..16];
                    byte[] ks = [.. milenage.F3(rand), .. milenage.F4(rand)];
                    byte[] res = milenage.F2F5(rand).Res;
                    byte[] muk = GbaKeys.KsNaf(ks, rand, subscriber.Impi, GbaKeys.NafId(Pair.Lab.Configuration.BmScFqdn));
                    byte[] mrk = GbaKeys.Mrk(muk);
                    search.Add("RES", res);
                    search.Add("CK", ks[..16]);
                    search.Add("IK", ks[16..]);
                    search.Add("MUK", muk);
                    search.Add("MRK", mrk);
                    search.Add("HA1 of Ub", Ha1(subscriber.Impi, subscriber.BsfName, res));
                    search.Add("HA1 of Ua", Ha1(
                        GbaKeys.Btid(rand, subscriber.BsfName), $"3GPP-bootstrapping@{Pair.Lab.Configuration.BmScFqdn}", Encoding.ASCII.GetBytes(Convert.ToBase64String(mrk))));
                }
            }

            foreach (byte[] msk in _msks)
            {
                search.Add("MSK", msk);
            }

            return search;
        }

        private static byte[] Ha1(string user, string realm, byte[] password) => MD5.HashData([.. Encoding.ASCII.GetBytes($"{user}:{realm}:"), .. password]);

        private void Record(bool fromMe, byte[] octets)
        {
            lock (_traffic)
            {
                _traffic.Write(octets);
            }
        }

        [GeneratedRegex("nonce=\"(?<nonce>[A-Za-z0-9+/]{43}=)\"[^\r\n]*AKAv1-MD5")]
        private static partial Regex Challenges();

        /// <summary>An ME from power-on to its end.</summary>
        public sealed class Life(Scene scene, RecordedMe me) : IAsyncDisposable
        {
            public RecordedMe Me => me;

            public ValueTask DisposeAsync()
            {
                me.Dispose();
                scene.Keep(me.Printed);
                return ValueTask.CompletedTask;
            }
        }
    }
}
