namespace MbmsMe.Tests
{
    /// <summary>A bench at one moment with the ME powered off: both memories, and the memories of BSF and BM-SC.</summary>
    public sealed class Checkpoint
    {
        private readonly Bench _bench;
        private readonly SimulatedDrive _drive;
        private readonly SimulatedDrive _uiccMemory;
        private readonly string _iccid;
        private readonly string _imsi;
        private readonly long _unixSeconds;
        private readonly long _uptime;
        private readonly uint _random;
        private readonly long _sqn;
        private readonly int _challenges;
        private readonly uint[] _counters;

        /// <summary>Takes it.</summary>
        public Checkpoint(Bench bench)
        {
            _bench = bench;
            _drive = Copy(bench.Drive);
            _uiccMemory = Copy(bench.UiccMemory);
            _iccid = bench.Uicc.Identity.Iccid;
            _imsi = bench.Uicc.Identity.Imsi;
            _unixSeconds = bench.Clock.UnixSeconds;
            _uptime = bench.Clock.UptimeMilliseconds;
            _random = bench.Random.State;
            _sqn = bench.Network.Bsf.Sqn;
            _challenges = bench.Network.Bsf.Challenges;
            _counters = new uint[bench.Network.Bsf.Keys.Count];
            for (int i = 0; i < _counters.Length; i++)
            {
                _counters[i] = ((FakeGbaKey)bench.Network.Bsf.Keys[i]).Counter;
            }
        }

        /// <summary>Goes back to it; the ME is off.</summary>
        public void Restore()
        {
            _bench.Me = null;
            _bench.Drive = Copy(_drive);
            _bench.UiccMemory = Copy(_uiccMemory);
            _bench.Uicc = new FakeUicc(_iccid, _imsi, _bench.UiccMemory);
            _bench.Clock.UptimeMilliseconds = _uptime;
            _bench.Clock.UnixSeconds = _unixSeconds;
            _bench.Random.State = _random;
            _bench.Images.Clear();
            _bench.Forget();
            FakeBsf bsf = _bench.Network.Bsf;
            bsf.Sqn = _sqn;
            bsf.Challenges = _challenges;
            while (bsf.Keys.Count > _counters.Length)
            {
                bsf.Keys.RemoveAt(bsf.Keys.Count - 1);
                bsf.OtherKeys.RemoveAt(bsf.OtherKeys.Count - 1);
            }

            for (int i = 0; i < _counters.Length; i++)
            {
                ((FakeGbaKey)bsf.Keys[i]).Counter = _counters[i];
            }

            _bench.Network.Bmsc.Granted.Clear();
        }

        private static SimulatedDrive Copy(SimulatedDrive drive)
        {
            SimulatedDrive copy = new SimulatedDrive();
            for (int slot = 0; slot < 2; slot++)
            {
                byte[] image = drive.Peek(slot);
                if (image != null)
                {
                    copy.Write(slot, image);
                }
            }

            return copy;
        }
    }
}
