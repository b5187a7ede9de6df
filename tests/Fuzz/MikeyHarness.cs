using System;
using System.Collections.Generic;
using MbmsMe.Mikey;

namespace MbmsMe.Tests.Fuzz;

/// <summary>
/// The MIKEY parser: allocates nothing, reads no octet behind the message, and makes of it what the second reader does.
/// </summary>
internal sealed class MikeyHarness : Harness
{
    private readonly MikeyMessage _message = new();
    private readonly MikeyMessage _again = new();

    public override string Name => "mikey";

    public override IEnumerable<Seed> Seeds() => MessageSeeds.All();

    protected override void Test(byte[] input)
    {
        bool read = false;
        bool looksLikeMtk = false;
        Bounded(0, () => read = _message.TryRead(input, input.Length));
        Bounded(0, () => looksLikeMtk = MtkClassifier.LooksLikeMtk(input, input.Length));
        WireMessage judge = WireMessage.Read(input);
        Require(read == (judge != null), read ? "read what is not well formed" : "refused what is well formed");

        // The same octets in a larger buffer: what lies behind them must make no difference.
        byte[] larger = new byte[input.Length + 64];
        input.CopyTo(larger, 0);
        larger.AsSpan(input.Length).Fill(1);
        Require(_again.TryRead(larger, input.Length) == read, "read octets behind the message");
        if (judge == null)
        {
            return;
        }

        Accepted++;
        Same(_message, judge);
        Same(_again, judge);
        Require(looksLikeMtk == (judge.DataType == 0 && judge.MtkId.Length > 0), "the queue takes it for another kind");
    }

    private static void Same(MikeyMessage read, WireMessage judge)
    {
        Require(
            (int)read.DataType == judge.DataType && read.VerificationWanted == judge.VerificationWanted
            && read.CsbId == judge.CsbId && read.ErrorNumber == judge.Error && read.SecurityPolicies == judge.Policies,
            "HDR, ERR or SP differ");
        Same(judge.KeyDomain, read.KeyDomainOffset, judge.KeyDomain.Length, "Key Domain ID");
        Same(judge.MskId, read.MskIdOffset, read.MskIdLength, "MSK ID");
        Same(judge.MtkId, read.MtkIdOffset, read.MtkIdLength, "MTK ID");
        Same(judge.Rand, read.RandOffset, read.RandLength, "RAND");
        Same(judge.Idi, read.IdiOffset, read.IdiLength, "IDi");
        Same(judge.Idr, read.IdrOffset, read.IdrLength, "IDr");
        Same(judge.Encrypted, read.EncryptedOffset, read.EncryptedLength, "encr data");
        Same(judge.Mac, read.MacOffset, judge.Mac.Length, "MAC");
        Same(judge.Timestamp, read.TimestampOffset, judge.Timestamp.Length, "T");
        Require(
            read.TimestampType == judge.TimestampType && read.EncryptionAlgorithm == judge.EncryptionAlgorithm,
            "TS type or encr alg differ");
        Require(judge.TimestampType != 2 || read.Counter == judge.Counter, "counter differs");
    }

    private static void Same(Field expected, int offset, int length, string what)
    {
        Require(expected.Offset == offset && expected.Length == length, what + " differs");
    }
}
