using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Mikey;
using MbmsMe.Services;

namespace MbmsMe.Receiving
{
    /// <summary>An MSK message or a solicited pull whose MAC is right and whose counter is fresh: what its handler may rely on.</summary>
    /// <remarks>It lasts as long as its datagram.</remarks>
    internal sealed class VerifiedMessage
    {
        /// <summary>Makes it.</summary>
        /// <param name="message">The message.</param>
        /// <param name="sender">The BM-SC it comes from.</param>
        /// <param name="keys">The keys shared with that BM-SC.</param>
        /// <param name="muk">The one of them that verified it.</param>
        /// <param name="peer">Where the datagram came from.</param>
        public VerifiedMessage(MskMessage message, BmscAddress sender, BmscKeys keys, Muk muk, object peer)
        {
            Message = message;
            Sender = sender;
            Keys = keys;
            Muk = muk;
            Peer = peer;
            Group = message.ToGroup();
            IsRepeat = message.Counter == muk.Counter;
        }

        /// <summary>The message.</summary>
        public MskMessage Message { get; }

        /// <summary>The BM-SC it comes from.</summary>
        public BmscAddress Sender { get; }

        /// <summary>The keys shared with that BM-SC.</summary>
        public BmscKeys Keys { get; }

        /// <summary>The one of them that verified it.</summary>
        public Muk Muk { get; }

        /// <summary>Where the datagram came from, for <see cref="IDatagramSender"/>.</summary>
        public object Peer { get; }

        /// <summary>The Key Group it is about.</summary>
        public KeyGroup Group { get; }

        /// <summary>True for a byte-identical repeat of the message accepted last.</summary>
        public bool IsRepeat { get; }

        /// <summary>What its keys are derived from.</summary>
        public MikeyKeySource KeySource
        {
            get { return new MikeyKeySource(Muk.Prepared, Message.CsbId, Message.Rand); }
        }

        /// <summary>
        /// Moves the counter on, and notes that the MUK was used successfully (TS 33.246 clauses 6.1 and 6.5.3); the store
        /// is the caller's to commit.
        /// </summary>
        public void Count()
        {
            Muk.Counter = Message.Counter;
            Muk.LastMac = Message.Mac.ToArray();
            Keys.MarkUsed(Muk);
        }

        /// <summary>An event about it.</summary>
        public MeEvent Describe(string name)
        {
            return KeyEvents.About(name, Group).With("profile", Message.Profile);
        }
    }
}
