using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Requests;
using MbmsMe.Services;

namespace MbmsMe.Receiving
{
    /// <summary>What received messages are checked against and what they may change: shared by all their handlers.</summary>
    public sealed class ReceivingContext
    {
        /// <summary>Clock, datagrams, traffic plane and events.</summary>
        public Peripherals Machine;

        /// <summary>The BM-SCs of the configuration.</summary>
        public BmscAddress[] Bmscs;

        /// <summary>The keys.</summary>
        public KeyStore Store;

        /// <summary>The services and the Key Groups they use.</summary>
        public ServiceTable Services;

        /// <summary>Who asks for MSKs.</summary>
        public KeyRequester Requester;

        /// <summary>Where drops are counted.</summary>
        public DropLog Drops;
    }
}
