using System.Runtime.InteropServices;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>A receiver of libsrtp2: one master key, told by its MKI, and any SSRC.</summary>
internal sealed class LibSrtpReceiver : IDisposable
{
    private const string Library = "libsrtp2.so.1";
    private const int SsrcAnyInbound = 2;

    private IntPtr _session;

    /// <param name="key">Master key, 16 octets.</param>
    /// <param name="salt">Master salt, 14 octets.</param>
    /// <param name="mki">MKI.</param>
    public LibSrtpReceiver(byte[] key, byte[] salt, byte[] mki)
    {
        // srtp_policy_t as srtp2/srtp.h lays it out where pointers and long have 8 octets.
        byte[] policy = new byte[128];
        BitConverter.TryWriteBytes(policy.AsSpan(0), SsrcAnyInbound);
        SetDefault(ref policy[8]);
        SetDefault(ref policy[32]);
        byte[] master = [.. key, .. salt];
        GCHandle[] pins = [Pin(master), Pin(mki)];
        IntPtr[] masterKey = [pins[0].AddrOfPinnedObject(), pins[1].AddrOfPinnedObject(), mki.Length];
        pins = [.. pins, Pin(masterKey)];
        IntPtr[] keys = [pins[2].AddrOfPinnedObject()];
        pins = [.. pins, Pin(keys)];
        BitConverter.TryWriteBytes(policy.AsSpan(64), (long)pins[3].AddrOfPinnedObject());
        BitConverter.TryWriteBytes(policy.AsSpan(72), 1L);
        int status = Create(out _session, ref policy[0]);
        foreach (GCHandle pin in pins)
        {
            pin.Free();
        }

        Assert.AreEqual(0, status, "srtp_create");
    }

    /// <summary>Ends the test here where libsrtp2 is not installed; only in CI, which installs it, that is a failure.</summary>
    public static void Require()
    {
        const string missing = "libsrtp2 is not installed: apt-get install libsrtp2-1";
        // Asks the lab, because a process may initialise the library only once.
        if (!LibSrtp.IsAvailable)
        {
            throw string.IsNullOrEmpty(Environment.GetEnvironmentVariable("CI"))
                ? new AssertInconclusiveException(missing)
                : new AssertFailedException($"{missing} (this is CI, which installs it)");
        }
    }

    /// <summary>The clear RTP packet; null where libsrtp2 takes the packet for forged, replayed or under another key.</summary>
    public byte[]? Unprotect(byte[] packet)
    {
        byte[] buffer = [.. packet];
        int length = buffer.Length;
        return Unprotect(_session, ref buffer[0], ref length, 1) == 0 ? buffer[..length] : null;
    }

    public void Dispose()
    {
        if (_session != IntPtr.Zero)
        {
            _ = Deallocate(_session);
            _session = IntPtr.Zero;
        }
    }

    private static GCHandle Pin(object array) => GCHandle.Alloc(array, GCHandleType.Pinned);

    [DllImport(Library, EntryPoint = "srtp_crypto_policy_set_rtp_default")]
    private static extern void SetDefault(ref byte policy);

    [DllImport(Library, EntryPoint = "srtp_create")]
    private static extern int Create(out IntPtr session, ref byte policy);

    [DllImport(Library, EntryPoint = "srtp_unprotect_mki")]
    private static extern int Unprotect(IntPtr session, ref byte packet, ref int octets, uint useMki);

    [DllImport(Library, EntryPoint = "srtp_dealloc")]
    private static extern int Deallocate(IntPtr session);
}
