using System.Collections;
using System.Threading;
using MbmsMe.Mikey;

namespace MbmsMe.Runtime
{
    /// <summary>
    /// Everything that waits for the worker: a change of the UICC, which goes first; then inputs in the order they came; then
    /// datagrams, MTK messages apart from all others. Any thread posts, the worker takes; nothing here waits but it.
    /// </summary>
    /// <remarks>
    /// Bounded: datagrams and commands by their places, replies by the calls the ME has started, and what comes by itself
    /// (address, time, traffic) is taken up in what waits already. MTK messages come to whole groups and are repeated, so a flood
    /// of them must not push out MSK messages, which come once, to this ME alone; the worker takes the two in turn.
    /// </remarks>
    internal sealed class Inbox : IDatagramQueue
    {
        /// <summary>Commands that may wait.</summary>
        public const int MaxCommands = 4;

        private readonly object _lock = new object();
        private readonly ArrayList _inputs = new ArrayList();
        private readonly DatagramRing _messages;
        private readonly DatagramRing _mtks;
        private readonly AutoResetEvent _wake = new AutoResetEvent(false);
        private Datagram _free;
        private UiccChange _uicc;
        private uint _overflow;
        private bool _mtkIsNext;
        private bool _closed;

        /// <summary>Makes it.</summary>
        /// <param name="depth">Datagrams that each of the two queues holds; when one is full its newest is lost and counted.</param>
        public Inbox(int depth)
        {
            _messages = new DatagramRing(depth);
            _mtks = new DatagramRing(depth);
        }

        /// <summary>Inputs that wait.</summary>
        public int InputCount
        {
            get
            {
                lock (_lock)
                {
                    return _inputs.Count;
                }
            }
        }

        /// <inheritdoc/>
        public void Post(byte[] data, int length, object peer)
        {
            DatagramRing ring = MtkClassifier.LooksLikeMtk(data, length) ? _mtks : _messages;
            lock (_lock)
            {
                if (ring.IsFull)
                {
                    _overflow++;
                    return;
                }

                Datagram place = _free ?? new Datagram();
                _free = place.Next;
                place.Set(data, length, peer);
                ring.Put(place);
            }

            _wake.Set();
        }

        /// <summary>Queues a change of the UICC ahead of everything, in place of one that still waits.</summary>
        public void Post(UiccChange change)
        {
            lock (_lock)
            {
                _uicc = change;
            }

            _wake.Set();
        }

        /// <summary>Queues an input.</summary>
        public void Post(Input input)
        {
            lock (_lock)
            {
                Add(input);
            }

            _wake.Set();
        }

        /// <summary>Queues a command; false when as many wait as may.</summary>
        public bool TryPost(Command command)
        {
            lock (_lock)
            {
                int waiting = 0;
                for (int i = 0; i < _inputs.Count; i++)
                {
                    waiting += ((Input)_inputs[i]).IsCommand ? 1 : 0;
                }

                if (waiting == MaxCommands)
                {
                    return false;
                }

                Add(command);
            }

            _wake.Set();
            return true;
        }

        /// <summary>Takes an input back; false when the worker has it already.</summary>
        public bool Withdraw(Input input)
        {
            lock (_lock)
            {
                int at = _inputs.IndexOf(input);
                if (at >= 0)
                {
                    _inputs.RemoveAt(at);
                }

                return at >= 0;
            }
        }

        /// <summary>Takes back, and drops, what answers a call that nobody wants answered any more.</summary>
        public void WithdrawAnswer(object call)
        {
            lock (_lock)
            {
                for (int i = _inputs.Count - 1; i >= 0; i--)
                {
                    Input input = (Input)_inputs[i];
                    if (input.Call == call)
                    {
                        _inputs.RemoveAt(i);
                        input.Drop();
                    }
                }
            }
        }

        /// <summary>Takes the change of the UICC that waits, or null.</summary>
        public UiccChange TakeUicc()
        {
            lock (_lock)
            {
                UiccChange change = _uicc;
                _uicc = null;
                return change;
            }
        }

        /// <summary>Takes the input that has waited longest, or null.</summary>
        public Input TakeInput()
        {
            lock (_lock)
            {
                if (_inputs.Count == 0)
                {
                    return null;
                }

                Input input = (Input)_inputs[0];
                _inputs.RemoveAt(0);
                return input;
            }
        }

        /// <summary>Trades a datagram that waits for one whose buffer is free.</summary>
        public bool TryTakeDatagram(ref Datagram datagram)
        {
            lock (_lock)
            {
                DatagramRing next = _mtkIsNext ? _mtks : _messages;
                DatagramRing other = _mtkIsNext ? _messages : _mtks;
                _mtkIsNext = !_mtkIsNext;
                Datagram taken = next.Take() ?? other.Take();
                if (taken == null)
                {
                    return false;
                }

                // The next that comes gets it: so there are no more than ever waited at once.
                datagram.Next = _free;
                _free = datagram;
                datagram = taken;
                return true;
            }
        }

        /// <summary>Datagrams for which there was no room since this was last asked.</summary>
        public uint TakeOverflow()
        {
            lock (_lock)
            {
                uint overflow = _overflow;
                _overflow = 0;
                return overflow;
            }
        }

        /// <summary>The worker sleeps until something is posted, at most so long.</summary>
        public void Sleep(int milliseconds)
        {
            _wake.WaitOne(milliseconds, false);
        }

        /// <summary>Wakes the worker.</summary>
        public void Wake()
        {
            _wake.Set();
        }

        /// <summary>Drops all inputs, and those that come later.</summary>
        public void Close()
        {
            lock (_lock)
            {
                _closed = true;
                for (int i = 0; i < _inputs.Count; i++)
                {
                    ((Input)_inputs[i]).Drop();
                }

                _inputs.Clear();
            }
        }

        private void Add(Input input)
        {
            if (_closed)
            {
                input.Drop();
                return;
            }

            for (int i = 0; i < _inputs.Count; i++)
            {
                if (((Input)_inputs[i]).Absorb(input))
                {
                    return;
                }
            }

            _inputs.Add(input);
        }
    }
}
