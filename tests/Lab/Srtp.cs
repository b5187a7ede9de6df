using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MbmsMe.Lab;

/// <summary>
/// Protects RTP packets of one master key (RFC 3711): AES-CM-128, HMAC-SHA-1-80, key derivation rate 0, with MKI; or by one of the
/// two only.
/// </summary>
public interface ISrtpSender : IDisposable
{
    /// <summary>RTP header, payload, encrypted or not, MKI, and 10 octets of tag or none. Packets of an SSRC come in the order of their sequence numbers.</summary>
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
    private readonly bool _confidentiality;
    private readonly bool _integrity;
    private readonly Aes _aes = Aes.Create();
    private readonly Dictionary<uint, (ushort Last, uint Roc)> _streams = [];

    /// <param name="key">The MTK, 16 octets.</param>
    /// <param name="salt">The master salt, 14 octets.</param>
    /// <param name="mki">MKI, which every packet carries.</param>
    /// <param name="confidentiality">Whether payloads are encrypted.</param>
    /// <param name="integrity">Whether packets carry a tag.</param>
    public ManagedSrtpSender(byte[] key, byte[] salt, byte[] mki, bool confidentiality = true, bool integrity = true)
    {
        _mki = mki;
        _confidentiality = confidentiality;
        _integrity = integrity;
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

        byte[] authenticated = _confidentiality ? [.. packet.AsSpan(0, HeaderOctets), .. Encrypt(packet[HeaderOctets..], ssrc, roc, sequence)] : packet;
        byte[] tag = _integrity ? Tag(authenticated, roc) : [];
        return [.. authenticated, .. _mki, .. tag];
    }

    /// <inheritdoc/>
    public void Dispose() => _aes.Dispose();

    /// <summary>IV = (k_s * 2^16) XOR (SSRC * 2^64) XOR (i * 2^16), clause 4.1.1.</summary>
    private byte[] Encrypt(byte[] payload, uint ssrc, uint roc, ushort sequence)
    {
        byte[] iv = [.. _salt, 0, 0];
        byte[] index = new byte[16];
        BinaryPrimitives.WriteUInt32BigEndian(index.AsSpan(4), ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(index.AsSpan(8), roc);
        BinaryPrimitives.WriteUInt16BigEndian(index.AsSpan(12), sequence);
        return Milenage.Xor(payload, Keystream(Milenage.Xor(iv, index), payload.Length));
    }

    private byte[] Tag(byte[] authenticated, uint roc)
    {
        byte[] rocOctets = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(rocOctets, roc);
        return HMACSHA1.HashData(_authentication, (byte[])[.. authenticated, .. rocOctets])[..TagOctets];
    }

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
