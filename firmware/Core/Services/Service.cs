using MbmsMe.Machine;

namespace MbmsMe.Services
{
    /// <summary>A service of the configuration, and where it stands.</summary>
    public sealed class Service
    {
        /// <summary>Makes it, inactive.</summary>
        public Service(ServiceSettings settings)
        {
            Settings = settings;
        }

        /// <summary>What the configuration says of it.</summary>
        public ServiceSettings Settings { get; }

        /// <summary>User service ID.</summary>
        public string Id
        {
            get { return Settings.Id; }
        }

        /// <summary>Its Key Groups.</summary>
        public KeyGroup[] Groups
        {
            get { return Settings.Groups; }
        }

        /// <summary>The BM-SC that has its MSKs.</summary>
        public BmscAddress Bmsc
        {
            get { return Settings.Bmsc; }
        }

        /// <summary>Where it stands.</summary>
        public ServiceState State { get; set; }

        /// <summary>True while the user wants it and it is received.</summary>
        public bool IsActive
        {
            get { return State == ServiceState.Active; }
        }

        /// <summary>The Key Group for want of whose MSK it was left, or null.</summary>
        public KeyGroup Lacking { get; set; }

        /// <summary>True once its BM-SC has registered it.</summary>
        public bool IsRegistered { get; set; }

        /// <summary>True when the drive has not let go yet of keys that only it needed.</summary>
        public bool IsForgetting { get; set; }

        /// <summary>True when it uses that Key Group. Allocates nothing.</summary>
        public bool Uses(KeyGroup group)
        {
            return Settings.Uses(group);
        }
    }
}
