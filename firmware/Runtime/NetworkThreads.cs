using System.Collections;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;

namespace MbmsMe.Runtime
{
    /// <summary>
    /// HTTP on threads of its own: one thread, one request at a time, or one for each server, so that a dead one does not hold up
    /// the others.
    /// </summary>
    internal sealed class NetworkThreads : IHttpChannel
    {
        private readonly IHttpTransport _transport;
        private readonly Inbox _inbox;
        private readonly bool _oneForEachServer;
        private readonly ArrayList _threads = new ArrayList();
        private bool _started;
        private bool _isShut;

        /// <summary>Makes it; the threads come with the first calls after <see cref="Start()"/>.</summary>
        /// <param name="transport">Sends; from as many threads at once as there are here.</param>
        /// <param name="inbox">Gets replies and failures.</param>
        /// <param name="oneForEachServer">False for one thread in all.</param>
        public NetworkThreads(IHttpTransport transport, Inbox inbox, bool oneForEachServer)
        {
            _transport = transport;
            _inbox = inbox;
            _oneForEachServer = oneForEachServer;
        }

        /// <summary>Lets the calls out, those of before as well.</summary>
        public void Start()
        {
            lock (_threads)
            {
                _started = true;
                for (int i = 0; i < _threads.Count; i++)
                {
                    ((ServerThread)_threads[i]).Start();
                }
            }
        }

        /// <inheritdoc/>
        public void Start(HttpCall call)
        {
            ThreadOf(call).Add(call);
        }

        /// <inheritdoc/>
        public void Cancel(HttpCall call)
        {
            ThreadOf(call).Cancel(call);
        }

        /// <summary>Cancels all calls, and those that come before <see cref="Open"/>.</summary>
        public void Shut()
        {
            lock (_threads)
            {
                _isShut = true;
                for (int i = 0; i < _threads.Count; i++)
                {
                    ((ServerThread)_threads[i]).Shut();
                }
            }
        }

        /// <summary>Calls may come again.</summary>
        public void Open()
        {
            lock (_threads)
            {
                _isShut = false;
                for (int i = 0; i < _threads.Count; i++)
                {
                    ((ServerThread)_threads[i]).Open();
                }
            }
        }

        /// <summary>Cancels all calls and ends the threads.</summary>
        public void Stop()
        {
            lock (_threads)
            {
                for (int i = 0; i < _threads.Count; i++)
                {
                    ((ServerThread)_threads[i]).Stop();
                }
            }
        }

        private ServerThread ThreadOf(HttpCall call)
        {
            string server = _oneForEachServer ? Server(call.Url) : string.Empty;
            lock (_threads)
            {
                for (int i = 0; i < _threads.Count; i++)
                {
                    ServerThread thread = (ServerThread)_threads[i];
                    if (thread.Server == server)
                    {
                        return thread;
                    }
                }

                ServerThread added = new ServerThread(_transport, _inbox, server);
                _threads.Add(added);
                if (_isShut)
                {
                    added.Shut();
                }

                if (_started)
                {
                    added.Start();
                }

                return added;
            }
        }

        // Scheme, host and port (RFC 3986 clause 3.2): what is before the third slash.
        private static string Server(string url)
        {
            int slash = url.IndexOf("//");
            slash = slash < 0 ? -1 : url.IndexOf('/', slash + 2);
            return (slash < 0 ? url : url.Substring(0, slash)).ToLower();
        }

        private sealed class ServerThread : CallThread
        {
            private readonly IHttpTransport _transport;

            public ServerThread(IHttpTransport transport, Inbox inbox, string server)
                : base(inbox)
            {
                _transport = transport;
                Server = server;
            }

            public string Server { get; }

            protected override Input CarryOut(object call)
            {
                HttpCall sent = (HttpCall)call;
                try
                {
                    return new HttpReplied(sent, _transport.Send(sent));
                }
                catch (HttpTransportException failure)
                {
                    return new HttpFailed(sent, failure.Message);
                }
            }

            protected override Input Failure(object call, string reason)
            {
                return new HttpFailed((HttpCall)call, reason);
            }

            protected override void Interrupt(object call)
            {
                _transport.Cancel((HttpCall)call);
            }
        }
    }
}
