using System.Net.Sockets;
using MbmsMe.Hal.Common;
using MbmsMe.Keys;
using MbmsMe.Lab;
using MbmsMe.Storage;

namespace MbmsMe.Tests.Host;

/// <summary>What <see cref="KilledMe"/> met.</summary>
internal sealed class KillCounts
{
    /// <summary>Processes killed.</summary>
    public int Kills;

    /// <summary>MSK messages acknowledged.</summary>
    public int Acknowledged;

    /// <summary>GBA runs.</summary>
    public int GbaRuns;

    /// <summary>Kills that left a slot file empty or torn.</summary>
    public int TornSlots;

    /// <summary>Kills after which the ME held more than it had acknowledged: an MSK, a pull, or the keys of a GBA run in use.</summary>
    public int AheadOfTheLab;

    public void Add(KillCounts other)
    {
        Kills += other.Kills;
        Acknowledged += other.Acknowledged;
        GbaRuns += other.GbaRuns;
        TornSlots += other.TornSlots;
        AheadOfTheLab += other.AheadOfTheLab;
    }
}

/// <summary>
/// A host ME that is killed again and again while a lab keeps it busy. After each kill its files are read as its next
/// start will read them and compared with what the lab has seen acknowledged.
/// </summary>
/// <param name="pair">The ME, still off, and its lab.</param>
/// <param name="random">Decides when to kill and what the lab does.</param>
internal sealed class KilledMe(MeAndLab pair, Random random)
{
    private static readonly string s_imsi = MeAndLab.First.Imsi;
    private static readonly byte[] s_mark = [0];

    private readonly Dictionary<string, byte[]> _msks = []; // by MSK ID
    private readonly List<string> _btids = []; // in the order the lab handed them out
    private readonly Lock _lock = new();
    private readonly Dictionary<(string Btid, uint Counter), LabEvent> _sent = [];
    private LabEvent? _acknowledged; // the message
    private bool _held;
    private int _read;

    public KillCounts Counts { get; } = new();

    public async Task KillAsync(int times)
    {
        Note(pair.Lab.CurrentMsk(MeAndLab.News)!);
        using CancellationTokenSource stop = new();
        Task busy = KeepBusyAsync(new Random(random.Next()), stop.Token);
        while (Counts.Kills < times)
        {
            await LiveAndDieAsync();
            Counts.Kills++;
            await DrainAsync();
            Check();
        }

        await stop.CancelAsync();
        await busy;
        await GoOnAsync();
    }

    // Rekeys, pulls and renewals, a few milliseconds apart.
    private async Task KeepBusyAsync(Random choice, CancellationToken stop)
    {
        string? demanded = null;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                int what = choice.Next(10);
                if (what == 0 && pair.Lab.LastMuk(s_imsi)?.Btid is string btid && btid != demanded)
                {
                    // Once for each MUK: a BM-SC that refuses the keys it has just demanded is left for good.
                    demanded = btid;
                    pair.Lab.DemandRenegotiation(s_imsi);
                }

                if (what < 3)
                {
                    pair.Lab.Solicit(s_imsi, MeAndLab.News);
                }
                else
                {
                    CreateMsk();
                    pair.Lab.Push(MeAndLab.News, s_imsi);
                }
            }
            catch (LabException)
            {
                // It has not paired yet.
            }

            await Task.Delay(choice.Next(5, 25), CancellationToken.None);
        }
    }

    private async Task LiveAndDieAsync()
    {
        pair.PowerOn();
        int when = random.Next(5);
        if (when == 0)
        {
            await Task.Delay(random.Next(300));
        }
        else
        {
            await pair.MeAsync("started", default);
            if (when < 3)
            {
                await Task.Delay(random.Next(250));
            }
            else
            {
                // Within a few milliseconds of a message: those in which it is verified, stored and acknowledged.
                for (int messages = random.Next(6); messages >= 0; messages--)
                {
                    await pair.LabAsync(LabEventKind.MskSent, pair.Now);
                }

                await Task.Delay(random.Next(6));
            }
        }

        pair.Me.Dispose(); // SIGKILL
        Assert.IsFalse(
            pair.Me.Since(0).Any(line => line.Event is "storage-failed" or "uicc-changed" or "not-json" && line.Text.EndsWith('}')), pair.Records(default));
    }

    // ACKs wait in the lab's socket: when it has read a datagram sent now, it has read all that the ME sent.
    private async Task DrainAsync()
    {
        int mark = pair.Lab.Events.Count;
        using UdpClient stranger = new();
        await stranger.SendAsync(s_mark, pair.Lab.MikeyEndPoint);
        await pair.LabAsync(LabEventKind.DatagramReceived, new Mark(mark, 0), e => e.Datagram!.AsSpan().SequenceEqual(s_mark));
    }

    private void Check()
    {
        foreach (LabEvent e in pair.Lab.Events.Since(_read))
        {
            _read++;
            if (e.Kind == LabEventKind.Bootstrapped)
            {
                _btids.Add(e.Btid!);
                Counts.GbaRuns++;
            }
            else if (e.Kind == LabEventKind.MskSent)
            {
                _sent[(e.Btid!, e.Counter!.Value)] = e;
            }
            else if (e.Kind == LabEventKind.DatagramReceived && !e.Datagram.AsSpan().SequenceEqual(s_mark))
            {
                // Also an ACK that came too late for the lab, which had sent the MSK again by then.
                Assert.IsTrue(MikeyMessage.TryReadAck(e.Datagram, out uint counter, out string sender, out _));
                _acknowledged = _sent[(sender, counter)];
                Counts.Acknowledged++;
            }
        }

        StoredRecords found = new SlotStore(new FileSlots(pair.StateDirectory, "keys")).Load();
        byte[]? record = found.Newest;
        Counts.TornSlots += found.HasDamaged ? 1 : 0;
        KeyState? state = record is null ? null : KeyState.Read(record);
        Assert.AreEqual(record is null, state is null, "an intact slot that cannot be read");
        Assert.IsTrue(state is not null || !_held, "no slot loads");
        _held = state is not null;
        Assert.IsTrue(state is null || state.BelongsTo(MeAndLab.Iccid, s_imsi));
        if (_acknowledged is not LabEvent last)
        {
            return;
        }

        string what = $"{Counts.Kills} kills, the last ACK was of {last.MskId}, counter {last.Counter}";
        Keys.Muk used = state!.Of(pair.Lab.Configuration.BmScFqdn).LastUsed;
        Assert.IsNotNull(used, $"no MUK after {what}");
        string btid = Binary.Octets.ToText(used.Btid);
        if (btid == last.Btid)
        {
            Assert.IsGreaterThanOrEqualTo(last.Counter!.Value, used.Counter, $"the counter went back after {what}");
        }
        else
        {
            Assert.IsGreaterThan(_btids.IndexOf(last.Btid!), _btids.IndexOf(btid), $"the MUK went back after {what}");
        }

        Counts.AheadOfTheLab += btid != last.Btid || used.Counter > last.Counter ? 1 : 0;
        string[] ids = [.. state.Msks.Cast<Keys.Msk>().Select(held => held.IdText)];
        Assert.IsTrue(
            ids.Contains(last.MskId) || (ids.Length == 2 && ids.All(id => _sent.Values.Any(sent => sent.MskId == id && IsLater(sent, last)))),
            $"the MSK is lost, and not because of two newer ones, after {what}: {string.Join(' ', ids)}");
        foreach (Keys.Msk held in state.Msks)
        {
            CollectionAssert.AreEqual(Noted(held.IdText), held.Key, $"MSK {held.IdText} is not the lab's after {what}");
        }
    }

    private bool IsLater(LabEvent one, LabEvent other) => one.Btid == other.Btid
        ? one.Counter > other.Counter
        : _btids.IndexOf(one.Btid!) > _btids.IndexOf(other.Btid!);

    // Nobody helps the ME but the lab with what it would do anyway.
    private async Task GoOnAsync()
    {
        pair.PowerOn();
        await pair.MeAsync("started", default);
        Mark mark = pair.Now;
        CreateMsk();
        pair.Lab.Push(MeAndLab.News, s_imsi);
        string id = pair.Lab.CurrentMsk(MeAndLab.News)!.Number.ToString("x4");
        await pair.LabAsync(LabEventKind.AckVerified, mark, e => e.MskId!.EndsWith(id, StringComparison.Ordinal));
        mark = pair.Now;
        pair.Lab.Solicit(s_imsi, MeAndLab.News);
        await pair.MeAsync("pull-accepted", mark);
        await pair.LabAsync(LabEventKind.AckVerified, mark);
    }

    private void CreateMsk()
    {
        lock (_lock)
        {
            Note(pair.Lab.CreateMsk(MeAndLab.News));
        }
    }

    private void Note(Lab.Msk msk)
    {
        lock (_lock)
        {
            _msks[Convert.ToHexStringLower(msk.MskIdIn(MikeyProfile.Release6))] = msk.Key;
        }
    }

    private byte[] Noted(string id)
    {
        lock (_lock)
        {
            return _msks[id];
        }
    }
}
