using System;
using System.Collections.Generic;
using System.Linq;
using MbmsMe.Binary;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;
using MbmsMe.Storage;

namespace MbmsMe.Tests.Fuzz;

/// <summary>
/// An ME that is content: it holds the MUK of the vectors, an older one whose lifetime is over but which
/// authenticated the last message, and two MSKs of each of its Key Groups. It judges what each datagram did.
/// </summary>
internal sealed class LoadedMe
{
    /// <summary>Counter of the last message under the expired MUK.</summary>
    public const uint ExpiredCounter = 3;

    private const string Services =
        "{\"id\":\"urn:example:news\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0010\"]},"
        + "{\"id\":\"urn:example:vectors\",\"keyDomain\":\"00f110\",\"keyGroups\":[\"0001\"]}";

    private readonly OctetWriter _record = new(1024);
    private readonly byte[][] _images;
    private byte[] _ram = [];
    private byte[][] _slots = [];
    private long _nextDue;

    public LoadedMe()
    {
        Current = new FakeGbaKey
        {
            Btid = Vectors.Btid, Muk = Check.Bytes(Vectors.Muk), Mrk = Check.Bytes(Vectors.Mrk), ExpiresAt = FakeClock.Start + 3600,
        };
        Expired = new FakeGbaKey
        {
            Btid = "ZXhwaXJlZC1leHBpcmVkLQ==@" + Vectors.BsfFqdn, Muk = Check.Repeat(0x5a, 32), Mrk = Check.Repeat(0x3c, 32),
            ExpiresAt = FakeClock.Start - 1,
        };
        SimulatedDrive drive = new();
        SlotStore store = new(drive);
        KeyState state = MakeState(Bench.Iccid, Bench.Imsi);
        store.Save(Octets(state));
        store.Save(Octets(state));
        _images = [drive.Read(0), drive.Read(1)];
        Bench = new Bench(Services, 2, 0);
        Bench.Events.MaxDropsPerSecond = int.MaxValue;
    }

    /// <summary>The ME and its world.</summary>
    public Bench Bench { get; }

    /// <summary>The MUK of the vectors: valid, counter 1, the vectors' MSK message accepted.</summary>
    public FakeGbaKey Current { get; }

    /// <summary>The MUK whose lifetime is over; it authenticates solicited pulls only.</summary>
    public FakeGbaKey Expired { get; }

    /// <summary>Both slots as the ME finds them.</summary>
    public byte[][] Images => _images;

    /// <summary>The keys that the ME starts with, for a UICC.</summary>
    public KeyState MakeState(string iccid, string imsi)
    {
        KeyState state = new(iccid, imsi);
        BmscKeys shared = state.Of(Bench.Fqdn);
        shared.Replace(new GbaContext { Muk = MukOf(Expired, ExpiredCounter, Check.Repeat(0x77, 20)), Mrk = Copy(Expired.Mrk) });
        shared.MarkUsed(shared.Gba.Muk);
        shared.Replace(new GbaContext { Muk = MukOf(Current, 1, Check.Bytes(Vectors.MskMac)), Mrk = Copy(Current.Mrk) });
        foreach (int group in (int[])[0x0010, 0x0001])
        {
            foreach (int number in (int[])[0x00f5, 0x00f6])
            {
                Msk msk = new()
                {
                    Group = new KeyGroup(Bench.Domain, group), Number = number, Draft2004 = group == 0x0010,
                    Key = FakeBmsc.MskValue(group, number), Rand = Check.Bytes(Vectors.MikeyRand), CsbId = Vectors.CsbId,
                    Window = new MtkWindow(1, 1000),
                };
                state.TryPut(msk, new ServiceTable([]), out _);
            }
        }

        return state;
    }

    /// <summary>The record of a state.</summary>
    public static byte[] Octets(KeyState state)
    {
        OctetWriter record = new(1024);
        state.Write(record, true);
        return record.ToArray();
    }

    /// <summary>Powers on with the keys loaded, whatever happened before.</summary>
    public void Reset()
    {
        Bench.Drive = new SimulatedDrive();
        Bench.Drive.Write(0, _images[0]);
        Bench.Drive.Write(1, _images[1]);
        PowerCycle();
        Harness.Require(Bench.Me.NextDue == long.MaxValue, "the ME wants something with all keys loaded");
    }

    /// <summary>Powers off and on.</summary>
    public void PowerCycle()
    {
        Bench.PowerOn();
        Bench.Images.Clear();
        Bench.Forget();
    }

    /// <summary>Notes what there is to be changed.</summary>
    public void Freeze()
    {
        _ram = Ram();
        _slots = [Bench.Drive.Read(0), Bench.Drive.Read(1)];
        _nextDue = Bench.Me.NextDue;
        Bench.Images.Clear();
        Bench.Forget();
    }

    /// <summary>Judges a datagram that came after <see cref="Freeze"/>. True when it did something, and was allowed to.</summary>
    public bool Judge(byte[] datagram)
    {
        Harness.Require(Bench.Network.Calls.Count == 0, "HTTP from within a datagram");
        bool changed = Bench.Images.Count + Bench.Datagrams.Sent.Count > 0
            || !Same(_slots[0], Bench.Drive.Read(0)) || !Same(_slots[1], Bench.Drive.Read(1))
            || !Ram().AsSpan().SequenceEqual(_ram) || OtherEvents();
        if (!changed)
        {
            // An MTK message that names an unknown MSK plans a request, one at a time, and does nothing else.
            bool missed = Bench.Events.Count("missed-key") > 0;
            Harness.Require(Bench.Me.NextDue == _nextDue || missed, "a request was planned without a genuine pull");
            if (_nextDue == long.MaxValue && !missed)
            {
                Bench.RunDue();
                Harness.Require(Bench.Network.Calls.Count == 0, "HTTP after a datagram that was dropped");
            }

            return false;
        }

        JudgeGenuine(datagram, KeyState.Read(_ram));
        return true;
    }

    private static byte[] Copy(byte[] octets) => (byte[])octets.Clone();

    private static Muk MukOf(FakeGbaKey key, uint counter, byte[] lastMac) => new()
    {
        Btid = Check.Ascii(key.Btid), Key = Copy(key.Muk), ExpiresAt = key.ExpiresAt, Counter = counter, LastMac = lastMac,
    };

    private static bool Same(byte[] a, byte[] b) => a == null ? b == null : b != null && a.AsSpan().SequenceEqual(b);

    private static Muk Find(KeyState state, FakeGbaKey key)
    {
        byte[] btid = Check.Ascii(key.Btid);
        return state.Of(Bench.Fqdn).FindMuk(btid, 0, btid.Length);
    }

    private byte[] Ram()
    {
        Bench.Keys.Write(_record, true);
        byte[] record = _record.ToArray();
        _record.Wipe();
        return record;
    }

    private bool OtherEvents()
    {
        foreach (MeEvent told in Bench.Events.All)
        {
            if (told.Name is not ("datagram-dropped" or "missed-key"))
            {
                return true;
            }
        }

        return false;
    }

    // Only a message with the right MAC and a fresh counter comes this far, and it may not do everything either.
    private void JudgeGenuine(byte[] datagram, KeyState before)
    {
        WireMessage message = WireMessage.Read(datagram);
        Harness.Require(message != null && message.IsKeyMessage, "a malformed message did something");
        bool isCurrent = message.Verifies(Current.Muk);
        Harness.Require(isCurrent || message.Verifies(Expired.Muk), "something happened without a valid MAC");
        FakeGbaKey key = isCurrent ? Current : Expired;
        FakeGbaKey other = isCurrent ? Expired : Current;
        bool pull = message.KeyNumber == 0;
        Harness.Require(message.Octets(message.Idr).SequenceEqual(Check.Ascii(key.Btid)), "IDr is not the B-TID of the MUK");
        Harness.Require(isCurrent || pull, "an expired MUK authenticated an MSK message");

        Muk was = Find(before, key);
        bool repeat = message.Counter == was.Counter && message.Octets(message.Mac).SequenceEqual(was.LastMac);
        Harness.Require(message.Counter > was.Counter || (repeat && !pull), "a replay did something");
        KeyState after = Bench.Keys;
        Msk deleted = before.Msks.Cast<Msk>().FirstOrDefault(msk => after.FindMsk(msk.Group, msk.Number) == null);
        Harness.Require(Bench.Images.Count <= (repeat ? 0 : deleted != null ? 2 : 1), "more writes than one message needs");
        Harness.Require(deleted == null || !Bench.FlashHolds(deleted.Key), "a deleted MSK is on the drive still");
        JudgeAck(message, datagram.Length, pull);

        Muk now = Find(after, key);
        Muk others = Find(before, other);
        Harness.Require(now != null && now.Counter == message.Counter, "the counter is not the message's");
        Muk othersNow = Find(after, other);
        Harness.Require(othersNow == null || othersNow.Counter == others.Counter, "the counter of another MUK moved");
        Harness.Require(!repeat || Ram().AsSpan().SequenceEqual(_ram), "a repeat changed the state");
        JudgeLimits(after);

        // RAM and flash tell the same: a power cut now loses nothing.
        Harness.Require(new SlotView(Bench.Drive).NewestRecord == Bench.State(), "the flash holds another state than the RAM");
    }

    private void JudgeAck(WireMessage message, int length, bool pull)
    {
        if (Bench.Datagrams.Sent.Count == 0)
        {
            return;
        }

        byte[] ack = (byte[])Bench.Datagrams.Sent[0];
        Harness.Require(Bench.Datagrams.Sent.Count == 1, "more than one datagram in answer to one");
        Harness.Require(ReferenceEquals(Bench.Datagrams.Peers[0], Bench.Peer), "the answer went to somebody else");
        Harness.Require(message.VerificationWanted && !pull, "an ACK nobody asked for");
        Harness.Require(ack.Length < length, "the answer is longer than the question");
        WireMessage read = WireMessage.Read(ack);
        Harness.Require(
            read != null && read.DataType == 1 && read.CsbId == message.CsbId && read.Counter == message.Counter,
            "the ACK is not one of this message");
    }

    private static void JudgeLimits(KeyState state)
    {
        Harness.Require(state.Msks.Count <= KeyState.MaxMsks && state.Of(Bench.Fqdn).Pulls.Count <= KeyState.MaxGroups, "more MSKs or pulls than allowed");
        Dictionary<(int, int), int> held = [];
        foreach (Msk msk in state.Msks)
        {
            (int, int) group = (msk.Group.Domain, msk.Group.Group);
            held[group] = held.GetValueOrDefault(group) + 1;
            Harness.Require(held[group] <= 2, "three MSKs in one Key Group");
            Harness.Require(msk.Number != 0 && msk.Window.SeqLow <= msk.Window.SeqHigh && msk.Key.Length == 16, "an MSK that cannot be one");
        }
    }
}
