using MbmsMe.Control;
using MbmsMe.Machine;
using MbmsMe.Receiving;

namespace MbmsMe.Runtime
{
    /// <summary>The one thread that all protocol state belongs to. It never waits but for the next thing to do.</summary>
    internal sealed class Worker
    {
        /// <summary>Milliseconds that <see cref="Run"/> sleeps at most between two turns.</summary>
        public const int LongestSleepMilliseconds = 20000;

        private readonly MobileEquipment _me;
        private readonly Inbox _inbox;
        private readonly IUiccGate _gate;
        private readonly IClock _clock;
        private readonly CommandConsole _console;
        private readonly object _uiccLock = new object();
        private UiccIdentity _inserted;
        private bool _uiccWasAway;
        private bool _stopped;

        /// <summary>Makes it.</summary>
        /// <param name="me">The ME; from <see cref="PowerOn"/> on only <see cref="Run"/>'s thread touches it.</param>
        /// <param name="inbox">What waits for it.</param>
        /// <param name="gate">Ends at once what a UICC that is gone has left behind.</param>
        /// <param name="clock">The machine's clock.</param>
        public Worker(MobileEquipment me, Inbox inbox, IUiccGate gate, IClock clock)
        {
            _me = me;
            _inbox = inbox;
            _gate = gate;
            _clock = clock;
            _console = new CommandConsole(me);
            LastTurn = clock.UptimeMilliseconds;
        }

        /// <summary>
        /// Uptime in milliseconds at which <see cref="Run"/> last took something up or found nothing to do: when that
        /// is longer ago than <see cref="LongestSleepMilliseconds"/>, it hangs.
        /// </summary>
        public long LastTurn { get; private set; }

        /// <summary>Gives the ME its first UICC. On the caller's thread, before <see cref="Run"/>.</summary>
        public void PowerOn(UiccIdentity identity)
        {
            _inserted = identity;
            _me.InsertUicc(identity);
        }

        /// <summary>
        /// A UICC was inserted. If it is another one, content of the former cannot be decrypted any more and no call begun for it
        /// goes on when this returns; the ME gets it before anything else. Any thread.
        /// </summary>
        public void InsertUicc(UiccIdentity identity)
        {
            lock (_uiccLock)
            {
                bool isOther = _inserted == null || _inserted.Iccid != identity.Iccid || _inserted.Imsi != identity.Imsi;
                bool removedFirst = _uiccWasAway;
                _inserted = identity;
                if (isOther)
                {
                    _uiccWasAway = true;
                    _gate.Shut();
                }

                _inbox.Post(new UiccChange(identity, removedFirst));
            }
        }

        /// <summary>The UICC was taken out: as with another one.</summary>
        public void RemoveUicc()
        {
            lock (_uiccLock)
            {
                _inserted = null;
                _uiccWasAway = true;
                _gate.Shut();
                _inbox.Post(new UiccChange(null, true));
            }
        }

        /// <summary>Has <see cref="Run"/> execute a command, and waits for the reply. Any other thread.</summary>
        /// <param name="line">The command, see <see cref="CommandConsole"/>.</param>
        /// <param name="timeoutMilliseconds">How long to wait while it is busy; then the command is withdrawn.</param>
        /// <returns>The reply, one line of JSON.</returns>
        public string Ask(string line, int timeoutMilliseconds)
        {
            if (_stopped)
            {
                return Command.SwitchedOff;
            }

            Command command = new Command(_console, line);
            if (!_inbox.TryPost(command))
            {
                return CommandConsole.Failure("too many commands at once; try again");
            }

            if (!command.Wait(timeoutMilliseconds))
            {
                if (_inbox.Withdraw(command))
                {
                    return CommandConsole.Failure("the ME is busy and has not done it; try again");
                }

                // It has begun, and no command takes long.
                command.Wait(-1);
            }

            return command.Reply;
        }

        /// <summary>Works until <see cref="Stop"/>, then has the ME power down.</summary>
        public void Run()
        {
            Datagram datagram = new Datagram();
            while (!_stopped)
            {
                LastTurn = _clock.UptimeMilliseconds;
                bool worked = GiveInputs();
                GiveUicc();
                ReportOverflow();
                if (_inbox.TryTakeDatagram(ref datagram))
                {
                    worked = true;
                    _me.Receive(datagram.Data, datagram.Length, datagram.Peer);
                }

                // Also between datagrams: a flood must not keep the ME from asking for its keys.
                _me.RunDue();
                if (!worked)
                {
                    Sleep();
                }
            }

            _inbox.Close();
            _me.PowerDown();
        }

        /// <summary>Ends <see cref="Run"/> after what it is doing. Any thread.</summary>
        public void Stop()
        {
            _stopped = true;
            _inbox.Wake();
        }

        // All of them, but for commands: those could come without end and keep datagrams waiting.
        private bool GiveInputs()
        {
            bool worked = false;
            int commands = 0;
            while (!_stopped && commands < Inbox.MaxCommands)
            {
                GiveUicc();
                Input input = _inbox.TakeInput();
                if (input == null)
                {
                    break;
                }

                worked = true;
                commands += input.IsCommand ? 1 : 0;
                input.GiveTo(_me);
            }

            return worked;
        }

        private void GiveUicc()
        {
            UiccChange change;
            lock (_uiccLock)
            {
                change = _inbox.TakeUicc();
                if (change == null)
                {
                    return;
                }

                // From here on only the ME itself, on this thread, brings MTKs and calls in.
                _uiccWasAway = false;
                _gate.Open();
            }

            change.GiveTo(_me);
        }

        private void ReportOverflow()
        {
            uint overflow = _inbox.TakeOverflow();
            if (overflow > 0)
            {
                _me.Drops.Drop(DropReason.QueueFull, overflow);
            }
        }

        private void Sleep()
        {
            long wait = _me.NextDue - _clock.UptimeMilliseconds;
            if (wait > 0)
            {
                _inbox.Sleep(wait < LongestSleepMilliseconds ? (int)wait : LongestSleepMilliseconds);
            }
        }
    }
}
