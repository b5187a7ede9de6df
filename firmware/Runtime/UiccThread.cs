using System.IO;
using MbmsMe.Machine;

namespace MbmsMe.Runtime
{
    /// <summary>The UICC on a thread of its own, one AKA run at a time: a real card takes seconds.</summary>
    internal sealed class UiccThread : CallThread, IUiccChannel
    {
        private IUicc _uicc;

        /// <summary>Makes it; the thread comes with the first run after <see cref="CallThread.Start"/>.</summary>
        /// <param name="uicc">The UICC; null for none.</param>
        /// <param name="inbox">Gets results and failures.</param>
        public UiccThread(IUicc uicc, Inbox inbox)
            : base(inbox)
        {
            _uicc = uicc;
        }

        /// <summary>Another UICC, or null for none. Any thread.</summary>
        /// <remarks>
        /// Before <see cref="CallThread.Shut"/>, which ends what was begun on the one before; until then a run may meet the other
        /// card, which refuses a challenge that is not its own.
        /// </remarks>
        public void Change(IUicc uicc)
        {
            _uicc = uicc;
        }

        /// <inheritdoc/>
        public void Start(AkaCall call)
        {
            Add(call);
        }

        /// <inheritdoc/>
        public void Cancel(AkaCall call)
        {
            base.Cancel(call);
        }

        /// <inheritdoc/>
        protected override Input CarryOut(object call)
        {
            AkaCall challenge = (AkaCall)call;
            IUicc uicc = _uicc;
            if (uicc == null)
            {
                return Failure(call, "no UICC");
            }

            try
            {
                return new UiccReplied(challenge, uicc.Authenticate(challenge.Rand, challenge.Autn));
            }
            catch (IOException failure)
            {
                return Failure(call, failure.Message);
            }
        }

        /// <inheritdoc/>
        protected override Input Failure(object call, string reason)
        {
            return new UiccFailed((AkaCall)call, reason);
        }

        /// <inheritdoc/>
        /// <remarks>A card cannot be interrupted; what it answers is dropped.</remarks>
        protected override void Interrupt(object call)
        {
        }
    }
}
