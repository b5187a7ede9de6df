using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Host;

/// <summary>All cryptography by System.Security.Cryptography.</summary>
public sealed class HostCrypto : ICryptoEngine
{
    /// <inheritdoc/>
    public void AesEncrypt(byte[] key, byte[] blocks)
    {
        using var aes = Aes.Create();
        aes.SetKey(key);
        aes.EncryptEcb(blocks, blocks, PaddingMode.None);
    }

    /// <inheritdoc/>
    public AesKey PrepareAes(byte[] key) => new HostAesKey(key);

    /// <inheritdoc/>
    public IHmac CreateHmacSha1() => new HostHmacSha1();

    /// <inheritdoc/>
    public void HmacSha256(byte[] key, byte[] data, byte[] mac) => HMACSHA256.HashData(key, data, mac);

    private sealed class HostAesKey : AesKey
    {
        private const int BlockSize = 16;

        // A packet as networks carry it takes one call of the library.
        private const int MaxBlocksPerCall = 128;

        private readonly ICryptoTransform _transform;
        private byte[] _stream = [];

        public HostAesKey(byte[] key)
        {
            using var aes = Aes.Create();
            aes.Mode = CipherMode.ECB;
            aes.Padding = PaddingMode.None;
            aes.SetKey(key);

            // Of the library's ways this one allocates nothing and is by far the fastest.
            _transform = aes.CreateEncryptor();
        }

        public override void Crypt(byte[] iv, byte[] data, int offset, int count)
        {
            var rest = data.AsSpan(offset, count);
            for (var block = 0; rest.Length > 0; block += MaxBlocksPerCall)
            {
                var now = rest[..Math.Min(rest.Length, MaxBlocksPerCall * BlockSize)];
                var length = (now.Length + BlockSize - 1) / BlockSize * BlockSize;
                if (_stream.Length < length)
                {
                    _stream = GC.AllocateUninitializedArray<byte>(length);
                }

                Count(iv, block, _stream.AsSpan(0, length));
                _transform.TransformBlock(_stream, 0, length, _stream, 0);
                Xor(now, _stream);
                rest = rest[now.Length..];
            }
        }

        public override void Wipe()
        {
            _transform.Dispose();
            CryptographicOperations.ZeroMemory(_stream);
        }

        // Writes counter blocks in halves of 8 octets: two stores a block.
        private static void Count(byte[] iv, int first, Span<byte> blocks)
        {
            Span<byte> start = stackalloc byte[BlockSize];
            iv.AsSpan(0, IvLength).CopyTo(start);
            var high = MemoryMarshal.Read<ulong>(start);
            var low = BinaryPrimitives.ReadUInt64BigEndian(start[8..]) + (uint)first;
            var halves = MemoryMarshal.Cast<byte, ulong>(blocks);
            for (var i = 0; i + 1 < halves.Length; i += 2)
            {
                halves[i] = high;
                halves[i + 1] = BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(low) : low;
                low++;
            }
        }

        private static void Xor(Span<byte> data, ReadOnlySpan<byte> stream)
        {
            var vectors = MemoryMarshal.Cast<byte, Vector<byte>>(data);
            var streamVectors = MemoryMarshal.Cast<byte, Vector<byte>>(stream);
            for (var i = 0; i < vectors.Length; i++)
            {
                vectors[i] ^= streamVectors[i];
            }

            for (var i = vectors.Length * Vector<byte>.Count; i < data.Length; i++)
            {
                data[i] ^= stream[i];
            }
        }
    }

    private sealed class HostHmacSha1 : IHmac
    {
        private IncrementalHash? _message;

        public HmacKey Prepare(byte[] key) => new HostHmacKey(key);

        public HmacKey Prepare(byte[] key, HmacKey? former)
        {
            former?.Wipe();
            return Prepare(key);
        }

        public void Begin(HmacKey key) => _message = ((HostHmacKey)key).Hash;

        public void Update(byte[] data, int offset, int count) => _message!.AppendData(data, offset, count);

        public void Finish(byte[] mac, int offset) => _message!.GetHashAndReset(mac.AsSpan(offset));
    }

    /// <summary>The library keeps the two hash states of the key, and goes back to them after each message.</summary>
    private sealed class HostHmacKey(byte[] key) : HmacKey
    {
        public IncrementalHash Hash { get; } = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, key);

        public override void Wipe() => Hash.Dispose();
    }
}
