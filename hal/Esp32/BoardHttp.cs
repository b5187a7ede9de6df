using System;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading;

namespace MbmsMe.Hal.Esp32
{
    /// <summary>HTTP by nanoFramework's HttpWebRequest, one connection for each exchange, bounded in time and size.</summary>
    /// <remarks>
    /// An exchange has a thread of its own, because HttpWebRequest bounds neither connecting nor sending nor the body
    /// in time: when it is over time the thread is aborted. For https, the board's certificate store must hold the
    /// root certificate of the server (nanoff puts it there).
    /// </remarks>
    public sealed class BoardHttp : IHttpTransport
    {
        /// <summary>Milliseconds an exchange may take.</summary>
        public const int TimeoutMilliseconds = 10000;

        /// <summary>Octets of the longest response body taken.</summary>
        public const int MaxBodyOctets = 8192;

        private readonly BoardWifi _wifi;

        /// <summary>Makes it.</summary>
        /// <param name="wifi">An exchange waits for the network, rather than fail and use up an attempt.</param>
        public BoardHttp(BoardWifi wifi)
        {
            _wifi = wifi;
        }

        /// <inheritdoc/>
        public HttpReply Send(HttpCall call)
        {
            _wifi.WaitUntilOnline();
            Exchange exchange = new Exchange(call);
            Thread thread = new Thread(exchange.Run);
            thread.Start();
            if (!thread.Join(TimeoutMilliseconds))
            {
                thread.Abort();
                throw new HttpTransportException(call.Url + ": no complete response within " + (TimeoutMilliseconds / 1000) + " s");
            }

            if (exchange.Reply == null)
            {
                throw new HttpTransportException(call.Url + ": " + exchange.Problem);
            }

            return exchange.Reply;
        }

        private sealed class Exchange
        {
            // Not less: a read of under 512 octets loses the end of a body without Content-Length (the stream behind
            // HttpWebResponse returns 0 for what it took out of its own 256-octet buffer last).
            private const int ReadOctets = 512;

            private readonly HttpCall _call;

            public Exchange(HttpCall call)
            {
                _call = call;
            }

            public HttpReply Reply { get; private set; }

            public string Problem { get; private set; }

            public void Run()
            {
                try
                {
                    using (HttpWebRequest request = Prepare())
                    {
                        if (_call.ContentType != null)
                        {
                            // Not disposed of: that would close the connection before the response.
                            request.GetRequestStream().Write(_call.Body, 0, _call.Body.Length);
                        }

                        using (HttpWebResponse response = (HttpWebResponse)request.GetResponse())
                        {
                            Reply = Read(response);
                        }
                    }
                }
                catch (Exception failure)
                {
                    Problem = Describe(failure);
                }
            }

            private HttpWebRequest Prepare()
            {
                HttpWebRequest request = (HttpWebRequest)WebRequest.Create(_call.Url);
                request.Method = _call.Method;
                request.KeepAlive = false;
                request.Timeout = TimeoutMilliseconds;
                request.ReadWriteTimeout = TimeoutMilliseconds;
                request.SslProtocols = SslProtocols.Tls12;
                request.SslVerification = SslVerification.CertificateRequired;
                request.UserAgent = _call.UserAgent;
                if (_call.Authorization != null)
                {
                    request.Headers.Add("Authorization", _call.Authorization);
                }

                if (_call.ContentType != null)
                {
                    request.ContentType = _call.ContentType;
                    request.ContentLength = _call.Body.Length;
                }

                return request;
            }

            private static HttpReply Read(HttpWebResponse response)
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

            private static byte[] ReadBody(HttpWebResponse response)
            {
                byte[] body = new byte[2 * ReadOctets];
                int length = 0;
                Stream stream = response.GetResponseStream();
                for (int read = 1; read > 0; length += read)
                {
                    if (length > MaxBodyOctets)
                    {
                        throw new IOException("the response is longer than " + MaxBodyOctets + " octets");
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
}
