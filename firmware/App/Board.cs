using System;
using System.Net.Sockets;
using System.Reflection;
using System.Threading;
using MbmsMe.Configuration;
using MbmsMe.Hal.Esp32;
using MbmsMe.Hal.SoftUicc;
using MbmsMe.Machine;
using MbmsMe.Runtime;
using nanoFramework.Runtime.Native;
using MemoryManager = nanoFramework.Runtime.Native.GC;

namespace MbmsMe.App
{
    /// <summary>The ME on a board: everything it is composed of, and what goes on beside the worker.</summary>
    public sealed class Board
    {
        // Each place holds a whole datagram of a kilobyte; LwIP holds about six more.
        private const int QueueDepth = 4;
        private const int CheckPeriodMilliseconds = 1000;
        private const int StatusPeriodMilliseconds = 60000;
        private const int AskForTimePeriodMilliseconds = 300000;
        private const int PortPeriodMilliseconds = 10000;
        private const int PowerDownMilliseconds = 10000;

        private readonly BoardFile _board;
        private readonly MeConfiguration _configuration;
        private readonly SerialEvents _events;
        private readonly StatusLed _led;
        private readonly BoardClock _clock = new BoardClock();
        private readonly BoardWifi _wifi;
        private readonly BoardDrive _drive;
        private MobileEquipment _me;
        private IUicc _uicc;
        private Worker _worker;
        private TrafficPlane _traffic;
        private bool _timeWasValid;

        /// <summary>Makes it.</summary>
        public Board(BoardFile board, MeConfiguration configuration, SerialEvents events, StatusLed led)
        {
            _board = board;
            _configuration = configuration;
            _events = events;
            _led = led;
            _wifi = new BoardWifi(configuration.Wifi.Ssid, configuration.Wifi.Password, events, _clock);
            _drive = new BoardDrive(configuration.Storage.Directory, "keys");
        }

        /// <summary>Starts everything, then looks after network, time, LED and status. Does not return.</summary>
        public void Run()
        {
            _led.Show(LedPattern.Joining);
            UdpPort port = OpenPort();
            Compose(port);
            Version version = Assembly.GetExecutingAssembly().GetName().Version;
            _events.Report(new MeEvent("started")
                .With("version", version.Major + "." + version.Minor + "." + version.Build)
                .With("listen", port.LocalEndPoint)
                .With("iccid", _uicc.Iccid)
                .With("target", SystemInfo.TargetName)
                .With("firmware", SystemInfo.Version.ToString()));
            for (int i = 0; i < _configuration.Notices.Length; i++)
            {
                _events.Report(_configuration.Notices[i]);
            }

            _timeWasValid = _clock.IsSet;
            _me.InsertUicc(_uicc);
            port.Start(_worker);
            Thread work = new Thread(Work);
            work.Start();
            new Watchdog(_worker, _wifi, _clock, _events).Start();
            new SerialConsole(_board, _worker, _events).Start();
            try
            {
                LookAfter();
            }
            catch (Exception)
            {
                // Main restarts the chip. The worker is well, and powers the ME down if it is not busy for long.
                _worker.Stop();
                work.Join(PowerDownMilliseconds);
                throw;
            }
        }

        private UdpPort OpenPort()
        {
            while (true)
            {
                try
                {
                    return new UdpPort(_configuration.Listen.Address, _configuration.Listen.Port);
                }
                catch (SocketException failure)
                {
                    _led.Show(LedPattern.Fault);
                    _events.Report(new MeEvent("configuration-wrong").With("reason", "mikey.listen: cannot use "
                        + _configuration.Listen.Address + ":" + _configuration.Listen.Port + ": socket error " + failure.ErrorCode));
                    Thread.Sleep(PortPeriodMilliseconds);
                }
            }
        }

        private void Compose(UdpPort port)
        {
            ICryptoEngine crypto = BoardCrypto.Create(_events);
            _traffic = new TrafficPlane(new BoardGroupNetwork(), port, crypto, _events);
            Peripherals machine = new Peripherals
            {
                Clock = _clock,
                Random = new BoardRandom(_clock),
                Crypto = crypto,
                Drive = _drive,
                Http = new BoardHttp(_wifi, _clock),
                Datagrams = port,
                Traffic = _traffic,
                Events = _events,
            };
            _uicc = new SoftwareUicc(
                machine.Crypto,
                _configuration.Uicc.Iccid,
                _configuration.Uicc.Imsi,
                _configuration.Uicc.MncLength,
                _configuration.Uicc.K,
                _configuration.Uicc.Opc,
                new BoardDrive(_configuration.Storage.Directory, "uicc-" + _configuration.Uicc.Iccid + "-"));
            _me = new MobileEquipment(machine, _configuration);
            _worker = new Worker(_me, _clock, QueueDepth);
            _traffic.Attach(_worker);
        }

        private void Work()
        {
            try
            {
                _worker.Run();
            }
            catch (Exception failure)
            {
                Restart.Because(_events, Restart.Describe(failure));
            }
        }

        private void LookAfter()
        {
            long nextStatus = _clock.UptimeMilliseconds;
            long nextAsking = nextStatus + AskForTimePeriodMilliseconds;
            while (true)
            {
                bool wasOnline = _wifi.IsOnline;
                _wifi.Check();
                if (_wifi.IsOnline && !wasOnline)
                {
                    _traffic.Rejoin();
                }

                bool timeIsValid = _clock.IsSet;
                if (timeIsValid && !_timeWasValid)
                {
                    // What was asked for without a time could not be taken, and may have been given up: ask again.
                    _events.Report(new MeEvent("time-set"));
                    _worker.Insert(_uicc);
                }

                _timeWasValid = timeIsValid;
                long now = _clock.UptimeMilliseconds;
                if (!timeIsValid && _wifi.IsOnline && now >= nextAsking)
                {
                    nextAsking = now + AskForTimePeriodMilliseconds;
                    _clock.AskForTime();
                }

                if (now >= nextStatus)
                {
                    nextStatus = now + StatusPeriodMilliseconds;
                    ReportStatus();
                }

                _led.Show(Pattern);
                Thread.Sleep(CheckPeriodMilliseconds);
            }
        }

        private LedPattern Pattern
        {
            get
            {
                return _drive.HasFailed ? LedPattern.Fault
                    : !_wifi.IsOnline ? LedPattern.Joining
                    : !_timeWasValid ? LedPattern.NoTime
                    : LedPattern.Running;
            }
        }

        private void ReportStatus()
        {
            _events.Report(new MeEvent("status")
                .With("uptimeSeconds", _clock.UptimeMilliseconds / 1000)
                .With("freeOctets", MemoryManager.Run(false))
                .With("online", _wifi.IsOnline)
                .With("timeValid", _timeWasValid)
                .With("msks", _me.Keys.Msks.Count)
                .With("dropped", _me.Drops.Count));
        }
    }
}
