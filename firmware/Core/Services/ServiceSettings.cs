using MbmsMe.Machine;

namespace MbmsMe.Services
{
    /// <summary>What the configuration says of an MBMS user service: the Key Groups that protect it, and how to come to its keys.</summary>
    public sealed class ServiceSettings
    {
        /// <summary>Makes it.</summary>
        public ServiceSettings(string id, KeyGroup[] groups)
        {
            Id = id;
            Groups = groups;
        }

        /// <summary>User service ID.</summary>
        public string Id { get; }

        /// <summary>Its Key Groups.</summary>
        public KeyGroup[] Groups { get; }

        /// <summary>The BM-SC that has its MSKs.</summary>
        public BmscAddress Bmsc { get; set; }

        /// <summary>Where its MTK messages are multicast; null for port 2269 of its streams' multicast groups.</summary>
        public UdpAddress MtkGroup { get; set; }

        /// <summary>Its streams; may be empty.</summary>
        public MediaFlow[] Flows { get; set; } = new MediaFlow[0];

        /// <summary>How long to wait before a request that the network has caused.</summary>
        public BackoffSettings Backoff { get; set; }

        /// <summary>True when activation registers with the BM-SC, and deactivation deregisters.</summary>
        public bool Registers { get; set; }

        /// <summary>True when it is active from power-on; else when the user says so.</summary>
        public bool StartsActive { get; set; } = true;

        /// <summary>True when the service uses that Key Group.</summary>
        public bool Uses(KeyGroup group)
        {
            return Uses(group.Domain, group.Group);
        }

        /// <summary>True when the service uses that Key Group. Allocates nothing.</summary>
        /// <param name="domain">Key Domain ID.</param>
        /// <param name="group">Key Group part.</param>
        public bool Uses(int domain, int group)
        {
            for (int i = 0; i < Groups.Length; i++)
            {
                if (Groups[i].Domain == domain && Groups[i].Group == group)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
