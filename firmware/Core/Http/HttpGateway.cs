using MbmsMe.Machine;

namespace MbmsMe.Http
{
    /// <summary>The ME's way to BSF and BM-SC: every exchange leaves an "http" event.</summary>
    public sealed class HttpGateway
    {
        /// <summary>Status of a response of which the digest credentials are wanted.</summary>
        public const int Unauthorized = 401;

        // Product token of TS 24.109: the ME holds the GBA keys.
        private const string UserAgent = "MBMSAgent 3gpp-gba";

        private static readonly char[] s_authorityEnd = { '/', '?' };

        private readonly Peripherals _machine;

        /// <summary>Makes it.</summary>
        public HttpGateway(Peripherals machine)
        {
            _machine = machine;
        }

        /// <summary>Sends a request and reports its status (0 when there was no response).</summary>
        /// <param name="requestType">What the event calls it.</param>
        /// <param name="call">The request; its User-Agent is set here.</param>
        /// <exception cref="HttpTransportException">No complete response.</exception>
        public HttpReply Send(string requestType, HttpCall call)
        {
            call.UserAgent = UserAgent;
            try
            {
                HttpReply reply = _machine.Http.Send(call);
                _machine.Events.Report(new MeEvent("http").With("requesttype", requestType).With("status", reply.Status));
                return reply;
            }
            catch (HttpTransportException failure)
            {
                _machine.Events.Report(
                    new MeEvent("http").With("requesttype", requestType).With("status", 0).With("error", failure.Message));
                throw;
            }
        }

        /// <summary>Path and query of an absolute URL: the digest uri.</summary>
        public static string PathAndQuery(string url)
        {
            int end = url.IndexOfAny(s_authorityEnd, url.IndexOf("://") + 3);
            string rest = end < 0 ? string.Empty : url.Substring(end);
            return rest.Length > 0 && rest[0] == '/' ? rest : "/" + rest;
        }
    }
}
