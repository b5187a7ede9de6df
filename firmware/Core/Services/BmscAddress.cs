namespace MbmsMe.Services
{
    /// <summary>A BM-SC: where its key management server is, and its name.</summary>
    public sealed class BmscAddress
    {
        /// <summary>Makes it.</summary>
        public BmscAddress(string url, string fqdn)
        {
            Url = url;
            Fqdn = fqdn.ToLower();
        }

        /// <summary>URL of the key management server.</summary>
        public string Url { get; }

        /// <summary>FQDN in lower case: in NAF_Id, in the realm and in IDi.</summary>
        public string Fqdn { get; }
    }
}
