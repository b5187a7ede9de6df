using System;
using System.Collections;
using System.Threading;

namespace MbmsMe.Runtime
{
    /// <summary>
    /// A thread that carries calls out one after the other, and posts how each ended to the inbox. It lives from the first call
    /// on: with 100 KiB of heap, threads made for every call stopped nanoCLR's garbage collector.
    /// </summary>
    internal abstract class CallThread
    {
        private const int PauseWithoutMemoryMilliseconds = 50;

        private readonly Inbox _inbox;
        private readonly ArrayList _waiting = new ArrayList();
        private readonly AutoResetEvent _wake = new AutoResetEvent(false);
        private object _current;
        private bool _currentIsUnwanted;
        private bool _isShut;
        private bool _mayRun;
        private bool _runs;
        private bool _stopped;

        /// <summary>Makes it.</summary>
        /// <param name="inbox">Gets the ends of the calls.</param>
        protected CallThread(Inbox inbox)
        {
            _inbox = inbox;
        }

        /// <summary>Lets the thread run; calls before wait for it.</summary>
        public void Start()
        {
            lock (_waiting)
            {
                _mayRun = true;
                Run();
            }
        }

        /// <summary>Queues a call; while it is shut the call is forgotten instead.</summary>
        public void Add(object call)
        {
            lock (_waiting)
            {
                if (_stopped || _isShut)
                {
                    return;
                }

                _waiting.Add(call);
                Run();
            }

            _wake.Set();
        }

        /// <summary>Forgets a call, wherever it stands: its end is not posted, or taken back.</summary>
        public void Cancel(object call)
        {
            lock (_waiting)
            {
                _waiting.Remove(call);
                if (_current != call)
                {
                    _inbox.WithdrawAnswer(call);
                    return;
                }

                _currentIsUnwanted = true;
            }

            Interrupt(call);
        }

        /// <summary>Forgets all calls, and those that come before <see cref="Open"/>: whoever began them cancels them in time.</summary>
        public void Shut()
        {
            lock (_waiting)
            {
                _isShut = true;
            }

            ForgetAll();
        }

        /// <summary>Calls may come again.</summary>
        public void Open()
        {
            lock (_waiting)
            {
                _isShut = false;
            }
        }

        /// <summary>Forgets all calls and ends the thread as soon as the one under way lets it.</summary>
        public void Stop()
        {
            lock (_waiting)
            {
                _stopped = true;
            }

            ForgetAll();
            _wake.Set();
        }

        /// <summary>Carries a call out, for as long as it takes, and says how it ended. On this thread.</summary>
        protected abstract Input CarryOut(object call);

        /// <summary>What is posted in place of an end for which there was no memory.</summary>
        protected abstract Input Failure(object call, string reason);

        /// <summary>The call that this thread is about to carry out, or carries out, need not be finished. Another thread.</summary>
        protected abstract void Interrupt(object call);

        private void ForgetAll()
        {
            object call;
            lock (_waiting)
            {
                _waiting.Clear();
                _currentIsUnwanted = true;
                call = _current;
            }

            if (call != null)
            {
                Interrupt(call);
            }
        }

        private void Run()
        {
            if (_mayRun && !_runs && _waiting.Count > 0)
            {
                _runs = true;
                new Thread(Work).Start();
            }
        }

        private void Work()
        {
            while (true)
            {
                object call = TakeNext();
                if (call != null)
                {
                    Finish(End(call));
                }
                else if (_stopped)
                {
                    return;
                }
                else
                {
                    _wake.WaitOne(Timeout.Infinite, false);
                }
            }
        }

        private object TakeNext()
        {
            lock (_waiting)
            {
                if (_waiting.Count > 0)
                {
                    _current = _waiting[0];
                    _currentIsUnwanted = false;
                    _waiting.RemoveAt(0);
                }

                return _current;
            }
        }

        private Input End(object call)
        {
            bool tried = false;
            while (true)
            {
                try
                {
                    if (tried)
                    {
                        return Failure(call, "out of memory");
                    }

                    tried = true;
                    return CarryOut(call);
                }
                catch (OutOfMemoryException)
                {
                    // On the board this would end the thread without a word, and the ME would wait for ever.
                    Thread.Sleep(PauseWithoutMemoryMilliseconds);
                }
                catch (Exception failure)
                {
                    // As well: whatever it is, the ME waits for an end of each call.
                    return Failure(call, failure.GetType().FullName + ": " + failure.Message);
                }
            }
        }

        private void Finish(Input end)
        {
            lock (_waiting)
            {
                _current = null;
                if (!_currentIsUnwanted)
                {
                    _inbox.Post(end);
                    return;
                }
            }

            end.Drop();
        }
    }
}
