using System;
using MbmsMe.Hal.Common;
using MbmsMe.Machine;

namespace MbmsMe.Runtime
{
    /// <summary>The worker has ended by an exception that nobody expected.</summary>
    public delegate void WorkerFailed(Exception failure);

    /// <summary>What a running ME is composed of, as far as machines differ.</summary>
    public sealed class MeParts
    {
        /// <summary>Wall clock and uptime.</summary>
        public IClock Clock;

        /// <summary>Random octets.</summary>
        public IRandomSource Random;

        /// <summary>AES-128 and HMAC-SHA-256.</summary>
        public ICryptoEngine Crypto;

        /// <summary>Non-volatile memory for the keys.</summary>
        public ISlotDrive Drive;

        /// <summary>HTTP to BSF and BM-SC.</summary>
        public IHttpTransport Http;

        /// <summary>True for a thread for each BSF and BM-SC, so that a dead one does not hold up the others; false for one in all.</summary>
        public bool ThreadForEachServer;

        /// <summary>The UICC at power-on.</summary>
        public IUicc Uicc;

        /// <summary>The MIKEY port, bound.</summary>
        public UdpPort Port;

        /// <summary>How the machine receives multicast.</summary>
        public GroupNetwork Groups;

        /// <summary>Where events go.</summary>
        public EventWriter Events;

        /// <summary>Datagrams that may wait for the worker: so many MTK messages, and as many others.</summary>
        public int QueueDepth;

        /// <summary>Told on the worker's thread when it fails; null to let the exception go on.</summary>
        public WorkerFailed OnWorkerFailed;
    }
}
