using System.Security.Cryptography;

namespace MbmsMe.Lab;

/// <summary>The Milenage functions f1, f1*, f2, f3, f4, f5 and f5* for one subscriber (TS 35.206 clause 4.1).</summary>
public sealed class Milenage
{
    private const int BlockOctets = 16;

    private readonly byte[] _k;
    private readonly byte[] _opc;

    /// <param name="k">The subscriber key K, 16 octets.</param>
    /// <param name="opc">OPc, 16 octets.</param>
    public Milenage(byte[] k, byte[] opc)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(k.Length, BlockOctets);
        ArgumentOutOfRangeException.ThrowIfNotEqual(opc.Length, BlockOctets);
        _k = k;
        _opc = opc;
    }

    /// <summary>f1 and f1*: the network authentication code and the resynchronisation code, 8 octets each.</summary>
    /// <param name="rand">RAND, 16 octets.</param>
    /// <param name="sqn">SQN, the low 48 bits.</param>
    /// <param name="amf">AMF, 2 octets.</param>
    public (byte[] MacA, byte[] MacS) F1(byte[] rand, ulong sqn, byte[] amf)
    {
        byte[] in1 = [.. SqnOctets(sqn), .. amf, .. SqnOctets(sqn), .. amf];
        byte[] input = Xor(Temp(rand), Rotate(Xor(in1, _opc), 8));
        byte[] output = Xor(Encrypt(input), _opc);
        return (output[..8], output[8..]);
    }

    /// <summary>f2 and f5: RES, 8 octets, and the anonymity key AK, 6 octets.</summary>
    public (byte[] Res, byte[] Ak) F2F5(byte[] rand)
    {
        byte[] output = Output(rand, rotation: 0, constant: 1);
        return (output[8..], output[..6]);
    }

    /// <summary>f3: the cipher key CK, 16 octets.</summary>
    public byte[] F3(byte[] rand) => Output(rand, rotation: 4, constant: 2);

    /// <summary>f4: the integrity key IK, 16 octets.</summary>
    public byte[] F4(byte[] rand) => Output(rand, rotation: 8, constant: 4);

    /// <summary>f5*: the anonymity key of resynchronisation, 6 octets.</summary>
    public byte[] F5Star(byte[] rand) => Output(rand, rotation: 12, constant: 8)[..6];

    /// <summary>SQN as its 6 octets.</summary>
    public static byte[] SqnOctets(ulong sqn) =>
        [(byte)(sqn >> 40), (byte)(sqn >> 32), (byte)(sqn >> 24), (byte)(sqn >> 16), (byte)(sqn >> 8), (byte)sqn];

    internal static byte[] Xor(byte[] a, byte[] b)
    {
        byte[] result = new byte[a.Length];
        for (int i = 0; i < a.Length; i++)
        {
            result[i] = (byte)(a[i] ^ b[i]);
        }
        return result;
    }

    private byte[] Temp(byte[] rand) => Encrypt(Xor(rand, _opc));

    private byte[] Output(byte[] rand, int rotation, byte constant)
    {
        byte[] input = Rotate(Xor(Temp(rand), _opc), rotation);
        input[^1] ^= constant;
        return Xor(Encrypt(input), _opc);
    }

    private byte[] Encrypt(byte[] block)
    {
        using Aes aes = Aes.Create();
        aes.Key = _k;
        return aes.EncryptEcb(block, PaddingMode.None);
    }

    private static byte[] Rotate(byte[] block, int octets) => [.. block[octets..], .. block[..octets]];
}
