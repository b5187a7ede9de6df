using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using MbmsMe.Hal.Common;
using MbmsMe.Keys;
using MbmsMe.Lab;
using MbmsMe.Machine;
using MbmsMe.Tests.Host;
using LabMuk = MbmsMe.Lab.Muk;
using LabMsk = MbmsMe.Lab.Msk;
using LabKeyGroup = MbmsMe.Lab.KeyGroup;

namespace MbmsMe.Tests.Soak;

/// <summary>One soak run.</summary>
internal sealed class SoakRun : IAsyncDisposable
{
    private const int Done = 0;
    private const int Wrong = 1;
    private const int OutOfTime = 3;

    /// <summary>Updates that go out at the same moment, one for each Key Group, so that there is something to reorder.</summary>
    private const int Groups = 4;

    /// <summary>Memory may vary by so much between a warm ME and the same ME at the end of its life.</summary>
    private const long MaxGrowth = 24 << 20;

    private const int WarmSteps = 100;

    /// <summary>Why the lab ends a delivery when another one of the same MSK begins.</summary>
    private const string NewDelivery = "a new delivery of the same MSK took its place";

    /// <summary>After this long the operator sends a pull again: the lab sends it once.</summary>
    private static readonly TimeSpan s_again = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_longLifetime = TimeSpan.FromHours(12);
    private static readonly TimeSpan s_shortLifetime = TimeSpan.FromSeconds(1);

    private static readonly (LabSubscriber Subscriber, string Iccid)[] s_uiccs =
    [
        (new("001010123456789", 2, Convert.FromHexString("465b5ce8b199b49faa5f0a2ee238a6bc"), Convert.FromHexString("cd63cb71954a9f4e48a5994e37a02baf")), "8988201000000000019"),
        (new("001010987654321", 2, Convert.FromHexString("0396eb317b6d1c36f19c1c84cd6ffd16"), Convert.FromHexString("53c15671c60a4b731c55b4a441c0bde2")), "8988201000000000027"),
    ];

    private static readonly LabKeyGroup[] s_groups = [.. Enumerable.Range(0x10, Groups).Select(number => new LabKeyGroup("00f110", (ushort)number))];

    private readonly SoakPlan _plan;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("mbms-soak-");
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly Dictionary<Step, int> _taken = Enum.GetValues<Step>().ToDictionary(step => step, _ => 0);
    private readonly Dictionary<string, int> _events = [];
    private readonly Dictionary<string, int> _drops = [];
    private readonly List<(double Seconds, int Step, long Resident)> _memory = [];
    private readonly List<string> _wrong = [];
    private readonly int _mePort = FreePort.Next();
    private LabServer _lab = null!; // until StartAsync
    private LossyLink _link = null!;
    private HostMe? _me;
    private int _process;
    private int _uicc;
    private int _seen;
    private int _pullsSent;
    private int _pushedAgain;
    private int _stepsOfThisLife;

    private SoakRun(SoakPlan plan) => _plan = plan;

    private LabSubscriber Subscriber => s_uiccs[_uicc].Subscriber;

    /// <summary>Runs a plan; the exit code.</summary>
    public static async Task<int> RunAsync(SoakPlan plan, TimeSpan longest, CancellationToken cancellation)
    {
        await using SoakRun run = new(plan);
        return await run.RunAsync(longest, cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        _me?.Dispose();
        _link?.Dispose();
        if (_lab is not null)
        {
            await _lab.DisposeAsync();
        }

        _directory.Delete(recursive: true);
    }

    private async Task<int> RunAsync(TimeSpan longest, CancellationToken cancellation)
    {
        int linkPort = FreePort.Next();
        _lab = await LabServer.StartAsync(new LabConfiguration
        {
            KeyGroups = s_groups,
            Subscribers = [.. s_uiccs.Select(uicc => uicc.Subscriber with { MikeyPort = linkPort })],
            GbaLifetime = s_longLifetime,
            AckTimeout = TimeSpan.FromMilliseconds(60),
            MaxTries = 60,
        });
        _link = new LossyLink(linkPort, new IPEndPoint(IPAddress.Loopback, _mePort), _lab.MikeyEndPoint, _plan.Loss);
        Say($"ME 127.0.0.1:{_mePort} behind 127.0.0.1:{linkPort}; {_plan}");
        bool complete = true;
        try
        {
            await PowerOnAsync();
            foreach (Step[] steps in Batches(_plan.Steps()))
            {
                if (_clock.Elapsed > longest || cancellation.IsCancellationRequested)
                {
                    complete = false;
                    break;
                }

                await TakeAsync(steps);
            }

            await PowerOffAsync();
        }
        catch (Exception failure) when (failure is TimeoutException or InvalidOperationException)
        {
            _wrong.Add($"{failure.Message}; the ME's last lines: {string.Join(Environment.NewLine, _me!.Since(Math.Max(0, _me.Count - 20)))}; {_me.Errors}");
        }

        Check();
        Report(complete);
        return _wrong.Count > 0 ? Wrong : complete ? Done : OutOfTime;
    }

    /// <summary>Updates that follow each other go out together, one for each Key Group.</summary>
    private static IEnumerable<Step[]> Batches(IEnumerable<Step> steps)
    {
        int updates = 0;
        foreach (Step step in steps)
        {
            if (step == Step.Update && ++updates < Groups)
            {
                continue;
            }

            if (updates > 0)
            {
                yield return [.. Enumerable.Repeat(Step.Update, updates)];
                updates = 0;
            }

            if (step != Step.Update)
            {
                yield return [step];
            }
        }

        if (updates > 0)
        {
            yield return [.. Enumerable.Repeat(Step.Update, updates)];
        }
    }

    private async Task TakeAsync(Step[] steps)
    {
        switch (steps[0])
        {
            case Step.Update:
                int mark = _lab.Events.Count;
                LabKeyGroup[] groups = [.. Enumerable.Range(_taken[Step.Update], steps.Length).Select(at => s_groups[at % Groups])];
                foreach (LabKeyGroup group in groups)
                {
                    _lab.CreateMsk(group);
                    _lab.Push(group, Subscriber.Imsi);
                }

                await AcknowledgedAsync(groups, mark);
                break;
            case Step.ChangeUicc:
                await PowerOffAsync();
                CheckKeys();
                _uicc = 1 - _uicc;
                await PowerOnAsync();
                break;
            case Step.PullUnderAnExpiredMuk:
                _lab.GbaLifetime = s_shortLifetime;
                _lab.DemandRenegotiation(Subscriber.Imsi);
                await PullAsync(s_groups[0], mayExpire: true);
                _lab.GbaLifetime = s_longLifetime;
                TimeSpan left = _lab.LastMuk(Subscriber.Imsi)!.Expires - DateTimeOffset.UtcNow;
                await Task.Delay(left > TimeSpan.Zero ? left + TimeSpan.FromMilliseconds(20) : TimeSpan.Zero);
                await PullAsync(s_groups[0]);
                break;
            default:
                if (steps[0] == Step.PullWithNewGba)
                {
                    _lab.DemandRenegotiation(Subscriber.Imsi);
                }

                await PullAsync(s_groups[_taken[Step.Pull] % Groups]);
                break;
        }

        int before = _taken.Values.Sum();
        _taken[steps[0]] += steps.Length;
        _stepsOfThisLife += steps.Length;
        Count();
        Progress(before, before + steps.Length);
    }

    private async Task PowerOnAsync()
    {
        int mark = _lab.Events.Count;
        (LabSubscriber subscriber, string iccid) = s_uiccs[_uicc];
        string path = Path.Combine(_directory.FullName, "me.json");
        await File.WriteAllTextAsync(path, new JsonObject
        {
            ["uicc"] = new JsonObject
            {
                ["kind"] = "soft",
                ["iccid"] = iccid,
                ["imsi"] = subscriber.Imsi,
                ["mncLength"] = subscriber.MncLength,
                ["k"] = Convert.ToHexStringLower(subscriber.K),
                ["opc"] = Convert.ToHexStringLower(subscriber.Opc),
            },
            ["bsf"] = new JsonObject { ["url"] = _lab.BsfUrl.ToString() },
            ["bmsc"] = new JsonObject { ["url"] = _lab.BmScUrl.ToString(), ["fqdn"] = _lab.Configuration.BmScFqdn },
            ["mikey"] = new JsonObject { ["listen"] = $"127.0.0.1:{_mePort}" },
            ["services"] = new JsonArray(new JsonObject
            {
                ["id"] = "urn:example:soak",
                ["keyDomain"] = "00f110",
                ["keyGroups"] = new JsonArray([.. s_groups.Select(group => JsonValue.Create(group.Group.ToString("x4")))]),
            }),
            ["backoff"] = new JsonObject { ["offsetSeconds"] = 0, ["randomSeconds"] = 0, ["maxRequestsPerMinute"] = 1000 },
            ["storage"] = new JsonObject { ["directory"] = StateDirectory },
        }.ToJsonString());
        _seen = 0;
        _stepsOfThisLife = 0;
        _me = new HostMe("--config", path, "--json");
        await AcknowledgedAsync(s_groups, mark);
        _process = ProcessOf(path);
    }

    private string StateDirectory => Path.Combine(_directory.FullName, "me-state");

    private async Task PowerOffAsync()
    {
        Sample();
        if (await _me!.StopAsync() != 0 || _me.Errors.Length > 0)
        {
            _wrong.Add($"the ME ended with {_me.Errors}");
        }

        Count();
        _me.Dispose();
        _me = null;
    }

    /// <summary>Waits until the current MSK of each group is acknowledged.</summary>
    /// <remarks>
    /// The lab gives up a delivery under a MUK that a newer one replaces, as when a late pull makes the ME renegotiate in
    /// between; then its operator pushes the MSK again.
    /// </remarks>
    private async Task AcknowledgedAsync(LabKeyGroup[] groups, int mark)
    {
        foreach (LabKeyGroup group in groups)
        {
            string id = Convert.ToHexStringLower(_lab.CurrentMsk(group)!.MskIdIn(MikeyProfile.Release6));
            bool IsAck(LabEvent e) => e.Kind == LabEventKind.AckVerified && e.Group == group && e.MskId == id;
            bool IsEnd(LabEvent e) => e.Kind == LabEventKind.DeliveryAbandoned && e.Group == group && e.MskId == id;
            for (int from = mark; ;)
            {
                LabEvent end = await _lab.Events.WaitAsync(e => IsAck(e) || IsEnd(e), s_patience, from);
                from = _lab.Events.Count;
                if (IsAck(end) || _lab.Events.Since(mark).Any(IsAck))
                {
                    break;
                }

                if (end.Detail != NewDelivery)
                {
                    _lab.Push(group, Subscriber.Imsi);
                    _pushedAgain++;
                }
            }
        }
    }

    private async Task PullAsync(LabKeyGroup group, bool mayExpire = false)
    {
        int mark = _lab.Events.Count;
        int meMark = _me!.Count;
        for (int sent = 0; ; sent++)
        {
            _lab.Solicit(Subscriber.Imsi, group);
            _pullsSent++;
            try
            {
                await _me.WaitAsync(line => line.Event == "pull-accepted", s_again, meMark);
                break;
            }
            catch (TimeoutException) when (sent < 100)
            {
                // Lost on the way.
            }
        }

        if (mayExpire)
        {
            // The short lifetime may be over before the MSK has got through: then the next pull brings it.
            await _lab.Events.WaitAsync(
                e => e.Kind is LabEventKind.AckVerified or LabEventKind.DeliveryAbandoned && e.Group == group, s_patience, mark);
        }
        else
        {
            await AcknowledgedAsync([group], mark);
        }
    }

    private void Progress(int before, int now)
    {
        const int each = 250;
        if (now % each < before % each || now - before >= each)
        {
            Sample();
            Say($"{now} steps: {Counts}; ME {_memory[^1].Resident >> 20} MiB; {_link}");
        }
        else if (_stepsOfThisLife % 20 < now - before)
        {
            Sample();
        }
    }

    private string Counts =>
        $"{_taken[Step.Update]} updates, {AllPulls} pulls ({_taken[Step.PullWithNewGba]} with new GBA keys, {_taken[Step.PullUnderAnExpiredMuk]} under an expired MUK), "
        + $"{_taken[Step.ChangeUicc]} UICC changes";

    private int AllPulls => _taken[Step.Pull] + _taken[Step.PullWithNewGba] + _taken[Step.PullUnderAnExpiredMuk];

    /// <summary>Takes over the ME's events since the last time.</summary>
    private void Count()
    {
        IReadOnlyList<MeLine> lines = _me!.Since(_seen);
        _seen += lines.Count;
        foreach (MeLine line in lines)
        {
            _events[line.Event] = _events.GetValueOrDefault(line.Event) + 1;
            if (line.Event == "datagram-dropped")
            {
                _drops[line["reason"]] = _drops.GetValueOrDefault(line["reason"]) + 1;
            }
        }
    }

    private void Sample()
    {
        string status = $"/proc/{_process}/status";
        if (File.Exists(status))
        {
            string line = File.ReadLines(status).Single(line => line.StartsWith("VmRSS:", StringComparison.Ordinal));
            long resident = long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
            _memory.Add((_clock.Elapsed.TotalSeconds, _stepsOfThisLife, resident));
        }
    }

    private static int ProcessOf(string configuration)
    {
        foreach (string directory in OperatingSystem.IsLinux() ? Directory.EnumerateDirectories("/proc") : [])
        {
            try
            {
                if (int.TryParse(Path.GetFileName(directory), out int id)
                    && File.ReadAllText(Path.Combine(directory, "cmdline"), Encoding.UTF8).Split('\0').Contains(configuration))
                {
                    return id;
                }
            }
            catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
            {
                // Somebody else's, or gone.
            }
        }

        return 0;
    }

    private void Check()
    {
        CheckKeys();
        string[] imsis = [.. s_uiccs.Select(uicc => uicc.Subscriber.Imsi)];
        int pending = imsis.Sum(imsi => _lab.CountDeliveries(imsi, DeliveryState.Pending));
        Expect(pending == 0, $"{pending} MSKs wait for an ACK");
        string[] abandoned = [.. _lab.Events.Since(0).Where(e => e.Kind == LabEventKind.DeliveryAbandoned).Select(e => e.Detail!)];
        Expect(abandoned.All(IsSuperseded), $"MSKs never acknowledged: {string.Join(", ", abandoned.Where(why => !IsSuperseded(why)).Distinct())}");
        string[] failed = [.. _lab.Events.Since(0).Where(e => e.Kind == LabEventKind.Failed).Select(e => e.Detail!).Distinct()];
        Expect(failed.Length == 0, $"the lab failed: {string.Join(", ", failed)}");
        string[] rejected = [.. _lab.Events.Since(0).Where(e => e.Kind == LabEventKind.DatagramRejected).Select(e => e.Detail!).Where(why => why != "answers no MSK message").Distinct()];
        Expect(rejected.Length == 0, $"ACKs the lab could not verify: {string.Join(", ", rejected)}");
        Expect(!_events.ContainsKey("not-json") && !_events.ContainsKey("no-event"), "the ME printed lines that are no events");
        Expect(!_drops.ContainsKey("wrong-mac") && !_drops.ContainsKey("malformed") && !_drops.ContainsKey("bad-key-data"), "the ME refused a genuine message as forged");
        Expect(!_events.ContainsKey("service-left") && !_events.ContainsKey("storage-failed"), "the ME left a service or could not write");

        // The first life is the long one: warm against its end.
        long[] first = [.. _memory.TakeWhile((sample, at) => at == 0 || sample.Step >= _memory[at - 1].Step).Where(sample => sample.Step >= WarmSteps).Select(sample => sample.Resident)];
        if (first.Length >= 8)
        {
            int quarter = first.Length / 4;
            long early = Median(first[..quarter]);
            long late = Median(first[^quarter..]);
            Say($"memory of the first life: {early >> 20} MiB in its first quarter, {late >> 20} MiB in its last; most of all lives {_memory.Max(sample => sample.Resident) >> 20} MiB");
            Expect(late - early < MaxGrowth, $"memory grew from {early} to {late}");
        }

        // A delivery may end for a reason that is no loss: another one of the same MSK, or a newer MUK, took its place.
        static bool IsSuperseded(string why) =>
            why is NewDelivery or "a newer MUK took its place" or "the MUK has expired";
    }

    /// <summary>What the ME has on its drive is what the BM-SC gave it.</summary>
    private void CheckKeys()
    {
        (LabSubscriber subscriber, string iccid) = s_uiccs[_uicc];
        KeyStore store = new(new Peripherals { Drive = new FileSlots(StateDirectory, "keys") }, lasting: true);
        UiccCheck check = store.Bind(iccid, subscriber.Imsi).Check;
        Expect(check == UiccCheck.Same, $"the keys on the drive are those of {check} UICC");
        LabMuk muk = _lab.LastMuk(subscriber.Imsi)!;
        Keys.BmscKeys shared = store.State.Of(_lab.Configuration.BmScFqdn);
        Expect(shared.Gba is not null && shared.Gba.Muk.Key.SequenceEqual(muk.Key) && shared.Gba.Mrk.SequenceEqual(muk.Mrk), "MUK or MRK is not the BM-SC's");
        Expect(shared.LastUsed is not null && shared.LastUsed.Counter <= muk.Counter, "the counter is ahead of the BM-SC's");
        Expect(shared.Pulls.Count == 0, "a pull was not served");
        foreach (LabKeyGroup group in s_groups)
        {
            LabMsk msk = _lab.CurrentMsk(group)!;
            Keys.Msk? held = store.State.NewestMsk(new Machine.KeyGroup(Convert.ToInt32(group.KeyDomain, 16), group.Group));
            Expect(
                held is not null && held.Number == msk.Number && held.Key.SequenceEqual(msk.Key) && held.Rand.SequenceEqual(msk.Rand)
                && held.CsbId == msk.CsbId && held.Window.SeqLow == msk.SeqLow && held.Window.SeqHigh == msk.SeqHigh,
                $"the MSK of {group} is not the BM-SC's");
        }

        Expect(store.State.Msks.Count <= 2 * Groups, $"{store.State.Msks.Count} MSKs are held");
    }

    private void Report(bool complete)
    {
        IReadOnlyList<LabEvent> lab = _lab.Events.Since(0);
        string[] imsis = [.. s_uiccs.Select(uicc => uicc.Subscriber.Imsi)];
        Say($"{(complete ? "all steps taken" : "OUT OF TIME")}: {Counts}");
        Say($"network: {_link}");
        Say($"lab: {lab.Count(e => e.Kind == LabEventKind.MskSent)} MSK messages sent, {lab.Count(e => e.Kind == LabEventKind.AckVerified)} ACKs verified, "
            + $"{imsis.Sum(imsi => _lab.CountDeliveries(imsi, DeliveryState.Acknowledged))} MSK deliveries acknowledged, "
            + $"{imsis.Sum(imsi => _lab.CountDeliveries(imsi, DeliveryState.Abandoned))} superseded, "
            + $"{imsis.Sum(imsi => _lab.CountDeliveries(imsi, DeliveryState.Pending))} pending; "
            + $"{lab.Count(e => e.Kind == LabEventKind.Bootstrapped)} GBA runs; pulls sent {_pullsSent} times, MSKs pushed again {_pushedAgain} times");
        Say($"ME: {string.Join(", ", _events.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}");
        Say($"ME dropped: {string.Join(", ", _drops.OrderBy(pair => pair.Key).Select(pair => $"{pair.Key} {pair.Value}"))}");
        foreach (string wrong in _wrong.Distinct())
        {
            Say($"WRONG: {wrong}");
        }

        Say(_wrong.Count == 0 ? $"right keys, all ACKs, in {_clock.Elapsed.TotalSeconds:F0} s" : "FAILED");
    }

    private void Expect(bool right, string otherwise)
    {
        if (!right)
        {
            _wrong.Add(otherwise);
        }
    }

    private static long Median(long[] values) => values.Order().ElementAt(values.Length / 2);

    private void Say(string line) => Console.WriteLine($"{_clock.Elapsed:hh\\:mm\\:ss} {line}");
}
