namespace MbmsMe.Tests.Host;

/// <summary>AUTN and AUTS put together from the lab's Milenage (TS 33.102 clauses 6.3.2 and 6.3.3).</summary>
internal static class Aka
{
    /// <summary>AUTN = (SQN xor AK) || AMF || MAC-A.</summary>
    public static byte[] Autn(Lab.Milenage milenage, byte[] rand, ulong sqn, byte[] amf) =>
        [.. Xor(Lab.Milenage.SqnOctets(sqn), milenage.F2F5(rand).Ak), .. amf, .. milenage.F1(rand, sqn, amf).MacA];

    /// <summary>AUTS = (SQN xor AK*) || MAC-S with AMF 0.</summary>
    public static byte[] Auts(Lab.Milenage milenage, byte[] rand, ulong sqn) =>
        [.. Xor(Lab.Milenage.SqnOctets(sqn), milenage.F5Star(rand)), .. milenage.F1(rand, sqn, [0, 0]).MacS];

    private static byte[] Xor(byte[] a, byte[] b) => [.. a.Zip(b, (x, y) => (byte)(x ^ y))];
}
