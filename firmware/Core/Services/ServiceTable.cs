using System.Collections;
using MbmsMe.Machine;

namespace MbmsMe.Services
{
    /// <summary>The services of the configuration: who uses which Key Group.</summary>
    public sealed class ServiceTable
    {
        private readonly Service[] _services;

        /// <summary>Makes it; every service is inactive.</summary>
        public ServiceTable(ServiceSettings[] settings)
        {
            _services = new Service[settings.Length];
            for (int i = 0; i < settings.Length; i++)
            {
                _services[i] = new Service(settings[i]);
            }
        }

        /// <summary>How many there are.</summary>
        public int Count
        {
            get { return _services.Length; }
        }

        /// <summary>The service of that index, in the order of the configuration.</summary>
        public Service this[int index]
        {
            get { return _services[index]; }
        }

        /// <summary>The service of that ID, or null.</summary>
        public Service Find(string id)
        {
            for (int i = 0; i < _services.Length; i++)
            {
                if (_services[i].Id == id)
                {
                    return _services[i];
                }
            }

            return null;
        }

        /// <summary>True when an active service uses the Key Group.</summary>
        public bool Uses(KeyGroup group)
        {
            for (int i = 0; i < _services.Length; i++)
            {
                if (_services[i].IsActive && _services[i].Uses(group))
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
            for (int i = 0; i < _services.Length; i++)
            {
                KeyGroup[] groups = _services[i].Groups;
                for (int j = 0; j < groups.Length && _services[i].IsActive; j++)
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
        public Service UserOf(int domain, int group)
        {
            for (int i = 0; i < _services.Length; i++)
            {
                if (_services[i].Settings.Uses(domain, group))
                {
                    return _services[i];
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
            for (int i = 0; i < _services.Length; i++)
            {
                Service service = _services[i];
                KeyGroup[] groups = service.Groups;
                for (int j = 0; j < groups.Length && service.State != ServiceState.Inactive && service.Bmsc == bmsc; j++)
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
