using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>A stranger on loopback who sends datagrams to an ME at a steady rate for a bounded time, and counts them.</summary>
internal sealed class Flood : IDisposable
{
    /// <summary>What it may make up for when it was kept from sending; more would be a burst, not a rate.</summary>
    private static readonly TimeSpan s_catchUp = TimeSpan.FromMilliseconds(100);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly Thread _thread;
    private readonly Stopwatch _running = new();
    private volatile bool _stopped;
    private long _sent;
    private long _answers;

    /// <param name="datagrams">What to send, in turns.</param>
    /// <param name="port">The ME's port on 127.0.0.1.</param>
    /// <param name="perSecond">Datagrams a second.</param>
    /// <param name="longest">When it ends by itself.</param>
    public Flood(byte[][] datagrams, int port, int perSecond, TimeSpan longest)
        : this(datagrams, new IPEndPoint(IPAddress.Loopback, port), perSecond, longest)
    {
    }

    /// <param name="datagrams">What to send, in turns.</param>
    /// <param name="to">An address on loopback, or a multicast group.</param>
    /// <param name="perSecond">Datagrams a second.</param>
    /// <param name="longest">When it ends by itself.</param>
    public Flood(byte[][] datagrams, IPEndPoint to, int perSecond, TimeSpan longest)
    {
        _socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, IPAddress.Loopback.GetAddressBytes());
        _socket.Connect(to);
        _thread = new Thread(() => Send(datagrams, perSecond, longest)) { IsBackground = true, Name = "flood" };
        _thread.Start();
    }

    /// <summary>Datagrams sent so far.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>False once it has ended, by itself or by <see cref="Stop"/>.</summary>
    public bool IsRunning => _thread.IsAlive;

    /// <summary>Datagrams that came back.</summary>
    public long Answers => Interlocked.Read(ref _answers);

    /// <summary>Datagrams a second, as they really were sent.</summary>
    public double Rate => Sent / _running.Elapsed.TotalSeconds;

    /// <summary>
    /// A thousand datagrams that an ME must not heed: 400 forged ones with its B-TID, a fresh counter and a wrong MAC, which
    /// cost it the most; 250 replayed; 150 truncated; 100 oversized; 100 of noise.
    /// </summary>
    /// <param name="pair">An ME that has paired.</param>
    /// <param name="accepted">Messages it has accepted; none of them the last one.</param>
    public static byte[][] Mixture(MeAndLab pair, params byte[][] accepted)
    {
        Random random = new(2269);
        Muk muk = pair.Lab.LastMuk(MeAndLab.First.Imsi)!;
        Msk msk = pair.Lab.CurrentMsk(MeAndLab.News)!;
        byte[] wrongKey = [.. muk.Key];
        wrongKey[0] ^= 1;
        MikeyContext Forged(MikeyProfile profile) =>
            new(wrongKey, muk.Btid, pair.Lab.Configuration.BmScFqdn, muk.Counter + 1000 + (uint)random.Next(1_000_000), profile);

        List<byte[]> all = [];
        foreach (MikeyProfile profile in Enum.GetValues<MikeyProfile>())
        {
            for (int i = 0; i < 100; i++)
            {
                all.Add(MikeyMessage.BuildPull(Forged(profile), msk));
                all.Add(MikeyMessage.BuildMsk(Forged(profile), msk));
            }
        }

        byte[] whole = all[0];
        all.AddRange(Enumerable.Range(0, 250).Select(i => accepted[i % accepted.Length]));
        all.AddRange(Enumerable.Range(0, 150).Select(i => whole[..(i % whole.Length)]));
        all.AddRange(Enumerable.Range(0, 100).Select(i => (byte[])[.. whole, .. new byte[1000 + (80 * i)]]));
        all.AddRange(Enumerable.Range(0, 100).Select(i =>
        {
            byte[] noise = new byte[random.Next(1, 1024)];
            random.NextBytes(noise);
            return noise;
        }));
        byte[][] mixed = [.. all];
        random.Shuffle(mixed);
        return mixed;
    }

    /// <summary>Ends it; the counts stay.</summary>
    public void Stop()
    {
        _stopped = true;
        _thread.Join();
    }

    public void Dispose()
    {
        Stop();
        _socket.Dispose();
    }

    private void Send(byte[][] datagrams, int perSecond, TimeSpan longest)
    {
        _running.Start();
        long forgone = 0;
        byte[] answer = new byte[2048];
        while (!_stopped && _running.Elapsed < longest)
        {
            long due = (long)(_running.Elapsed.TotalSeconds * perSecond) - forgone - _sent;
            long most = (long)(s_catchUp.TotalSeconds * perSecond);
            if (due > most)
            {
                forgone += due - most;
                due = most;
            }

            for (; due > 0; due--)
            {
                try
                {
                    _socket.Send(datagrams[_sent % datagrams.Length]);
                }
                catch (SocketException)
                {
                    // An ME that was restarted: the next one arrives again.
                }

                Interlocked.Increment(ref _sent);
            }

            for (; _socket.Available > 0; Interlocked.Increment(ref _answers))
            {
                _socket.Receive(answer);
            }

            Thread.Sleep(1);
        }

        _running.Stop();
    }
}
