using System;
using System.Collections;
using System.Threading;
using MbmsMe.Control;
using MbmsMe.Machine;
using MbmsMe.Receiving;

namespace MbmsMe.Runtime
{
    /// <summary>
    /// The one thread that all protocol state belongs to, and what waits for it: a bounded queue of datagrams, some commands of
    /// the user, and a UICC that was inserted.
    /// </summary>
    public sealed class Worker
    {
        /// <summary>Milliseconds that <see cref="Run"/> sleeps at most between two turns.</summary>
        public const int LongestSleepMilliseconds = 60000;

        private const int MaxCommands = 4;
        private const string SwitchedOff = "the ME is being switched off; start it again";

        private readonly MobileEquipment _me;
        private readonly CommandConsole _console;
        private readonly ArrayList _commands = new ArrayList();
        private readonly Datagram[] _queue;
        private readonly AutoResetEvent _wake = new AutoResetEvent(false);
        private readonly IClock _clock;
        private int _first;
        private int _count;
        private uint _overflow;
        private IUicc _inserted;
        private bool _stopped;

        /// <summary>Makes it.</summary>
        /// <param name="me">The ME; only <see cref="Run"/>'s thread touches it from now on.</param>
        /// <param name="clock">The machine's clock.</param>
        /// <param name="depth">Datagrams the queue holds; when it is full the newest is dropped and counted.</param>
        public Worker(MobileEquipment me, IClock clock, int depth)
        {
            _me = me;
            _console = new CommandConsole(me);
            _clock = clock;
            _queue = new Datagram[depth];
            for (int i = 0; i < depth; i++)
            {
                _queue[i] = new Datagram();
            }

            LastTurn = clock.UptimeMilliseconds;
        }

        /// <summary>
        /// Uptime in milliseconds at which <see cref="Run"/> last took something up or found nothing to do: when that
        /// is long ago, it hangs.
        /// </summary>
        public long LastTurn { get; private set; }

        /// <summary>Queues a copy of a datagram. Any thread.</summary>
        public void Post(byte[] data, int length, object peer)
        {
            lock (_queue)
            {
                if (_count == _queue.Length)
                {
                    _overflow++;
                    return;
                }

                _queue[(_first + _count) % _queue.Length].Set(data, length, peer);
                _count++;
            }

            _wake.Set();
        }

        /// <summary>
        /// Has <see cref="Run"/> call <see cref="MobileEquipment.InsertUicc"/> before the next datagram. Any thread.
        /// </summary>
        public void Insert(IUicc uicc)
        {
            lock (_queue)
            {
                _inserted = uicc;
            }

            _wake.Set();
        }

        /// <summary>Has <see cref="Run"/> execute a command between two datagrams, and waits for the reply. Any other thread.</summary>
        /// <param name="line">The command, see <see cref="CommandConsole"/>.</param>
        /// <param name="timeoutMilliseconds">How long to wait while it is busy, as with HTTP; then the command is withdrawn.</param>
        /// <returns>The reply, one line of JSON.</returns>
        public string Ask(string line, int timeoutMilliseconds)
        {
            Command command = new Command(line);
            lock (_queue)
            {
                if (_stopped)
                {
                    return CommandConsole.Failure(SwitchedOff);
                }

                if (_commands.Count == MaxCommands)
                {
                    return CommandConsole.Failure("too many commands at once; try again");
                }

                _commands.Add(command);
            }

            _wake.Set();
            if (!command.Done.WaitOne(timeoutMilliseconds, false))
            {
                lock (_queue)
                {
                    if (_commands.Contains(command))
                    {
                        _commands.Remove(command);
                        return CommandConsole.Failure("the ME is busy and has not done it; try again");
                    }
                }

                // It has begun, and no command takes long.
                command.Done.WaitOne();
            }

            return command.Reply;
        }

        /// <summary>
        /// Works until <see cref="Stop"/>, then has the ME power down. The first UICC must be inserted in the ME before.
        /// </summary>
        public void Run()
        {
            Datagram current = new Datagram();
            while (!_stopped)
            {
                LastTurn = _clock.UptimeMilliseconds;
                IUicc inserted = TakeInserted();
                if (inserted != null)
                {
                    _me.InsertUicc(inserted);
                }

                bool worked = ExecuteCommand();
                if (TryTake(ref current))
                {
                    worked = true;
                    _me.Receive(current.Data, current.Length, current.Peer);
                }

                // Also between datagrams: a flood must not keep the ME from asking for its keys.
                _me.RunDue();
                if (worked)
                {
                    continue;
                }

                long wait = _me.NextDue - _clock.UptimeMilliseconds;
                if (wait > 0)
                {
                    _wake.WaitOne(wait < LongestSleepMilliseconds ? (int)wait : LongestSleepMilliseconds, false);
                }
            }

            RefuseCommands();
            _me.PowerDown();
        }

        /// <summary>Ends <see cref="Run"/> after what it is doing. Any thread.</summary>
        public void Stop()
        {
            lock (_queue)
            {
                _stopped = true;
            }

            _wake.Set();
        }

        private bool ExecuteCommand()
        {
            Command command = null;
            lock (_queue)
            {
                if (_commands.Count > 0)
                {
                    command = (Command)_commands[0];
                    _commands.RemoveAt(0);
                }
            }

            if (command != null)
            {
                command.Finish(_console.Execute(command.Line));
            }

            return command != null;
        }

        private void RefuseCommands()
        {
            lock (_queue)
            {
                for (int i = 0; i < _commands.Count; i++)
                {
                    ((Command)_commands[i]).Finish(CommandConsole.Failure(SwitchedOff));
                }

                _commands.Clear();
            }
        }

        private IUicc TakeInserted()
        {
            lock (_queue)
            {
                IUicc inserted = _inserted;
                _inserted = null;
                return inserted;
            }
        }

        // Trades the taken datagram's buffers for the caller's: nothing is copied or allocated.
        private bool TryTake(ref Datagram current)
        {
            uint overflow;
            bool taken;
            lock (_queue)
            {
                overflow = _overflow;
                _overflow = 0;
                taken = _count > 0;
                if (taken)
                {
                    Datagram next = _queue[_first];
                    _queue[_first] = current;
                    current = next;
                    _first = (_first + 1) % _queue.Length;
                    _count--;
                }
            }

            if (overflow > 0)
            {
                _me.Drops.Drop(DropReason.QueueFull, overflow);
            }

            return taken;
        }

        private sealed class Command
        {
            public readonly string Line;
            public readonly ManualResetEvent Done = new ManualResetEvent(false);
            public string Reply;

            public Command(string line)
            {
                Line = line;
            }

            public void Finish(string reply)
            {
                Reply = reply;
                Done.Set();
            }
        }

        private sealed class Datagram
        {
            public readonly byte[] Data = new byte[MikeyReceiver.MaxLength + 1];
            public int Length;
            public object Peer;

            public void Set(byte[] data, int length, object peer)
            {
                Array.Copy(data, 0, Data, 0, length);
                Length = length;
                Peer = peer;
            }
        }
    }
}
