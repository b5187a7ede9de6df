using System.Diagnostics;
using System.Net;

namespace MbmsMe.Lab;

/// <summary>An expectation of the demo that was not met.</summary>
internal sealed class DemoFailure(string message) : Exception(message);

/// <summary>
/// The demo: BSF and BM-SCs in this process, a host ME in another one; the whole solicited pull between them, then a stream and all its
/// keys. Every step is checked in the lab's own record and in the events the ME prints.
/// </summary>
internal sealed partial class Demo : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_quiet = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan s_shortLifetime = TimeSpan.FromSeconds(4);
    private static readonly KeyGroup s_group = new("00f110", 0x0010);

    private readonly LabServer _lab;
    private readonly DemoMe _me;
    private readonly LabSubscriber _first;
    private readonly LabSubscriber _second;
    private readonly CancellationToken _cancellation;
    private readonly DateTimeOffset _start = DateTimeOffset.UtcNow;
    private readonly List<string> _checked = [];
    private int _seenAtLab;
    private int _seenAtMe;
    private int _labStart;
    private int _labMark;
    private int _meStart;
    private int _meMark;

    private Demo(LabServer lab, DemoMe me, CancellationToken cancellation)
    {
        _lab = lab;
        _me = me;
        _first = lab.Configuration.Subscribers[0];
        _second = lab.Configuration.Subscribers[1];
        _cancellation = cancellation;
    }

    /// <summary>Runs the demo. Returns 0 if every step was observed at both ends.</summary>
    public static async Task<int> RunAsync(bool keep, bool verbose, CancellationToken cancellation)
    {
        if (DemoMe.Assembly is null)
        {
            Console.Error.WriteLine("The demo needs the host ME: build the lab where firmware/Host is.");
            return 1;
        }
        DirectoryInfo directory = Directory.CreateTempSubdirectory("mbms-demo-");
        try
        {
            await using DemoMe me = new(directory.FullName);
            LabEvents events = new(TimeProvider.System);
            if (verbose)
            {
                events.Happened += labEvent => Console.WriteLine($"    lab {LabLog.Json(labEvent)}");
                me.Events.Happened += meEvent => Console.WriteLine($"    me  {meEvent}");
            }
            await using LabServer lab = await LabServer.StartAsync(Configuration(directory, me), events);
            using Demo demo = new(lab, me, cancellation);
            return await demo.RunAsync();
        }
        finally
        {
            if (keep)
            {
                Console.WriteLine($"Kept: {directory.FullName}");
            }
            else
            {
                directory.Delete(recursive: true);
            }
        }
    }

    private static LabConfiguration Configuration(DirectoryInfo directory, DemoMe me)
    {
        byte[] opc = Convert.FromHexString("cd63cb71954a9f4e48a5994e37a02baf");
        return new LabConfiguration
        {
            Database = Path.Combine(directory.FullName, "lab.db"),
            GbaLifetime = s_shortLifetime,
            AckTimeout = TimeSpan.FromSeconds(1),
            KeyGroups = [s_group, s_otherGroup],
            MoreBmScs = [new LabBmSc(OtherFqdn, new IPEndPoint(IPAddress.Loopback, 0))],
            BmScOfKeyGroup = new Dictionary<KeyGroup, string> { [s_otherGroup] = OtherFqdn },
            Services = [new LabService(News, [s_group]) { MtkGroup = FreeGroup(), Flow = FreeGroup() }],
            MtkRepeat = TimeSpan.FromMilliseconds(200),
            Subscribers =
            [
                new("001010123456789", 2, Convert.FromHexString("465b5ce8b199b49faa5f0a2ee238a6bc"), opc) { MikeyPort = me.Mikey.Port },
                new("001010987654321", 2, Convert.FromHexString("0396eb317b6d1c36f19c1c84cd6ffd16"), opc) { MikeyPort = me.Mikey.Port },
            ],
        };
    }

    private async Task<int> RunAsync()
    {
        Stopwatch watch = Stopwatch.StartNew();
        Console.WriteLine($"Lab: BSF {_lab.BsfUrl}, BM-SC {_lab.BmScUrl}, MIKEY {_lab.MikeyEndPoint}. ME: MIKEY {_me.Mikey}. Times in seconds.");
        try
        {
            await StepAsync("1  Pairing", PairingAsync);
            await StepAsync("2  The MUK expires and the ME restarts: nothing is lost, nothing is asked", RestartAsync);
            await StepAsync("3  Re-keying finds the MUK expired: solicited pull, GBA, 401, digest, 200, MSK, ACK", SolicitedPullAsync);
            await StepAsync("4a Solicited pull under a valid MUK: no GBA", PullUnderValidMukAsync);
            await StepAsync("4b A replayed pull and a pull with a wrong MAC change nothing", ForgeriesAsync);
            await StepAsync("4c An MSK under an expired MUK, and a pull under it with a wrong MAC, change nothing", MskUnderExpiredMukAsync);
            await StepAsync("4d Solicited pull of the 2004 draft under the expired MUK", DraftPullAsync);
            await StepAsync("5a Another UICC wipes the keys, and the new subscriber pairs", OtherUiccAsync);
            await StepAsync("5b A pull under the MUK of the old UICC changes nothing", PullOfOldUiccAsync);
            await StepAsync("6a Two BM-SCs, one of them with registration: one GBA run, two MUKs", TwoBmScsAsync);
            await StepAsync("6b A stream under the first MTK arrives in clear", StreamAsync);
            await StepAsync("6c … and after a change of the MTK", MtkChangeAsync);
            await StepAsync("6d … and after a change of the MSK", MskChangeAsync);
            await StepAsync("6e Without its MTK the stream does not arrive; the repeated MTK message heals that", WithoutMtkAsync);
            await StepAsync("6f A lost MSK push: the BM-SC repeats it", LostPushAsync);
            await StepAsync("6g A lost ACK: the repeated push gets it again", LostAckAsync);
            await StepAsync("6h Two MSK messages overtake each other: the BM-SC repeats the one that came too late", ReorderedPairAsync);
            await StepAsync("7  Missed key update: an MTK under an MSK that never came", MissedKeyAsync);
            await StepAsync("8a Early MTK: the MSK is there before traffic needs it", EarlyMtkAsync);
            await StepAsync("8b A dummy MTK brings the MSK as well", DummyMtkAsync);
            await StepAsync("9a The interval of an MSK is updated; SEQl above SEQu deletes MSKs", MskDetailsAsync);
            await StepAsync("9b No MSK to be had: the service is left, and comes back with an MSK", LeavingAsync);
            await StepAsync("10 MSK, MTK and stream in the 2004 draft's messages", DraftStreamAsync);
            await StepAsync("11 Deactivation and activation by command", CommandsAsync);
            await StepAsync("12a Power-down policy \"delete\": only the last MUK stays", PowerDownAsync);
            await StepAsync("12b … and after power-on the ME gets everything anew", PowerOnAsync);
        }
        catch (DemoFailure failure)
        {
            Console.WriteLine();
            Console.WriteLine($"FAILED: {failure.Message}");
            if (_me.Errors.Trim() is { Length: > 0 } errors)
            {
                Console.WriteLine($"The ME wrote to standard error: {errors}");
            }
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Interrupted.");
            return 1;
        }
        Console.WriteLine();
        Console.WriteLine($"PASSED: every step was observed at both ends ({_seenAtLab} observations in the lab, {_seenAtMe} at the ME), {watch.Elapsed.TotalSeconds:0.0} s.");
        return 0;
    }

    private async Task PairingAsync()
    {
        _me.Start("8988201000000000019", _first, _lab, [Service(s_group)]);
        await MeAsync("started");
        await FullFlowAsync(_first, MikeyProfile.Release6);
    }

    private async Task RestartAsync()
    {
        await PowerOffAsync();
        await WaitForExpiryAsync();
        _me.Start("8988201000000000019", _first, _lab, [Service(s_group)]);
        await MeAsync("started");
        await QuietAsync();
    }

    private async Task SolicitedPullAsync()
    {
        _lab.Rekey(s_group);
        await LabAsync("a new MSK", LabEventKind.MskCreated);
        await LabAsync("a solicited pull sent under the expired MUK", LabEventKind.PullSent, e => e.Expires <= e.Time);
        await MeAsync("pull-accepted", "expired", "true");
        await FullFlowAsync(_first, MikeyProfile.Release6);
    }

    private async Task PullUnderValidMukAsync()
    {
        _lab.Solicit(_first.Imsi, s_group);
        await LabAsync("a solicited pull sent under the valid MUK", LabEventKind.PullSent, e => e.Expires > e.Time);
        await MeAsync("pull-accepted", "expired", "false");
        await MskRequestAsync(challenged: false);
        await DeliveryAsync(MikeyProfile.Release6);
        CheckLab("no bootstrapping was run", !_lab.Events.Since(_labStart).Any(e => e.Server == "bsf"));
    }

    private async Task ForgeriesAsync()
    {
        foreach (LabEvent pull in _lab.Events.Since(0).Where(e => e.Kind == LabEventKind.PullSent))
        {
            await ChangesNothingAsync(pull.Datagram!, $"the pull with counter {pull.Counter} under B-TID {pull.Btid![..8]}.. again");
        }
        await ChangesNothingAsync(WithWrongMac(_lab.BuildPull(_first.Imsi, s_group)), "solicited pull, fresh counter, one bit of the MAC wrong");
    }

    private async Task MskUnderExpiredMukAsync()
    {
        await WaitForExpiryAsync();
        await ChangesNothingAsync(_lab.BuildMsk(_first.Imsi, s_group), "genuine MSK, fresh counter, under the expired MUK");
        await ChangesNothingAsync(WithWrongMac(_lab.BuildPull(_first.Imsi, s_group)), "solicited pull under the expired MUK, one bit of the MAC wrong");
    }

    private async Task DraftPullAsync()
    {
        _lab.CreateMsk(s_group);
        _lab.Solicit(_first.Imsi, s_group, MikeyProfile.Draft2004);
        await LabAsync("a draft2004 pull sent under the expired MUK", LabEventKind.PullSent, e => e.Expires <= e.Time && e.Profile == MikeyProfile.Draft2004);
        await MeAsync("pull-accepted", "expired", "true");
        await FullFlowAsync(_first, MikeyProfile.Draft2004, challenged: false);
    }

    private async Task OtherUiccAsync()
    {
        byte[] oldMuk = _lab.LastMuk(_first.Imsi)!.Key;
        byte[] oldMsk = _lab.CurrentMsk(s_group)!.Key;
        _lab.CreateMsk(s_group);
        await PowerOffAsync();
        CheckMe("its non-volatile state holds the old MUK and MSK", _me.StateHolds(oldMuk) && _me.StateHolds(oldMsk));
        _me.Start("8988201000000000027", _second, _lab, [Service(s_group)]);
        await MeAsync("uicc-changed");
        CheckMe("its non-volatile state holds neither", !_me.StateHolds(oldMuk) && !_me.StateHolds(oldMsk));
        await FullFlowAsync(_second, MikeyProfile.Release6);
    }

    private async Task PullOfOldUiccAsync()
    {
        await ChangesNothingAsync(_lab.BuildPull(_first.Imsi, s_group), $"genuine solicited pull under the MUK of {_first.Imsi}");
        CheckMe("exits with 0 on SIGTERM", await _me.StopAsync() == 0);
    }

    /// <summary>GBA, the MSK request and the delivery, each at both ends.</summary>
    private async Task FullFlowAsync(LabSubscriber subscriber, MikeyProfile profile, bool challenged = true)
    {
        await HttpAsync("bsf", "gba", 401);
        LabEvent run = await LabAsync($"a B-TID for {subscriber.Imsi}", LabEventKind.Bootstrapped, e => e.Imsi == subscriber.Imsi);
        await HttpAsync("bsf", "gba", 200);
        await MeAsync("gba-ok", "btid", run.Btid!);
        await MskRequestAsync(challenged);
        await DeliveryAsync(profile);
    }

    /// <summary>An ME that was off has no nonce and is challenged; later the nextnonce of the last answer may spare it that.</summary>
    private async Task MskRequestAsync(bool challenged)
    {
        if (challenged)
        {
            await HttpAsync("bmsc", "msk-request", 401);
        }
        await HttpAsync("bmsc", "msk-request", 200);
    }

    private async Task DeliveryAsync(MikeyProfile profile)
    {
        LabEvent sent = await LabAsync($"an MSK message in {profile} sent", LabEventKind.MskSent, e => e.Profile == profile);
        await MeAsync("msk-stored", "mskId", sent.MskId!);
        await MeAsync("ack-sent");
        await LabAsync("its ACK verified", LabEventKind.AckVerified, e => e.MskId == sent.MskId && e.Btid == sent.Btid);
    }

    private async Task HttpAsync(string server, string requestType, int status)
    {
        await LabAsync($"{server} answers {requestType} with {status}", LabEventKind.Http, e => e.Server == server && e.RequestType == requestType && e.Status == status);
        await MeAsync("http", "requesttype", requestType, "status", status.ToString());
    }

    /// <summary>Sends a datagram that must be dropped: the ME says so, asks nothing, answers nothing and keeps its state to the octet.</summary>
    private async Task ChangesNothingAsync(byte[] datagram, string what)
    {
        string before = _me.StateDigest();
        (_labMark, _meMark) = (_lab.Events.Count, _me.Events.Count);
        _lab.SendRaw(datagram, _me.Mikey, what);
        await LabAsync($"sent: {what}", LabEventKind.RawSent);
        await MeAsync("datagram-dropped");
        await QuietAsync();
        CheckMe("its non-volatile state is the same to the octet", _me.StateDigest() == before);
    }

    /// <summary>Nothing happens at either end for a while.</summary>
    private async Task QuietAsync()
    {
        await Task.Delay(s_quiet, _cancellation);
        CheckLab("no HTTP request and no datagram came", _lab.Events.Count == _labMark, Seen(_lab.Events.Since(_labMark).Select(LabLog.Line)));
        CheckMe("no further event", _me.Events.Count == _meMark, Seen(_me.Events.Since(_meMark).Select(e => e.ToString())));
    }

    private async Task PowerOffAsync()
    {
        CheckMe("exits with 0 on SIGTERM", await _me.StopAsync() == 0);
        (_labMark, _meMark) = (_lab.Events.Count, _me.Events.Count);
    }

    private async Task WaitForExpiryAsync()
    {
        TimeSpan left = _lab.LastMuk(_first.Imsi)!.Expires - DateTimeOffset.UtcNow;
        await Task.Delay(left > TimeSpan.Zero ? left : TimeSpan.Zero, _cancellation);
        await Task.Delay(TimeSpan.FromMilliseconds(100), _cancellation);
        CheckLab("the MUK's lifetime is over", _lab.LastMuk(_first.Imsi)!.Expires < DateTimeOffset.UtcNow);
    }

    private async Task StepAsync(string title, Func<Task> step)
    {
        Console.WriteLine();
        Console.WriteLine(title);
        _labStart = _labMark = _lab.Events.Count;
        _meStart = _meMark = _me.Events.Count;
        _checked.Clear();
        (int labBefore, int meBefore) = (_seenAtLab, _seenAtMe);
        try
        {
            await step();
        }
        catch (DemoFailure failure)
        {
            throw new DemoFailure($"step {title.Split(' ')[0]}, {failure.Message}");
        }
        finally
        {
            DemoLadder.Print(_lab.Events.Since(_labStart), _me.Events.Since(_meStart), _start);
            foreach (string check in _checked)
            {
                Console.WriteLine($"           ok  {check}");
            }
            Console.WriteLine($"           ok  {_seenAtLab - labBefore} observations in the lab, {_seenAtMe - meBefore} at the ME");
        }
    }

    /// <summary>The next such event in the lab's record, after those found before.</summary>
    private async Task<LabEvent> LabAsync(string what, LabEventKind kind, Func<LabEvent, bool>? matches = null)
    {
        int from = _labMark;
        try
        {
            LabEvent found = await _lab.Events.WaitAsync(e => e.Kind == kind && (matches is null || matches(e)), s_patience, from, _cancellation);
            _labMark = from + 1 + _lab.Events.Since(from).ToList().IndexOf(found);
            _seenAtLab++;
            return found;
        }
        catch (TimeoutException)
        {
            throw new DemoFailure($"lab: {what} did not happen within {s_patience.TotalSeconds} s. {Seen(_lab.Events.Since(from).Select(LabLog.Line))}");
        }
    }

    /// <summary>The next such event of the ME, after those found before; the rest are names and values of fields.</summary>
    private async Task MeAsync(string name, params string[] fields)
    {
        string what = $"{name}{string.Concat(fields.Chunk(2).Select(field => $" {field[0]}={field[1]}"))}";
        int from = _meMark;
        try
        {
            MeEvent found = await _me.Events.WaitAsync(
                e => e.Name == name && fields.Chunk(2).All(field => e[field[0]].Equals(field[1], StringComparison.OrdinalIgnoreCase)),
                s_patience,
                from,
                _cancellation);
            _meMark = from + 1 + _me.Events.Since(from).ToList().IndexOf(found);
            _seenAtMe++;
        }
        catch (TimeoutException)
        {
            throw new DemoFailure($"ME: {what} did not happen within {s_patience.TotalSeconds} s. {Seen(_me.Events.Since(from).Select(e => e.ToString()))}");
        }
    }

    private void CheckLab(string what, bool holds, string seen = "")
    {
        _seenAtLab++;
        Check($"lab: {what}", holds, seen);
    }

    private void CheckMe(string what, bool holds, string seen = "")
    {
        _seenAtMe++;
        Check($"ME: {what}", holds, seen);
    }

    private void Check(string what, bool holds, string seen)
    {
        if (!holds)
        {
            throw new DemoFailure($"{what}: not so. {seen}");
        }
        if (!_checked.Contains(what))
        {
            _checked.Add(what);
        }
    }

    private static byte[] WithWrongMac(byte[] message) => [.. message[..^1], (byte)(message[^1] ^ 1)];

    private static string Seen(IEnumerable<string> events)
    {
        string list = string.Join(Environment.NewLine + "    ", events);
        return list.Length == 0 ? "Nothing else was seen." : $"Seen instead:{Environment.NewLine}    {list}";
    }
}
