using System.Threading;
using MbmsMe.Control;

namespace MbmsMe.Runtime
{
    /// <summary>A command of the user, and the reply that another thread waits for.</summary>
    internal sealed class Command : Input
    {
        private readonly CommandConsole _console;
        private readonly string _line;
        private readonly ManualResetEvent _done = new ManualResetEvent(false);

        /// <summary>Makes it.</summary>
        public Command(CommandConsole console, string line)
        {
            _console = console;
            _line = line;
        }

        /// <summary>The reply to a command that comes too late.</summary>
        public static string SwitchedOff
        {
            get { return CommandConsole.Failure("the ME is being switched off; start it again"); }
        }

        /// <summary>The reply, one line of JSON; null before there is one.</summary>
        public string Reply { get; private set; }

        /// <summary>Waits for the reply; false when it has not come in time. -1 for as long as it takes.</summary>
        public bool Wait(int timeoutMilliseconds)
        {
            return _done.WaitOne(timeoutMilliseconds, false);
        }

        /// <inheritdoc/>
        public override bool IsCommand
        {
            get { return true; }
        }

        /// <inheritdoc/>
        public override void GiveTo(MobileEquipment me)
        {
            Finish(_console.Execute(_line));
        }

        /// <inheritdoc/>
        public override void Drop()
        {
            Finish(SwitchedOff);
        }

        private void Finish(string reply)
        {
            Reply = reply;
            _done.Set();
        }
    }
}
