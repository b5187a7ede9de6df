using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Requests
{
    /// <summary>Something the ME wants of a BM-SC, until it has come or is given up.</summary>
    public sealed class Request
    {
        private Request(string type, BmscAddress bmsc)
        {
            Type = type;
            Bmsc = bmsc;
        }

        /// <summary>Value of the query parameter requesttype; requests of one type and BM-SC go into one POST.</summary>
        public string Type { get; }

        /// <summary>The BM-SC.</summary>
        public BmscAddress Bmsc { get; }

        /// <summary>The Key Group whose current MSK is wanted, or null.</summary>
        public KeyGroup Group { get; private set; }

        /// <summary>The service to register or deregister, or null.</summary>
        public Service Service { get; private set; }

        /// <summary>True when an MTK message caused it, which anyone may have sent.</summary>
        public bool IsMissedKey { get; set; }

        /// <summary>True when the last answer was a yes and the MSK message has yet to come.</summary>
        public bool IsGranted { get; set; }

        /// <summary>Uptime in milliseconds at which to ask (again).</summary>
        public long DueAt { get; set; }

        /// <summary>How often it was asked for.</summary>
        public int Attempts { get; set; }

        /// <summary>Wants the current MSK of a Key Group.</summary>
        public static Request ForMsk(BmscAddress bmsc, KeyGroup group)
        {
            return new Request(MskRequest.RequestType, bmsc) { Group = group };
        }

        /// <summary>Wants to register or to deregister.</summary>
        /// <param name="type"><see cref="ServiceRequest.Register"/> or <see cref="ServiceRequest.Deregister"/>.</param>
        /// <param name="service">The service.</param>
        public static Request ForService(string type, Service service)
        {
            return new Request(type, service.Bmsc) { Service = service };
        }

        /// <summary>True when both want the same.</summary>
        public bool Is(Request other)
        {
            return Type == other.Type && Bmsc == other.Bmsc && Service == other.Service && (Group == null || Group.Is(other.Group));
        }
    }
}
