using MbmsMe.Binary;

namespace MbmsMe.Tests
{
    /// <summary>The BM-SC as a sender of MIKEY messages, under the GBA key it negotiated last unless told otherwise.</summary>
    public sealed class FakeBmsc
    {
        private readonly FakeNetwork _network;

        /// <summary>Makes it.</summary>
        public FakeBmsc(FakeNetwork network)
        {
            _network = network;
        }

        /// <summary>The MSK with that Key Group and Key Number, for ever.</summary>
        public static byte[] MskValue(int group, int number)
        {
            return Octets.FromHex("c0ffee1122334455667788" + Octets.ToHex((uint)group, 2) + "a5" + Octets.ToHex((uint)number, 2));
        }

        /// <summary>The MTK with that number, for ever.</summary>
        public static byte[] MtkValue(int id)
        {
            return Octets.FromHex("0dec0de11223344556677889900a" + Octets.ToHex((uint)id, 2));
        }

        /// <summary>An MTK message under the MSK with that Key Number, whose counter is the MTK ID.</summary>
        public FakeMessage Mtk(bool draft2004, int group, int number, int id)
        {
            return new FakeMessage
            {
                Key = new FakeGbaKey { Muk = MskValue(group, number) },
                Draft2004 = draft2004,
                CsbId = draft2004 ? (uint)group : 0x12345678,
                Domain = 0x00f110,
                Group = group,
                Number = number,
                MtkId = Octets.ToHex((uint)id, 2),
                Counter = (uint)id,
                Rand = Octets.FromHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"),
                KeyData = FakeMessage.KeyDataOf(3, MtkValue(id), 0, 0, 0),
                Order = "ETK",
            }.Build();
        }

        /// <summary>An MSK message that wants an ACK.</summary>
        public FakeMessage Msk(bool draft2004, int group, int number)
        {
            return Msk(draft2004, group, number, 1, 1000);
        }

        /// <summary>An MSK message that wants an ACK, for those MTK IDs.</summary>
        public FakeMessage Msk(bool draft2004, int group, int number, uint low, uint high)
        {
            FakeMessage message = Plain(draft2004, group);
            message.AckWanted = true;
            message.Number = number;
            message.KeyData = FakeMessage.KeyDataOf(0, MskValue(group, number), low, high, 2);
            return message.Build();
        }

        /// <summary>A solicited pull.</summary>
        public FakeMessage Pull(bool draft2004, int group)
        {
            FakeMessage message = Plain(draft2004, group);
            message.KeyData = new byte[0];
            return message.Build();
        }

        private FakeMessage Plain(bool draft2004, int group)
        {
            FakeGbaKey key = _network.Key;
            key.Counter++;
            return new FakeMessage
            {
                Key = key,
                Draft2004 = draft2004,
                CsbId = draft2004 ? (uint)group : 0x12345678,
                Domain = 0x00f110,
                Group = group,
                Counter = key.Counter,
                Rand = Octets.FromHex("a0a1a2a3a4a5a6a7a8a9aaabacadaeaf"),
                Idi = draft2004 ? Octets.FromHex("00f110") : Octets.FromText(Bench.Fqdn),
                Idr = Octets.FromText(key.Btid),
            };
        }
    }
}
