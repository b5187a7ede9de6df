namespace MbmsMe.Tests
{
    /// <summary>All that a datagram could change in an ME, as it was at one moment.</summary>
    public sealed class Frozen
    {
        private readonly Bench _bench;
        private readonly int _writes;
        private readonly int _datagrams;
        private readonly int _calls;
        private readonly long _nextDue;
        private readonly uint _counter;
        private readonly string _state;
        private readonly string _flash;

        /// <summary>Looks at the bench.</summary>
        public Frozen(Bench bench)
        {
            _bench = bench;
            _writes = bench.Drive.Writes;
            _datagrams = bench.Datagrams.Sent.Count;
            _calls = bench.Network.Calls.Count;
            _nextDue = bench.Me.NextDue;
            _counter = Counter();
            _state = bench.State();
            _flash = bench.Flash();
        }

        /// <summary>Checks that nothing was written, sent, asked for or counted: cheap, for every datagram of many.</summary>
        public void AssertStill(string after)
        {
            Assert.AreEqual(_writes, _bench.Drive.Writes, "written after " + after);
            Assert.AreEqual(_datagrams, _bench.Datagrams.Sent.Count, "datagram sent after " + after);
            Assert.AreEqual(_nextDue, _bench.Me.NextDue, "request planned after " + after);
            Assert.AreEqual(_counter, Counter(), "counter moved after " + after);
        }

        /// <summary>Checks that and every octet of RAM state and flash, and that no HTTP follows.</summary>
        public void AssertUnchanged(string after)
        {
            AssertStill(after);
            Assert.AreEqual(_state, _bench.State(), "state changed after " + after);
            Assert.AreEqual(_flash, _bench.Flash(), "flash changed after " + after);
            _bench.RunDue();
            Assert.AreEqual(_calls, _bench.Network.Calls.Count, "HTTP after " + after);
        }

        private uint Counter()
        {
            uint sum = _bench.Shared.Gba == null ? 0 : _bench.Shared.Gba.Muk.Counter;
            return _bench.Shared.LastUsed == null ? sum : sum + _bench.Shared.LastUsed.Counter;
        }
    }
}
