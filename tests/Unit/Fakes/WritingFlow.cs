using MbmsMe.Binary;
using MbmsMe.Keys;

namespace MbmsMe.Tests
{
    /// <summary>Something done to a bench.</summary>
    public delegate void BenchStep(Bench bench);

    /// <summary>
    /// A flow of the ME that writes to flash: what it starts from, what may be interrupted anywhere, and how it goes on
    /// by itself. nanoFramework's test launcher makes no instance of a test class, so that state lives here.
    /// </summary>
    public sealed class WritingFlow
    {
        /// <summary>First power-on, GBA, first MSK.</summary>
        public const string Pairing = "pairing";

        /// <summary>The MSK that is held comes again under its MSK ID.</summary>
        public const string MskUpdate = "MSK update";

        /// <summary>A second MSK of the Key Group.</summary>
        public const string SecondMsk = "second MSK";

        /// <summary>A third MSK of the Key Group: the oldest goes.</summary>
        public const string ThirdMsk = "third MSK";

        /// <summary>The BM-SC deletes the MSK.</summary>
        public const string Deletion = "MSK deletion";

        /// <summary>A message that only moves the replay counter: deletion of an MSK that is not held.</summary>
        public const string CounterUpdate = "counter update";

        /// <summary>Solicited pull under a valid MUK, MSK.</summary>
        public const string Pull = "solicited pull";

        /// <summary>Solicited pull under an expired MUK, GBA, MSK.</summary>
        public const string PullWithGba = "solicited pull with GBA";

        /// <summary>Solicited pull; the BM-SC demands new GBA keys although the old ones are valid.</summary>
        public const string Renewal = "GBA renewal";

        /// <summary>Solicited pull that the BM-SC does not serve.</summary>
        public const string PullRefused = "solicited pull refused";

        /// <summary>Another UICC at power-on: erase, GBA, MSK.</summary>
        public const string UiccChange = "UICC change";

        /// <summary>The same, and the old UICC is back at the restart.</summary>
        public const string UiccPutBack = "UICC change, old one put back";

        /// <summary>No MSK to be had for a Key Group: the service's other MSK is deleted.</summary>
        public const string ServiceLeft = "service left";

        /// <summary>An MTK behind the block that the flash covers.</summary>
        public const string MtkBlock = "block of MTKs";

        private const string OtherIccid = "8988201000000000027";
        private const string OtherImsi = "001010999999999";
        private const string NewsName = "00f110/0010";
        private const int SportGroup = 0x11;

        private readonly bool _draft2004;
        private BenchStep _act;
        private BenchStep _finish;
        private FakeMessage _message;
        private string _numbers;
        private string _btid;
        private byte[] _muk;

        private WritingFlow(string name, bool draft2004, Bench bench)
        {
            Name = name;
            _draft2004 = draft2004;
            Bench = bench;
        }

        /// <summary>One of the names above.</summary>
        public string Name { get; }

        /// <summary>The bench, at first as it is before the flow.</summary>
        public Bench Bench { get; }

        /// <summary>True when the flash holds nothing of the UICC that is in the ME: the first power-on writes the empty state.</summary>
        public bool StartsEmpty
        {
            get { return Name == Pairing || Name == UiccChange || Name == UiccPutBack; }
        }

        /// <summary>The record of the first UICC without a key, in hexadecimal.</summary>
        public static string EmptyRecord
        {
            get
            {
                OctetWriter record = new OctetWriter(64);
                new KeyState(Bench.Iccid, Bench.Imsi).Write(record, true);
                return Octets.ToHex(record.ToArray());
            }
        }

        /// <summary>Makes the flow of that name.</summary>
        public static WritingFlow Of(string name, bool draft2004)
        {
            Bench bench = name == Pairing ? new Bench() : name == ServiceLeft ? HalfAService(draft2004) : Bench.Paired(draft2004);
            WritingFlow flow = new WritingFlow(name, draft2004, bench);
            flow.Prepare();
            bench.Forget();
            return flow;
        }

        /// <summary>Powers on and does what may be interrupted.</summary>
        public void Act()
        {
            Bench.PowerOn();
            _act(Bench);
        }

        /// <summary>Powers on again after an interruption.</summary>
        public void Restart()
        {
            Bench.Drive.LosePower();
            Bench.UiccMemory.LosePower();
            if (Name == UiccPutBack)
            {
                Insert(Bench.Iccid, Bench.Imsi);
            }

            Bench.Forget();
            Bench.Network.Bmsc.Granted.Clear();
            Bench.PowerOn();
        }

        /// <summary>Goes on without help from outside but the BM-SC's repetitions, and checks that all ends well.</summary>
        public void Finish()
        {
            _finish(Bench);
        }

        private static Bench HalfAService(bool draft2004)
        {
            Bench bench = new Bench(Bench.Sport, 0, 0);
            bench.Network.Bmsc.Codes["00f110/0012"] = 403;
            bench.Network.Bmsc.Codes["00f110/0011"] = 503;
            bench.PowerOn();
            bench.RunDue();
            bench.Deliver(bench.Bmsc.Msk(draft2004, SportGroup, 1));
            bench.Network.Bmsc.Codes["00f110/0011"] = 200;
            return bench;
        }

        private void Prepare()
        {
            _act = Receive;
            _finish = Repeat;
            switch (Name)
            {
                case Pairing:
                    _act = RunAll;
                    _finish = FinishPairing;
                    _numbers = "1";
                    break;
                case MskUpdate:
                    _message = Bench.Bmsc.Msk(_draft2004, Bench.Group, 1);
                    _numbers = "1";
                    break;
                case SecondMsk:
                    _message = Bench.Bmsc.Msk(_draft2004, Bench.Group, 2);
                    _numbers = "1 2";
                    break;
                case ThirdMsk:
                    Bench.Deliver(Bench.Bmsc.Msk(_draft2004, Bench.Group, 2));
                    _message = Bench.Bmsc.Msk(_draft2004, Bench.Group, 3);
                    _numbers = "2 3";
                    break;
                case Deletion:
                    _message = DeletionOf(1);
                    _numbers = string.Empty;
                    break;
                case CounterUpdate:
                    _message = DeletionOf(9);
                    _numbers = "1";
                    break;
                case Pull:
                case Renewal:
                case PullWithGba:
                case PullRefused:
                    PreparePull();
                    break;
                case MtkBlock:
                    for (int id = 1; id <= 1 + MtkWindow.BlockLength; id++)
                    {
                        Bench.Deliver(Bench.Bmsc.Mtk(_draft2004, Bench.Group, 1, id));
                    }

                    _message = Bench.Bmsc.Mtk(_draft2004, Bench.Group, 1, MtkWindow.BlockLength + 2);
                    _finish = FinishMtks;
                    break;
                case ServiceLeft:
                    _act = RunThrice;
                    _finish = FinishLeaving;
                    break;
                default:
                    PrepareUiccChange();
                    break;
            }
        }

        private void PreparePull()
        {
            if (Name == PullWithGba)
            {
                Bench.Expire();
            }

            _message = Bench.Bmsc.Pull(_draft2004, Bench.Group);
            _btid = Bench.Network.Key.Btid;
            _act = ReceivePull;
            _finish = FinishPull;
            _numbers = "1 2";
            if (Name == PullRefused)
            {
                Bench.Network.Bmsc.Codes[NewsName] = 403;
                _numbers = "1";
            }
        }

        private void PrepareUiccChange()
        {
            Bench.Deliver(Bench.Bmsc.Msk(_draft2004, Bench.Group, 2));
            _muk = Bench.Network.Key.Muk;
            _numbers = Bench.State();
            _act = RunAll;
            _finish = FinishUiccChange;
            Insert(OtherIccid, OtherImsi);
        }

        private void Insert(string iccid, string imsi)
        {
            Bench.UiccMemory = new SimulatedDrive();
            Bench.Uicc = new FakeUicc(iccid, imsi, Bench.UiccMemory);
        }

        private FakeMessage DeletionOf(int number)
        {
            FakeMessage deletion = Bench.Bmsc.Msk(_draft2004, Bench.Group, number);
            deletion.KeyData = FakeMessage.KeyDataOf(0, FakeBmsc.MskValue(Bench.Group, number), 2, 1, 2);
            return deletion.Build();
        }

        private void Receive(Bench bench)
        {
            bench.Deliver(_message);
        }

        private void ReceivePull(Bench bench)
        {
            bench.Deliver(_message);
            ServePull(bench);
        }

        private void ServePull(Bench bench)
        {
            for (int rounds = 0; bench.Me.NextDue != long.MaxValue; rounds++)
            {
                Assert.IsTrue(rounds < 20, "the ME is never content");

                // The BM-SC demands new keys until it sees them.
                bench.Network.Bmsc.Renegotiations = Name == Renewal && Octets.ToText(bench.Shared.Gba.Muk.Btid) == _btid ? 1 : 0;
                bench.RunNext();
                bench.DeliverGranted(_draft2004, 2);
            }
        }

        private void RunAll(Bench bench)
        {
            bench.Complete(_draft2004, Name == Pairing ? 1 : 3);
        }

        private void RunThrice(Bench bench)
        {
            for (int i = 0; i < 3 && bench.Me.NextDue != long.MaxValue; i++)
            {
                bench.RunNext();
            }
        }

        private void FinishPairing(Bench bench)
        {
            RunAll(bench);
            AssertEnd(bench, bench.Network.Key.Counter);
        }

        private void Repeat(Bench bench)
        {
            bool stored = bench.Numbers(Bench.Group) == _numbers
                && bench.Shared.LastUsed.LastMac[0] == _message.Wire[_message.Wire.Length - 20];
            Assert.IsTrue(!stored || bench.Shared.LastUsed.Counter == _message.Counter, "newer keys with an older counter");

            // The BM-SC repeats the message until it is acknowledged.
            bench.Deliver(_message);
            AssertEnd(bench, _message.Counter);
            Assert.AreEqual(_message.ExpectedAck(), bench.Datagrams.Last);
        }

        private void FinishPull(Bench bench)
        {
            bool noted = bench.Shared.Pulls.Count > 0;
            bool served = bench.Numbers(Bench.Group) == "1 2" || (Name == PullRefused && bench.Shared.LastUsed.Counter == _message.Counter);
            Assert.IsTrue(!noted || bench.Shared.LastUsed.Counter == _message.Counter, "a pull with an older counter");
            if (!noted && !served)
            {
                // No request came, so the BM-SC solicits again.
                bench.Deliver(_message);
            }

            ServePull(bench);
            AssertEnd(bench, Name == PullRefused ? _message.Counter : bench.Network.Key.Counter);
        }

        private void FinishMtks(Bench bench)
        {
            int held = bench.Traffic.Keys.Count;
            bench.Deliver(bench.Bmsc.Mtk(_draft2004, Bench.Group, 1, 1));
            bench.Deliver(bench.Bmsc.Mtk(_draft2004, Bench.Group, 1, 1 + MtkWindow.BlockLength));
            Assert.AreEqual(held, bench.Traffic.Keys.Count, "an old MTK was taken");
            bench.Deliver(bench.Bmsc.Mtk(_draft2004, Bench.Group, 1, 2 + (2 * MtkWindow.BlockLength)));
            Assert.AreEqual(held + 1, bench.Traffic.Keys.Count, "the first MTK behind the block");
        }

        private void FinishLeaving(Bench bench)
        {
            RunThrice(bench);
            Assert.AreEqual(string.Empty, bench.Numbers(SportGroup));
        }

        private void FinishUiccChange(Bench bench)
        {
            bool whole = bench.State() == _numbers;
            Assert.IsTrue(whole || !bench.FlashHolds(_muk), "MUK of the former UICC in flash");
            Assert.IsTrue(whole || !bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 1)), "MSK of the former UICC in flash");
            Assert.IsTrue(whole || !bench.FlashHolds(FakeBmsc.MskValue(Bench.Group, 2)), "MSK of the former UICC in flash");
            RunAll(bench);
            Assert.AreEqual(whole ? "1 2" : "3", bench.Numbers(Bench.Group));
        }

        private void AssertEnd(Bench bench, uint counter)
        {
            Assert.AreEqual(_numbers, bench.Numbers(Bench.Group));
            Assert.AreEqual(counter, bench.Shared.LastUsed.Counter);
            Assert.AreEqual(0, bench.Shared.Pulls.Count);
        }
    }
}
