using System;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace MbmsMe.Tests.Fuzz;

/// <summary>Where a field is in a message; the default stands for absent.</summary>
internal readonly record struct Field(int Offset, int Length);

/// <summary>
/// A second reader of MIKEY messages with the cryptography of .NET, written from RFC 3830 and RFC 4563 and apart from
/// the core: the judge of what the core makes of the same octets.
/// </summary>
internal sealed class WireMessage
{
    private const int MaxPayloads = 24;
    private const int MacLength = 20;

    private readonly byte[] _octets;
    private int _at;

    private WireMessage(byte[] octets)
    {
        _octets = octets;
    }

    public int DataType => _octets[1];

    public bool VerificationWanted => _octets[3] >= 128;

    public uint CsbId => BinaryPrimitives.ReadUInt32BigEndian(_octets.AsSpan(4));

    public Field KeyDomain { get; private set; }

    public Field MskId { get; private set; }

    public Field MtkId { get; private set; }

    public Field Timestamp { get; private set; }

    public int TimestampType { get; private set; }

    public Field Rand { get; private set; }

    public Field Idi { get; private set; }

    public Field Idr { get; private set; }

    public Field Encrypted { get; private set; }

    public int EncryptionAlgorithm { get; private set; }

    /// <summary>MAC of KEMAC, or ver data of V: always the end of the message.</summary>
    public Field Mac { get; private set; }

    public int Error { get; private set; } = -1;

    public int Policies { get; private set; }

    /// <summary>The counter of T; only where <see cref="TimestampType"/> is 2.</summary>
    public uint Counter => BinaryPrimitives.ReadUInt32BigEndian(Octets(Timestamp));

    /// <summary>The Key Number: the last two octets of the MSK ID in both profiles.</summary>
    public int KeyNumber => BinaryPrimitives.ReadUInt16BigEndian(Octets(MskId)[^2..]);

    /// <summary>True when it has all that an MSK message or a solicited pull must have (TS 33.246 clause 6.3.2.3).</summary>
    public bool IsKeyMessage => DataType == 0 && (_octets[3] & 127) == 0 && MskId.Length > 0 && MtkId.Length == 0
        && TimestampType == 2 && Timestamp.Length == 4 && Rand.Length > 0 && Idr.Offset > 0 && Encrypted.Offset > 0;

    /// <summary>Reads a message, or gives null when it is not well formed.</summary>
    public static WireMessage Read(byte[] octets)
    {
        WireMessage message = new(octets);
        return message.TryRead() ? message : null;
    }

    public ReadOnlySpan<byte> Octets(Field field) => _octets.AsSpan(field.Offset, field.Length);

    /// <summary>True when the MAC verifies under that pre-shared key.</summary>
    public bool Verifies(byte[] preSharedKey) => Encrypted.Offset > 0 && Octets(Mac).SequenceEqual(ComputeMac(preSharedKey));

    /// <summary>Puts the right MAC into the octets.</summary>
    public void Seal(byte[] preSharedKey) => ComputeMac(preSharedKey).CopyTo(_octets, Mac.Offset);

    /// <summary>Encrypts or decrypts the key data in the octets by AES-CM-128 (RFC 3830 clause 4.2.3).</summary>
    public void Crypt(byte[] preSharedKey)
    {
        byte[] iv = new byte[16];
        Derive(preSharedKey, 0x29B88916).AsSpan(0, 14).CopyTo(iv);
        Xor(iv.AsSpan(2), CsbId);
        Xor(iv.AsSpan(10), Counter);
        using Aes aes = Aes.Create();
        aes.Key = Derive(preSharedKey, 0x150533E1)[..16];
        for (int done = 0; done < Encrypted.Length; done += 16)
        {
            BinaryPrimitives.WriteUInt16BigEndian(iv.AsSpan(14), (ushort)(done / 16));
            byte[] stream = aes.EncryptEcb(iv, PaddingMode.None);
            for (int i = 0; i < 16 && done + i < Encrypted.Length; i++)
            {
                _octets[Encrypted.Offset + done + i] ^= stream[i];
            }
        }
    }

    private static void Xor(Span<byte> four, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(four, BinaryPrimitives.ReadUInt32BigEndian(four) ^ value);

    private byte[] ComputeMac(byte[] preSharedKey) =>
        HMACSHA1.HashData(Derive(preSharedKey, 0x2D22AC75), _octets.AsSpan(0, Mac.Offset));

    // RFC 3830 clauses 4.1.2 and 4.1.4, for keys of one block and results of one HMAC.
    private byte[] Derive(byte[] preSharedKey, uint constant)
    {
        byte[] input = new byte[MacLength + 9 + Rand.Length];
        Span<byte> label = input.AsSpan(MacLength);
        BinaryPrimitives.WriteUInt32BigEndian(label, constant);
        label[4] = 0xFF;
        BinaryPrimitives.WriteUInt32BigEndian(label[5..], CsbId);
        Octets(Rand).CopyTo(label[9..]);
        HMACSHA1.HashData(preSharedKey, label, input);
        return HMACSHA1.HashData(preSharedKey, input);
    }

    private bool TryRead()
    {
        if (_octets.Length < 10 || _octets[0] != 1 || _octets[9] > 1)
        {
            return false;
        }

        _at = 10 + (_octets[9] == 0 ? 9 * _octets[8] : 0);
        int next = _octets[2];
        for (int count = 0; next != 0; count++)
        {
            int payload = next;
            if (count == MaxPayloads || Mac.Length > 0 || !TryTake(2, out Field head))
            {
                return false;
            }

            next = _octets[head.Offset];
            if (!TryRead(payload, _octets[head.Offset + 1]))
            {
                return false;
            }
        }

        return _at == _octets.Length;
    }

    // The second octet of every payload, and what comes behind it.
    private bool TryRead(int payload, int second)
    {
        switch (payload)
        {
            case 1:
                EncryptionAlgorithm = second;
                bool taken = TryTakeLong(out Field encrypted);
                Encrypted = encrypted;
                return taken && TryTake(1, out Field algorithm) && _octets[algorithm.Offset] == 1 && TryTakeMac();
            case 5:
                bool first = Timestamp.Length == 0;
                taken = TryTake(second == 2 ? 4 : 8, out Field timestamp);
                (Timestamp, TimestampType) = (timestamp, second);
                return first && taken && second <= 2;
            case 6:
                first = Idi.Offset == 0;
                bool third = Idr.Offset != 0;
                taken = TryTakeLong(out Field id);
                (Idi, Idr) = first ? (id, default) : (Idi, id);
                return taken && !third && second <= 1;
            case 9:
                return second == 1 && TryTakeMac();
            case 10:
                Policies++;
                return TryTake(1, out _) && TryTakeLong(out Field policy) && TryReadList(policy, (_, _) => true);
            case 11:
                first = Rand.Length == 0;
                taken = TryTake(second, out Field rand);
                Rand = rand;
                return first && taken && second > 0;
            case 12:
                Error = second;
                return TryTake(2, out _);
            case 21:
                return TryTakeLong(out Field extension) && (second != 3 || TryReadList(extension, TryTakeKeyId));
            default:
                return false;
        }
    }

    private bool TryTakeKeyId(int type, Field id)
    {
        switch (type)
        {
            case 0:
                bool first = KeyDomain.Length == 0;
                KeyDomain = id;
                return first && id.Length == 3;
            case 1:
                first = MskId.Length == 0;
                MskId = id;
                return first && id.Length is 2 or 4;
            case 2:
                first = MtkId.Length == 0;
                MtkId = id;
                return first && id.Length is >= 1 and <= 4;
            default:
                return true;
        }
    }

    /// <summary>Reads type, length of one octet, value, up to the end of a region.</summary>
    private bool TryReadList(Field region, Func<int, Field, bool> take)
    {
        int at = region.Offset;
        int end = region.Offset + region.Length;
        while (at < end)
        {
            int value = at + 2;
            if (value > end || value + _octets[at + 1] > end || !take(_octets[at], new Field(value, _octets[at + 1])))
            {
                return false;
            }

            at = value + _octets[at + 1];
        }

        return true;
    }

    private bool TryTakeMac()
    {
        bool taken = TryTake(MacLength, out Field mac);
        Mac = mac;
        return taken;
    }

    private bool TryTakeLong(out Field field)
    {
        field = default;
        return TryTake(2, out Field length)
            && TryTake(BinaryPrimitives.ReadUInt16BigEndian(Octets(length)), out field);
    }

    private bool TryTake(int count, out Field field)
    {
        field = new Field(_at, count);
        if (_octets.Length - _at < count)
        {
            return false;
        }

        _at += count;
        return true;
    }
}
