using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace MbmsMe.Lab;

/// <summary>libsrtp2 by the authors of SRTP, where it is installed (Debian: libsrtp2-1).</summary>
public static class LibSrtp
{
    private static readonly string[] s_names = ["libsrtp2.so.1", "libsrtp2.1.dylib", "libsrtp2.dylib", "srtp2", "libsrtp2"];
    private static readonly Lazy<SrtpLibrary?> s_library = new(Load);

    /// <summary>Whether it is installed.</summary>
    public static bool IsAvailable => s_library.Value is not null;

    /// <summary>A sender of libsrtp2's making; a managed one where it is not installed.</summary>
    /// <param name="key">The MTK, 16 octets.</param>
    /// <param name="salt">The master salt, 14 octets.</param>
    /// <param name="mki">MKI, which every packet carries.</param>
    /// <param name="confidentiality">Whether payloads are encrypted.</param>
    /// <param name="integrity">Whether packets carry a tag.</param>
    public static ISrtpSender NewSender(byte[] key, byte[] salt, byte[] mki, bool confidentiality = true, bool integrity = true) =>
        TryNewSender(key, salt, mki, out ISrtpSender? sender, confidentiality, integrity) ? sender : new ManagedSrtpSender(key, salt, mki, confidentiality, integrity);

    /// <summary>A sender of libsrtp2's making. False where it is not installed.</summary>
    public static bool TryNewSender(
        byte[] key, byte[] salt, byte[] mki, [NotNullWhen(true)] out ISrtpSender? sender, bool confidentiality = true, bool integrity = true)
    {
        sender = s_library.Value is SrtpLibrary library ? new LibSrtpSender(library, key, salt, mki, confidentiality, integrity) : null;
        return sender is not null;
    }

    /// <summary>What protects packets, for people.</summary>
    internal static string Describe() => s_library.Value?.Version ?? "the lab's own code: libsrtp2 is not installed";

    private static SrtpLibrary? Load()
    {
        foreach (string name in s_names)
        {
            if (NativeLibrary.TryLoad(name, typeof(LibSrtp).Assembly, DllImportSearchPath.SafeDirectories, out IntPtr handle))
            {
                try
                {
                    return new SrtpLibrary(handle);
                }
                catch (EntryPointNotFoundException)
                {
                    NativeLibrary.Free(handle); // Version 1, or built without what is needed.
                }
            }
        }
        return null;
    }
}

/// <summary>The functions of srtp2/srtp.h that a sender needs.</summary>
internal sealed class SrtpLibrary
{
    public SrtpLibrary(IntPtr handle)
    {
        T Function<T>(string name)
            where T : Delegate => Marshal.GetDelegateForFunctionPointer<T>(NativeLibrary.GetExport(handle, name));

        Create = Function<CreateFunction>("srtp_create");
        Deallocate = Function<DeallocateFunction>("srtp_dealloc");
        Protect = Function<ProtectFunction>("srtp_protect_mki");
        SetDefault = Function<SetDefaultFunction>("srtp_crypto_policy_set_rtp_default");
        Version = Marshal.PtrToStringUTF8(Function<VersionFunction>("srtp_get_version_string")())!;
        int status = Function<InitFunction>("srtp_init")();
        if (status != 0)
        {
            throw new LabException($"srtp_init: {status}");
        }
    }

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int InitFunction();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate IntPtr VersionFunction();

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate void SetDefaultFunction(out CryptoPolicy policy);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int CreateFunction(out IntPtr session, ref Policy policy);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int DeallocateFunction(IntPtr session);

    [UnmanagedFunctionPointer(CallingConvention.Cdecl)]
    public delegate int ProtectFunction(IntPtr session, [In, Out] byte[] packet, ref int octets, uint useMki, uint mkiIndex);

    public string Version { get; }

    public CreateFunction Create { get; }

    public DeallocateFunction Deallocate { get; }

    public ProtectFunction Protect { get; }

    public SetDefaultFunction SetDefault { get; }

    /// <summary>srtp_crypto_policy_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct CryptoPolicy
    {
        public uint CipherType;
        public int CipherKeyOctets;
        public uint AuthenticationType;
        public int AuthenticationKeyOctets;
        public int TagOctets;
        public int Services;
    }

    /// <summary>srtp_master_key_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MasterKey
    {
        public IntPtr Key;
        public IntPtr Mki;
        public uint MkiOctets;
    }

    /// <summary>srtp_policy_t.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Policy
    {
        public int SsrcType;
        public uint Ssrc;
        public CryptoPolicy Rtp;
        public CryptoPolicy Rtcp;
        public IntPtr Key;
        public IntPtr Keys;
        public CULong KeyCount;
        public IntPtr Deprecated;
        public CULong Window;
        public int AllowRepeats;
        public IntPtr EncryptedExtensions;
        public int EncryptedExtensionCount;
        public IntPtr Next;
    }
}

/// <summary>A session of libsrtp2 with one master key.</summary>
internal sealed class LibSrtpSender : ISrtpSender
{
    private const int SsrcAnyOutbound = 3;
    private const int MaxTrailerOctets = 16 + 128;
    private const int ServiceConfidentiality = 1;
    private const int ServiceAuthentication = 2;

    private readonly SrtpLibrary _library;
    private IntPtr _session;

    public LibSrtpSender(SrtpLibrary library, byte[] key, byte[] salt, byte[] mki, bool confidentiality, bool integrity)
    {
        _library = library;
        byte[] master = [.. key, .. salt];
        GCHandle masterPin = GCHandle.Alloc(master, GCHandleType.Pinned);
        GCHandle mkiPin = GCHandle.Alloc(mki, GCHandleType.Pinned);
        SrtpLibrary.MasterKey[] keys = [new() { Key = masterPin.AddrOfPinnedObject(), Mki = mkiPin.AddrOfPinnedObject(), MkiOctets = (uint)mki.Length }];
        GCHandle keysPin = GCHandle.Alloc(keys, GCHandleType.Pinned);
        IntPtr[] pointers = [keysPin.AddrOfPinnedObject()];
        GCHandle pointersPin = GCHandle.Alloc(pointers, GCHandleType.Pinned);
        try
        {
            SrtpLibrary.Policy policy = new() { SsrcType = SsrcAnyOutbound, Keys = pointersPin.AddrOfPinnedObject(), KeyCount = new CULong(1) };
            library.SetDefault(out policy.Rtp);
            policy.Rtp.Services = (confidentiality ? ServiceConfidentiality : 0) | (integrity ? ServiceAuthentication : 0);
            library.SetDefault(out policy.Rtcp);
            Check(library.Create(out _session, ref policy), "srtp_create");
        }
        finally
        {
            pointersPin.Free();
            keysPin.Free();
            mkiPin.Free();
            masterPin.Free();
        }
    }

    public byte[] Protect(byte[] packet)
    {
        byte[] buffer = new byte[packet.Length + MaxTrailerOctets];
        packet.CopyTo(buffer, 0);
        int octets = packet.Length;
        Check(_library.Protect(_session, buffer, ref octets, useMki: 1, mkiIndex: 0), "srtp_protect_mki");
        return buffer[..octets];
    }

    public void Dispose()
    {
        if (_session != IntPtr.Zero)
        {
            _library.Deallocate(_session);
            _session = IntPtr.Zero;
        }
    }

    private static void Check(int status, string function)
    {
        if (status != 0)
        {
            throw new LabException($"{function}: {status}");
        }
    }
}
