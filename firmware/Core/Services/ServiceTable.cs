using System.Collections;
using MbmsMe.Machine;

namespace MbmsMe.Services
{
    /// <summary>Where a service stands.</summary>
    public enum ServiceState
    {
        /// <summary>The user has not activated it.</summary>
        Inactive,

        /// <summary>The ME gets its keys and receives it.</summary>
        Active,

        /// <summary>No MSK was to be had and no valid one was there; active again when an MSK comes.</summary>
        Left,
    }

    /// <summary>The services of the configuration and where each stands.</summary>
    public sealed class ServiceTable
    {
        private readonly ServiceState[] _states;

        /// <summary>Makes it; every service is inactive.</summary>
        public ServiceTable(MeService[] services)
        {
            Services = services;
            _states = new ServiceState[services.Length];
        }

        /// <summary>All services, in the order of the configuration.</summary>
        public MeService[] Services { get; }

        /// <summary>Where the service of that index stands.</summary>
        public ServiceState this[int index]
        {
            get { return _states[index]; }
            set { _states[index] = value; }
        }

        /// <summary>Index of the service of that ID, or -1.</summary>
        public int Find(string id)
        {
            for (int i = 0; i < Services.Length; i++)
            {
                if (Services[i].Id == id)
                {
                    return i;
                }
            }

            return -1;
        }

        /// <summary>True when an active service uses the Key Group.</summary>
        public bool Uses(KeyGroup group)
        {
            for (int i = 0; i < Services.Length; i++)
            {
                if (_states[i] == ServiceState.Active && Services[i].Uses(group))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>A Key Group of an active service, or null. Allocates nothing.</summary>
        /// <param name="domain">Key Domain ID, or -1 for any.</param>
        /// <param name="group">Key Group part.</param>
        public KeyGroup FindInUse(int domain, int group)
        {
            for (int i = 0; i < Services.Length; i++)
            {
                KeyGroup[] groups = Services[i].Groups;
                for (int j = 0; j < groups.Length && _states[i] == ServiceState.Active; j++)
                {
                    if (groups[j].Group == group && (domain < 0 || groups[j].Domain == domain))
                    {
                        return groups[j];
                    }
                }
            }

            return null;
        }

        /// <summary>The first service, active or not, that uses the Key Group, or null. Allocates nothing.</summary>
        /// <param name="domain">Key Domain ID.</param>
        /// <param name="group">Key Group part.</param>
        public MeService UserOf(int domain, int group)
        {
            for (int i = 0; i < Services.Length; i++)
            {
                if (Services[i].Uses(domain, group))
                {
                    return Services[i];
                }
            }

            return null;
        }

        /// <summary>
        /// The Key Groups (<see cref="KeyGroup"/>, each once) of a Key Domain that services get from a BM-SC, active ones and those
        /// that were left for want of an MSK.
        /// </summary>
        public ArrayList GroupsWanted(BmscAddress bmsc, int domain)
        {
            ArrayList found = new ArrayList();
            for (int i = 0; i < Services.Length; i++)
            {
                KeyGroup[] groups = Services[i].Groups;
                for (int j = 0; j < groups.Length && _states[i] != ServiceState.Inactive && Services[i].Bmsc == bmsc; j++)
                {
                    if (groups[j].Domain == domain && !groups[j].IsIn(found))
                    {
                        found.Add(groups[j]);
                    }
                }
            }

            return found;
        }
    }
}
