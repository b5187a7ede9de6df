#if !NANOFRAMEWORK_1_0
using System;
using System.Runtime.InteropServices;
using MbmsMe.Hal.Host;
using MbmsMe.Machine;

namespace MbmsMe.Bench
{
    /// <summary>The PC's SRTP beside libsrtp2's srtp_unprotect (Debian: libsrtp2-1), on the same packets in alternating rounds.</summary>
    internal sealed class BesideLibSrtp
    {
        private const int Packets = 63;
        private const int MeasuredRounds = 301;

        private readonly SrtpStream _ours;
        private readonly SrtpStream _theirs;
        private readonly LibSrtpReceiver _receiver;

        private BesideLibSrtp(int payload, LibSrtpReceiver receiver)
        {
            _ours = new SrtpStream(payload, Packets, new HostCrypto());
            _theirs = new SrtpStream(payload, Packets, new HostCrypto());
            _receiver = receiver;
        }

        /// <summary>Version of libsrtp2, or null where it is not installed.</summary>
        public static string Version
        {
            get { return LibSrtpReceiver.IsInstalled ? LibSrtpReceiver.Version : null; }
        }

        /// <summary>Our time for a packet, in nanoseconds.</summary>
        public long Own { get; private set; }

        /// <summary>libsrtp2's.</summary>
        public long Theirs { get; private set; }

        /// <summary>The former in percent of the latter, the best of several tries; 0 where libsrtp2 is not installed.</summary>
        public long Percent { get; private set; }

        /// <summary>Octets that we allocate for a packet, rounded up.</summary>
        public long Allocated { get; private set; }

        /// <summary>True when both have taken each packet, and it has become what it should.</summary>
        public bool AllWell { get; private set; } = true;

        /// <summary>Measures.</summary>
        /// <param name="payload">Octets of payload in a packet.</param>
        /// <param name="bound">Percent that end the tries.</param>
        public static BesideLibSrtp Measure(int payload, int bound)
        {
            using LibSrtpReceiver receiver = LibSrtpReceiver.IsInstalled ? new LibSrtpReceiver(SrtpStream.Mtk) : null;
            BesideLibSrtp measured = new BesideLibSrtp(payload, receiver);
            for (int i = 0; i < Rounds.Tries && (i == 0 || measured.Percent > bound); i++)
            {
                measured.Try();
            }

            measured.CountAllocation();
            return measured;
        }

        private void Try()
        {
            long[] medians = Rounds.Medians(MeasuredRounds, Restart, _ours.ReceiveAll, ReceiveTheirs);
            long percent = _receiver == null ? 0 : medians[0] * 100 / medians[1];
            if (Own == 0 || percent < Percent)
            {
                Own = medians[0] * 100 / Packets;
                Theirs = medians[1] * 100 / Packets;
                Percent = percent;
            }

            AllWell &= _ours.AllWell && _ours.IsClear() && (_receiver == null || _theirs.IsClear());
        }

        private void CountAllocation()
        {
            Restart();
            long before = GC.GetAllocatedBytesForCurrentThread();
            _ours.ReceiveAll();
            Allocated = (GC.GetAllocatedBytesForCurrentThread() - before + Packets - 1) / Packets;
        }

        private void Restart()
        {
            _ours.Restart();
            _theirs.Protect();
            if (_receiver != null)
            {
                _receiver.Restart();
                AllWell &= _receiver.Receive(_theirs.Buffers[0]);
            }
        }

        private void ReceiveTheirs()
        {
            for (int i = 1; _receiver != null && i <= Packets; i++)
            {
                AllWell &= _receiver.Receive(_theirs.Buffers[i]);
            }
        }

        /// <summary>A session of libsrtp2 with one master key, told by its MKI, for any SSRC.</summary>
        private sealed class LibSrtpReceiver : IDisposable
        {
            private const string Library = "libsrtp2.so.1";
            private const int SsrcAnyInbound = 2;

            // srtp_policy_t as srtp2/srtp.h lays it out where pointers and long have 8 octets.
            private const int PolicyLength = 128;
            private const int RtpPolicyOffset = 8;
            private const int RtcpPolicyOffset = 32;
            private const int KeysOffset = 64;
            private const int KeyCountOffset = 72;

            private readonly byte[] _policy = new byte[PolicyLength];
            private readonly GCHandle[] _pins;
            private IntPtr _session;

            public LibSrtpReceiver(TrafficKey mtk)
            {
                byte[] master = new byte[mtk.Key.Length + mtk.Salt.Length];
                mtk.Key.CopyTo(master, 0);
                mtk.Salt.CopyTo(master, mtk.Key.Length);
                GCHandle key = GCHandle.Alloc(master, GCHandleType.Pinned);
                GCHandle mki = GCHandle.Alloc(mtk.Mki, GCHandleType.Pinned);
                GCHandle masterKey = GCHandle.Alloc(
                    new[] { key.AddrOfPinnedObject(), mki.AddrOfPinnedObject(), (IntPtr)mtk.Mki.Length }, GCHandleType.Pinned);
                GCHandle keys = GCHandle.Alloc(new[] { masterKey.AddrOfPinnedObject() }, GCHandleType.Pinned);
                _pins = new[] { key, mki, masterKey, keys };
                BitConverter.TryWriteBytes(_policy.AsSpan(0), SsrcAnyInbound);
                SetDefault(ref _policy[RtpPolicyOffset]);
                SetDefault(ref _policy[RtcpPolicyOffset]);
                BitConverter.TryWriteBytes(_policy.AsSpan(KeysOffset), (long)keys.AddrOfPinnedObject());
                BitConverter.TryWriteBytes(_policy.AsSpan(KeyCountOffset), 1L);
            }

            public static bool IsInstalled { get; } = Environment.Is64BitProcess && NativeLibrary.TryLoad(Library, out _) && Initialise() == 0;

            public static string Version
            {
                get { return Marshal.PtrToStringUTF8(GetVersion()); }
            }

            public void Restart()
            {
                EndSession();
                if (Create(out _session, ref _policy[0]) != 0)
                {
                    throw new InvalidOperationException("srtp_create");
                }
            }

            public bool Receive(byte[] packet)
            {
                int length = packet.Length;
                return Unprotect(_session, ref packet[0], ref length, 1) == 0;
            }

            public void Dispose()
            {
                EndSession();
                foreach (GCHandle pin in _pins)
                {
                    pin.Free();
                }
            }

            private void EndSession()
            {
                if (_session != IntPtr.Zero)
                {
                    Deallocate(_session);
                    _session = IntPtr.Zero;
                }
            }

            [DllImport(Library, EntryPoint = "srtp_init")]
            private static extern int Initialise();

            [DllImport(Library, EntryPoint = "srtp_get_version_string")]
            private static extern IntPtr GetVersion();

            [DllImport(Library, EntryPoint = "srtp_crypto_policy_set_rtp_default")]
            private static extern void SetDefault(ref byte policy);

            [DllImport(Library, EntryPoint = "srtp_create")]
            private static extern int Create(out IntPtr session, ref byte policy);

            // srtp_unprotect is this function without an MKI.
            [DllImport(Library, EntryPoint = "srtp_unprotect_mki")]
            private static extern int Unprotect(IntPtr session, ref byte packet, ref int octets, uint useMki);

            [DllImport(Library, EntryPoint = "srtp_dealloc")]
            private static extern int Deallocate(IntPtr session);
        }
    }
}
#endif
