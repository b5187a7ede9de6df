using MbmsMe.Keys;

namespace MbmsMe
{
    /// <summary>An MBMS user service and the Key Groups that protect it.</summary>
    public sealed class MeService
    {
        /// <summary>Makes it.</summary>
        public MeService(string id, KeyGroup[] groups)
        {
            Id = id;
            Groups = groups;
        }

        /// <summary>User service ID.</summary>
        public string Id { get; }

        /// <summary>Its Key Groups.</summary>
        public KeyGroup[] Groups { get; }

        /// <summary>True when the service uses that Key Group.</summary>
        public bool Uses(KeyGroup group)
        {
            for (int i = 0; i < Groups.Length; i++)
            {
                if (Groups[i].Is(group))
                {
                    return true;
                }
            }

            return false;
        }

        /// <summary>True when any of the services uses that Key Group.</summary>
        public static bool AnyUses(MeService[] services, KeyGroup group)
        {
            for (int i = 0; i < services.Length; i++)
            {
                if (services[i].Uses(group))
                {
                    return true;
                }
            }

            return false;
        }
    }
}
