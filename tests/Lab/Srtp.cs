using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MbmsMe.Lab;

/// <summary>Protects RTP packets of one master key (RFC 3711): AES-CM-128, HMAC-SHA-1-80, key derivation rate 0, with MKI.</summary>
public interface ISrtpSender : IDisposable
{
    /// <summary>RTP header, encrypted payload, MKI, 10 octets of tag. Packets of an SSRC come in the order of their sequence numbers.</summary>
    /// <param name="packet">An RTP packet with a header of 12 octets.</param>
    byte[] Protect(byte[] packet);
}

/// <summary>SRTP on System.Security.Cryptography, for machines without libsrtp2.</summary>
public sealed class ManagedSrtpSender : ISrtpSender
{
    private const int HeaderOctets = 12;
    private const int TagOctets = 10;

    private readonly byte[] _authentication;
    private readonly byte[] _salt;
    private readonly byte[] _mki;
    private readonly Aes _aes = Aes.Create();
    private readonly Dictionary<uint, (ushort Last, uint Roc)> _streams = [];

    /// <param name="key">The MTK, 16 octets.</param>
    /// <param name="salt">The master salt, 14 octets.</param>
    /// <param name="mki">MKI, which every packet carries.</param>
    public ManagedSrtpSender(byte[] key, byte[] salt, byte[] mki)
    {
        _mki = mki;
        _aes.Key = key;
        byte[] encryption = Derive(0, 16, salt);
        _authentication = Derive(1, 20, salt);
        _salt = Derive(2, 14, salt);
        _aes.Key = encryption;
    }

    /// <inheritdoc/>
    public byte[] Protect(byte[] packet)
    {
        ushort sequence = BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(2));
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet.AsSpan(8));
        uint roc = _streams.TryGetValue(ssrc, out (ushort Last, uint Roc) before) ? before.Roc + (sequence < before.Last ? 1u : 0) : 0;
        _streams[ssrc] = (sequence, roc);

        // IV = (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16), clause 4.1.1.
        byte[] iv = [.. _salt, 0, 0];
        byte[] index = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(index.AsSpan(4), ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(index.AsSpan(8), roc);
        BinaryPrimitives.WriteUInt16BigEndian(index.AsSpan(12), sequence);
        byte[] keystream = Keystream(Milenage.Xor(iv, index), packet.Length - HeaderOctets);
        byte[] authenticated = [.. packet.AsSpan(0, HeaderOctets), .. Milenage.Xor(packet[HeaderOctets..], keystream)];

        byte[] rocOctets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rocOctets, roc);
        byte[] tag = HMACSHA1.HashData(_authentication, (byte[])[.. authenticated, .. rocOctets]);
        return [.. authenticated, .. _mki, .. tag.AsSpan(0, TagOctets)];
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();

    /// <summary>A session key: AES-CM under the master key with the label in the eighth octet of the salt (clause 4.3.1).</summary>
    private byte[] Derive(byte label, int octets, byte[] salt)
    {
        byte[] x = [.. salt, 0, 0];
        x[7] ^= label;
        return Keystream(x, octets);
    }

    private byte[] Keystream(byte[] iv, int octets)
    {
        const int block = 16;
        byte[] result = new byte[(octets + block - 1) / block * block];
        for (int i = 0; i < result.Length / block; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(iv.AsSpan(14), (ushort)i);
            _aes.EncryptEcb(iv, result.AsSpan(i * block, block), PaddingMode.None);
        }
        return result[..octets];
    }
}
