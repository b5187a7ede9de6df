using System;
using System.Net.Sockets;
using System.Threading;
using MbmsMe.Configuration;
using MbmsMe.Hal.Common;
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
        // Each place that was ever needed holds a whole datagram of a kilobyte; LwIP holds about six more.
        private const int QueueDepth = 4;
        private const int CheckPeriodMilliseconds = 1000;
        private const int PollPeriodMilliseconds = 100;
        private const int StatusPeriodMilliseconds = 60000;
        private const int AskForTimePeriodMilliseconds = 300000;
        private const int PortPeriodMilliseconds = 10000;

        private readonly BoardFile _board;
        private readonly MeConfiguration _configuration;
        private readonly EventWriter _events;
        private readonly StatusLed _led;
        private readonly BoardClock _clock = new BoardClock();
        private readonly BoardWifi _wifi;
        private readonly BoardDrive _drive;
        private RunningMe _me;
        private ClockWatch _time;

        // Kept, or its timer would go with it.
        private Watchdog _watchdog;
        private SerialConsole _console;
        private bool _timeWasValid;

        /// <summary>Makes it.</summary>
        public Board(BoardFile board, MeConfiguration configuration, EventWriter events, StatusLed led)
        {
            _board = board;
            _configuration = configuration;
            _events = events;
            _led = led;
            WifiSettings wifi = configuration.Wifi;
            _wifi = new BoardWifi(wifi == null ? null : wifi.Ssid, wifi == null ? null : wifi.Password, events, _clock);
            _drive = new BoardDrive(configuration.Storage.Directory, "keys");
        }

        /// <summary>Starts everything, then looks after network, time, LED and status. Does not return.</summary>
        public void Run()
        {
            _led.Show(LedPattern.Joining);
            _me = Compose(OpenPort());
            _time = new ClockWatch(_clock);
            _timeWasValid = _clock.IsSet;
            _me.Started.With("target", SystemInfo.TargetName).With("firmware", SystemInfo.Version.ToString());
            _me.Start();
            _watchdog = new Watchdog(_me, _clock, _events);
            _watchdog.Start();
            _console = new SerialConsole(_board, _me, _events);
            try
            {
                LookAfter();
            }
            catch (Exception)
            {
                // Main restarts the chip. The worker is well, and powers the ME down.
                _me.Stop();
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

        private RunningMe Compose(UdpPort port)
        {
            ICryptoEngine crypto = BoardCrypto.Create(_events);
            return new RunningMe(
                new MeParts
                {
                    Clock = _clock,
                    Random = new BoardRandom(_clock),
                    Crypto = crypto,
                    Drive = _drive,
                    Http = new BoardHttp(_wifi, _clock),
                    Uicc = new SoftwareUicc(
                        crypto,
                        new UiccIdentity(_configuration.Uicc.Iccid, _configuration.Uicc.Imsi, _configuration.Uicc.MncLength),
                        _configuration.Uicc.K,
                        _configuration.Uicc.Opc,
                        new BoardDrive(_configuration.Storage.Directory, "uicc-" + _configuration.Uicc.Iccid + "-")),
                    Port = port,
                    Groups = new BoardGroupNetwork(),
                    Events = _events,
                    QueueDepth = QueueDepth,
                    OnWorkerFailed = OnWorkerFailed,
                },
                _configuration);
        }

        private void OnWorkerFailed(Exception failure)
        {
            Restart.Because(_events, Restart.Describe(failure));
        }

        private void LookAfter()
        {
            long nextStatus = _clock.UptimeMilliseconds;
            long nextAsking = nextStatus + AskForTimePeriodMilliseconds;
            while (true)
            {
                LookAfterNetwork();
                LookAfterTime();
                long now = _clock.UptimeMilliseconds;
                if (!_timeWasValid && _wifi.IsOnline && now >= nextAsking)
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
                for (long end = now + CheckPeriodMilliseconds; _clock.UptimeMilliseconds < end;)
                {
                    _console.Poll();
                    Thread.Sleep(PollPeriodMilliseconds);
                }
            }
        }

        private void LookAfterNetwork()
        {
            bool wasOnline = _wifi.IsOnline;
            string address = _wifi.Address;
            _wifi.Check();
            if (_wifi.IsOnline && !wasOnline)
            {
                _me.Rejoin();
            }

            if (address != null && _wifi.Address != address)
            {
                _me.ChangeAddress();
            }
        }

        private void LookAfterTime()
        {
            bool timeIsValid = _clock.IsSet;
            if (timeIsValid && !_timeWasValid)
            {
                _events.Report(new MeEvent("time-set"));
            }

            _timeWasValid = timeIsValid;
            if (_time.HasChanged())
            {
                _me.ChangeTime();
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
                .With("msks", _me.MskCount)
                .With("dropped", _me.DropCount));
        }
    }
}
