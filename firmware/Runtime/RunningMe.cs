using System;
using System.Threading;
using MbmsMe.Configuration;
using MbmsMe.Keys;
using MbmsMe.Machine;

namespace MbmsMe.Runtime
{
    /// <summary>An ME with its threads, on PC and board: composed, started and stopped here.</summary>
    public sealed class RunningMe
    {
        /// <summary>Milliseconds that <see cref="Stop"/> takes at most, whatever hangs.</summary>
        public const int LongestStopMilliseconds = WorkerStopMilliseconds + EventsStopMilliseconds;

        private const int WorkerStopMilliseconds = 1500;
        private const int EventsStopMilliseconds = 500;

        private readonly MeParts _parts;
        private readonly MeConfiguration _configuration;
        private readonly Inbox _inbox;
        private readonly NetworkThreads _network;
        private readonly UiccThread _uicc;
        private readonly TrafficPlane _traffic;
        private readonly MobileEquipment _me;
        private readonly Worker _worker;
        private readonly Thread _work;

        /// <summary>Composes it; nothing runs before <see cref="Start"/>.</summary>
        /// <exception cref="System.Net.Sockets.SocketException">There is no socket to be had for the clear streams.</exception>
        public RunningMe(MeParts parts, MeConfiguration configuration)
        {
            _parts = parts;
            _configuration = configuration;
            _inbox = new Inbox(parts.QueueDepth);
            _network = new NetworkThreads(parts.Http, _inbox, parts.ThreadForEachServer);
            _uicc = new UiccThread(parts.Uicc, _inbox);
            _traffic = new TrafficPlane(parts.Groups, parts.Port, _inbox, parts.Crypto, parts.Events);
            Peripherals machine = new Peripherals
            {
                Clock = parts.Clock,
                Random = parts.Random,
                Crypto = parts.Crypto,
                Drive = parts.Drive,
                Http = _network,
                Uicc = _uicc,
                Datagrams = parts.Port,
                Traffic = _traffic,
                Events = parts.Events,
            };
            _me = new MobileEquipment(machine, configuration);
            _worker = new Worker(_me, _inbox, new Gates(_traffic, _network, _uicc), parts.Clock);
            _work = new Thread(Work);
            Started = new MeEvent("started")
                .With("version", FirmwareVersion.Text)
                .With("listen", parts.Port.LocalEndPoint)
                .With("iccid", parts.Uicc.Identity.Iccid);
        }

        /// <summary>The event "started", to which the machine may add before <see cref="Start"/>; null from then on.</summary>
        public MeEvent Started { get; private set; }

        /// <summary>Uptime in milliseconds at which the worker last did something, or found nothing to do; it sleeps 20 s at most.</summary>
        public long LastTurn
        {
            get { return _worker.LastTurn; }
        }

        /// <summary>MSKs held, as of now; for the status only.</summary>
        public int MskCount
        {
            get
            {
                KeyState keys = _me.Keys;
                return keys == null ? 0 : keys.Msks.Count;
            }
        }

        /// <summary>Datagrams dropped, as of now; for the status only.</summary>
        public uint DropCount
        {
            get { return _me.Drops.Count; }
        }

        /// <summary>
        /// Starts it. The UICC comes first: keys of another one are gone before anything is received or sent (TS 33.246 clause
        /// 6.1). Then everything that receives, then what sends, and last of all the events: whoever reads "started" may send.
        /// </summary>
        public void Start()
        {
            _parts.Events.Report(Started);
            Started = null;
            for (int i = 0; i < _configuration.Notices.Length; i++)
            {
                _parts.Events.Report(_configuration.Notices[i]);
            }

            _worker.PowerOn(_parts.Uicc.Identity);
            _parts.Port.Start(_inbox);
            _work.Start();
            _uicc.Start();
            _network.Start();
            _parts.Events.Start();
        }

        /// <summary>A UICC was inserted. Any thread.</summary>
        public void InsertUicc(IUicc uicc)
        {
            _uicc.Change(uicc);
            _worker.InsertUicc(uicc.Identity);
        }

        /// <summary>The UICC was taken out. Any thread.</summary>
        public void RemoveUicc()
        {
            _uicc.Change(null);
            _worker.RemoveUicc();
        }

        /// <summary>The machine has another address. Any thread.</summary>
        public void ChangeAddress()
        {
            _inbox.Post(new AddressChanged());
        }

        /// <summary>The wall clock was set or has jumped. Any thread.</summary>
        public void ChangeTime()
        {
            _inbox.Post(new TimeChanged());
        }

        /// <summary>The network has come back: joins all multicast groups anew. Any thread.</summary>
        public void Rejoin()
        {
            _traffic.Rejoin();
        }

        /// <summary>Executes a command of the user. Any thread but the worker's.</summary>
        /// <param name="line">The command, see <see cref="Control.CommandConsole"/>.</param>
        /// <param name="timeoutMilliseconds">How long to wait for the worker.</param>
        /// <returns>The reply, one line of JSON.</returns>
        public string Ask(string line, int timeoutMilliseconds)
        {
            return _worker.Ask(line, timeoutMilliseconds);
        }

        /// <summary>
        /// Powers the ME down, ends its threads and tells "stopped". A worker or a reader that hangs is not waited for, which is
        /// as safe as a power cut.
        /// </summary>
        public void Stop()
        {
            _worker.Stop();
            _network.Stop();
            _uicc.Stop();
            _work.Join(WorkerStopMilliseconds);
            _traffic.Close();
            _parts.Port.Close();
            _parts.Events.Report(new MeEvent("stopped"));
            _parts.Events.Stop(EventsStopMilliseconds);
        }

        private void Work()
        {
            try
            {
                _worker.Run();
            }
            catch (Exception failure) when (_parts.OnWorkerFailed != null)
            {
                _parts.OnWorkerFailed(failure);
            }
        }

        // Not by the worker: a slow drive may hold it up just then.
        private sealed class Gates : IUiccGate
        {
            private readonly TrafficPlane _traffic;
            private readonly NetworkThreads _network;
            private readonly UiccThread _uicc;

            public Gates(TrafficPlane traffic, NetworkThreads network, UiccThread uicc)
            {
                _traffic = traffic;
                _network = network;
                _uicc = uicc;
            }

            public void Shut()
            {
                _traffic.Shut();
                _network.Shut();
                _uicc.Shut();
            }

            public void Open()
            {
                _traffic.Open();
                _network.Open();
                _uicc.Open();
            }
        }
    }
}
