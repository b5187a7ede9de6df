using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Requests
{
    /// <summary>Learns what became of what was wanted of the BM-SCs.</summary>
    internal interface IRequestObserver
    {
        /// <summary>The BM-SC has registered a service: it sends the MSKs unasked, or is asked for them later.</summary>
        void Registered(Service service);

        /// <summary>The BM-SC has deregistered a service.</summary>
        void Deregistered(Service service);

        /// <summary>The BM-SC does not register a service.</summary>
        void NotRegistered(Service service, string reason);

        /// <summary>An MSK of a Key Group has come.</summary>
        void MskCame(KeyGroup group);

        /// <summary>No MSK of a Key Group is to be had. True when keys were deleted for it, or tried to be.</summary>
        bool MskNotToBeHad(KeyGroup group, string reason);
    }
}
