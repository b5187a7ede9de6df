namespace MbmsMe.Http
{
    /// <summary>What of a URL stands in the request line, and as uri in the digest (RFC 7616 clause 3.4).</summary>
    public static class RequestTarget
    {
        private static readonly char[] s_authorityEnd = { '/', '?' };

        /// <summary>Path and query of an absolute URL.</summary>
        public static string Of(string url)
        {
            int end = url.IndexOfAny(s_authorityEnd, url.IndexOf("://") + 3);
            string rest = end < 0 ? string.Empty : url.Substring(end);
            return rest.Length > 0 && rest[0] == '/' ? rest : "/" + rest;
        }
    }
}
