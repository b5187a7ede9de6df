using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>HTTP by nanoFramework's HttpWebRequest, one connection for each exchange, bounded in time and size.</summary>
    /// <remarks>
    /// <para>
    /// <see cref="TimeoutMilliseconds"/> bounds sending, the wait for the response's header, and the body, one after
    /// the other. Connecting ends when the firmware's TCP gives up: about 46 s with its five SYNs
    /// (CONFIG_LWIP_TCP_SYNMAXRTX=4), and cancelling does not shorten it. A thread that could be aborted earlier is no way out: under
    /// load, with 100 KiB of heap, nanoCLR's garbage collector stopped on threads made for every exchange. For https, the board's
    /// certificate store must hold the root certificate of the server (nanoff puts it there).
    /// </para>
    /// <para>
    /// Objects of the class library that share a socket: GetRequestStream and GetResponseStream give clones of the request's
    /// own stream, each with a finaliser that closes the socket. So no clone is left to its finaliser, request and response live
    /// in "using", and Cancel disposes of them, which ends whatever waits for the socket, as their own timer does.
    /// </para>
    /// </remarks>
    public sealed class BoardHttp : IHttpTransport
    {
        /// <summary>Milliseconds that each part of an exchange may take.</summary>
        public const int TimeoutMilliseconds = 10000;

        /// <summary>Octets of the longest response body taken.</summary>
        public const int MaxBodyOctets = 8192;

        // Not less: a read of under 512 octets loses the end of a body without Content-Length (the stream behind
        // HttpWebResponse returns 0 for what it took out of its own 256-octet buffer last).
        private const int ReadOctets = 512;

        private const int CancelPollMilliseconds = 250;

        private readonly BoardWifi _wifi;
        private readonly IClock _clock;
        private readonly object _lock = new object();
        private HttpCall _call;
        private HttpCall _cancelled;
        private IDisposable _open;

        // A field, not a local: a Release build does not keep a local that is used once.
        private Stream _requestStream;

        /// <summary>Makes it.</summary>
        /// <param name="wifi">An exchange waits for the network, rather than fail and use up an attempt.</param>
        /// <param name="clock">The machine's clock.</param>
        public BoardHttp(BoardWifi wifi, IClock clock)
        {
            _wifi = wifi;
            _clock = clock;
        }

        /// <inheritdoc/>
        /// <remarks>One thread only, one call at a time.</remarks>
        public HttpReply Send(HttpCall call)
        {
            lock (_lock)
            {
                _call = call;
            }

            try
            {
                while (!_wifi.WaitUntilOnline(CancelPollMilliseconds))
                {
                    ThrowIfCancelled(call);
                }

                return Exchange(call);
            }
            finally
            {
                End();
            }
        }

        /// <inheritdoc/>
        public void Cancel(HttpCall call)
        {
            IDisposable open;
            lock (_lock)
            {
                _cancelled = call;
                open = _call == call ? _open : null;
            }

            try
            {
                if (open != null)
                {
                    open.Dispose();
                }
            }
            catch (Exception)
            {
                // It has ended at the same moment, and its own thread was disposing of it.
            }
        }

        private HttpReply Exchange(HttpCall call)
        {
            long start = _clock.UptimeMilliseconds;
            try
            {
                using (HttpWebRequest request = Prepare(call))
                {
                    Use(request, call);
                    if (call.ContentType != null)
                    {
                        WriteBody(request, call.Body);
                        ThrowIfCancelled(call);
                    }

                    using (HttpWebResponse response = (HttpWebResponse)request.GetResponse())
                    {
                        Use(response, call);
                        return Read(response);
                    }
                }
            }
            catch (HttpTransportException)
            {
                throw;
            }
            catch (Exception failure)
            {
                // HttpWebRequest says only that somebody closed the socket: its own timer did.
                bool late = _clock.UptimeMilliseconds - start >= TimeoutMilliseconds;
                throw new HttpTransportException(call.Url + ": " + Describe(failure)
                    + (late ? ", after more than " + (TimeoutMilliseconds / 1000) + " s" : string.Empty));
            }
        }

        private void End()
        {
            lock (_lock)
            {
                _call = null;
                _open = null;
            }

            _requestStream = null;
        }

        // From here on Cancel disposes of it.
        private void Use(IDisposable open, HttpCall call)
        {
            lock (_lock)
            {
                _open = open;
            }

            ThrowIfCancelled(call);
        }

        private void ThrowIfCancelled(HttpCall call)
        {
            lock (_lock)
            {
                if (_cancelled == call)
                {
                    throw new HttpTransportException(call.Url + ": cancelled");
                }
            }
        }

        private void WriteBody(HttpWebRequest request, byte[] body)
        {
            // Not disposed of, and not to be finalised while the response is waited for: both close the connection.
            _requestStream = request.GetRequestStream();
            GC.SuppressFinalize(_requestStream);
            _requestStream.Write(body, 0, body.Length);
        }

        private static HttpWebRequest Prepare(HttpCall call)
        {
            HttpWebRequest request = (HttpWebRequest)WebRequest.Create(call.Url);
            request.Method = call.Method;
            request.KeepAlive = false;
            request.Timeout = TimeoutMilliseconds;
            request.ReadWriteTimeout = TimeoutMilliseconds;
            request.SslProtocols = SslProtocols.Tls12;
            request.SslVerification = SslVerification.CertificateRequired;
            request.UserAgent = call.UserAgent;
            if (call.Authorization != null)
            {
                request.Headers.Add("Authorization", call.Authorization);
            }

            if (call.ContentType != null)
            {
                request.ContentType = call.ContentType;
                request.ContentLength = call.Body.Length;
            }

            return request;
        }

        private HttpReply Read(HttpWebResponse response)
        {
            if (response.Headers == null)
            {
                throw new IOException("the answer is not HTTP");
            }

            return new HttpReply
            {
                Status = (int)response.StatusCode,
                WwwAuthenticate = response.Headers["WWW-Authenticate"],
                AuthenticationInfo = response.Headers["Authentication-Info"],
                Body = ReadBody(response),
            };
        }

        private byte[] ReadBody(HttpWebResponse response)
        {
            long end = _clock.UptimeMilliseconds + TimeoutMilliseconds;
            byte[] body = new byte[2 * ReadOctets];
            int length = 0;
            Stream stream = response.GetResponseStream();
            GC.SuppressFinalize(stream);
            for (int read = 1; read > 0; length += read)
            {
                if (length > MaxBodyOctets || _clock.UptimeMilliseconds > end)
                {
                    throw new IOException(
                        "the body is longer than " + MaxBodyOctets + " octets or " + (TimeoutMilliseconds / 1000) + " s");
                }

                if (body.Length - length < ReadOctets)
                {
                    byte[] larger = new byte[2 * body.Length];
                    Array.Copy(body, 0, larger, 0, length);
                    body = larger;
                }

                read = stream.Read(body, length, body.Length - length);
            }

            if (length < response.ContentLength)
            {
                throw new IOException("the response ends early");
            }

            byte[] exact = new byte[length];
            Array.Copy(body, 0, exact, 0, length);
            return exact;
        }

        // The innermost exception knows the cause; a SocketException has it as a number, the one around it as text.
        private static string Describe(Exception failure)
        {
            string text = failure.Message;
            for (; failure.InnerException != null; failure = failure.InnerException)
            {
                text = failure.Message;
            }

            SocketException socket = failure as SocketException;
            return socket != null ? text + " (socket error " + socket.ErrorCode + ")" : failure.Message;
        }
    }
}
