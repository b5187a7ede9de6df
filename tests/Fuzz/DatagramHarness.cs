using System.Collections.Generic;

namespace MbmsMe.Tests.Fuzz;

/// <summary>
/// The whole path of one datagram through an ME with valid keys, in both profiles. Whatever it is, it changes nothing
/// and causes nothing unless its MAC verifies.
/// </summary>
internal sealed class DatagramHarness : Harness
{
    // A dropped datagram costs its event and the short-lived keys of one MAC; an accepted one the new state, three
    // times: in the ME, in the slot, and in what the bench notes.
    private const int AllocationDropped = 2048;
    private const int AllocationAccepted = 32768;

    private readonly LoadedMe _me = new();
    private bool _dirty = true;

    public override string Name => "datagram";

    public override IEnumerable<Seed> Seeds() => MessageSeeds.All();

    protected override void Test(byte[] input)
    {
        if (_dirty)
        {
            _me.Reset();
        }

        _dirty = true;
        _me.Freeze();
        WireMessage message = WireMessage.Read(input);
        bool genuine = message != null && (message.Verifies(_me.Current.Muk) || message.Verifies(_me.Expired.Muk));
        Bounded(genuine ? AllocationAccepted : AllocationDropped, () => _me.Bench.Deliver(input));
        bool accepted = _me.Judge(input);
        Accepted += accepted ? 1 : 0;

        // A missed key is no change of the keys, but the next input must not find its request planned.
        if (accepted || _me.Bench.Me.NextDue != long.MaxValue)
        {
            _me.Reset();
        }

        _dirty = false;
    }
}
