using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MbmsMe.Lab;

/// <summary>Key derivation and KEMAC encryption of MIKEY in the pre-shared key mode (RFC 3830 clauses 4.1 and 4.2.3).</summary>
public sealed class MikeyKeys
{
    private const uint EncryptionConstant = 0x150533E1;
    private const uint AuthenticationConstant = 0x2D22AC75;
    private const uint SaltConstant = 0x29B88916;

    private readonly byte[] _encryption;
    private readonly byte[] _authentication;
    private readonly byte[] _salt;
    private readonly uint _csbId;

    /// <param name="psk">The pre-shared key: a MUK, 32 octets, or an MSK, 16 octets.</param>
    /// <param name="csbId">CSB ID of the message.</param>
    /// <param name="rand">The RAND payload's data.</param>
    public MikeyKeys(byte[] psk, uint csbId, byte[] rand)
    {
        _csbId = csbId;
        _encryption = Prf(psk, Label(EncryptionConstant, csbId, rand), 16);
        _authentication = Prf(psk, Label(AuthenticationConstant, csbId, rand), 20);
        _salt = Prf(psk, Label(SaltConstant, csbId, rand), 14);
    }

    /// <summary>HMAC-SHA-1-160 under the authentication key, 20 octets.</summary>
    public byte[] Mac(byte[] data) => HMACSHA1.HashData(_authentication, data);

    /// <summary>AES-CM-128 of the KEMAC's data; the COUNTER timestamp counts as 64 bits (RFC 3830 clauses 4.2.3 and 6.6).</summary>
    public byte[] Encrypt(byte[] data, uint counter)
    {
        byte[] iv = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(iv.AsSpan(2), _csbId);
        BinaryPrimitives.WriteUInt64BigEndian(iv.AsSpan(6), counter);
        for (int i = 0; i < _salt.Length; i++)
        {
            iv[i] ^= _salt[i];
        }

        using Aes aes = Aes.Create();
        aes.Key = _encryption;
        byte[] result = new byte[data.Length];
        for (int i = 0; i < data.Length; i += iv.Length)
        {
            BinaryPrimitives.WriteUInt16BigEndian(iv.AsSpan(14), (ushort)(i / iv.Length));
            byte[] keystream = aes.EncryptEcb(iv, PaddingMode.None);
            for (int j = i; j < Math.Min(i + iv.Length, data.Length); j++)
            {
                result[j] = (byte)(data[j] ^ keystream[j - i]);
            }
        }
        return result;
    }

    /// <summary>The PRF "MIKEY-1" (RFC 3830 clause 4.1.2).</summary>
    /// <param name="inkey">The input key; one block for each 32 octets of it.</param>
    /// <param name="label">The label.</param>
    /// <param name="octets">How many octets to derive.</param>
    public static byte[] Prf(byte[] inkey, byte[] label, int octets)
    {
        byte[] result = new byte[octets];
        foreach (byte[] s in inkey.Chunk(32))
        {
            byte[] a = label;
            for (int offset = 0; offset < octets; offset += HMACSHA1.HashSizeInBytes)
            {
                a = HMACSHA1.HashData(s, a);
                byte[] p = HMACSHA1.HashData(s, (byte[])[.. a, .. label]);
                for (int i = offset; i < Math.Min(offset + p.Length, octets); i++)
                {
                    result[i] ^= p[i - offset];
                }
            }
        }
        return result;
    }

    private static byte[] Label(uint constant, uint csbId, byte[] rand)
    {
        byte[] head = new byte[9];
        BinaryPrimitives.WriteUInt32BigEndian(head, constant);
        head[4] = 0xFF;
        BinaryPrimitives.WriteUInt32BigEndian(head.AsSpan(5), csbId);
        return [.. head, .. rand];
    }
}
