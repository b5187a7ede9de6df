using MbmsMe.Mikey;

namespace MbmsMe.Receiving
{
    /// <summary>What comes to the MIKEY port: a datagram's form, and by it the kind of message, whose receiver goes on.</summary>
    /// <remarks>
    /// All receivers check from cheap to costly, allocate nothing before cryptography, and change and send nothing before
    /// the MAC has verified.
    /// </remarks>
    public sealed class MikeyReceiver
    {
        /// <summary>Octets of the longest message taken.</summary>
        public const int MaxLength = 1024;

        private readonly DropLog _drops;
        private readonly MikeyMessage _message = new MikeyMessage();
        private readonly MskMessage _mskMessage = new MskMessage();
        private readonly MtkMessage _mtkMessage = new MtkMessage();
        private readonly MskReceiver _msks;
        private readonly MtkReceiver _mtks;

        /// <summary>Makes it.</summary>
        public MikeyReceiver(ReceivingContext context)
        {
            MikeyCrypto crypto = new MikeyCrypto(context.Machine.Crypto);
            _drops = context.Drops;
            _msks = new MskReceiver(context, crypto);
            _mtks = new MtkReceiver(context, crypto);
        }

        /// <summary>Takes one datagram.</summary>
        /// <param name="data">The datagram; not kept.</param>
        /// <param name="length">Octets of it.</param>
        /// <param name="peer">Its sender, for the ACK.</param>
        public void Receive(byte[] data, int length, object peer)
        {
            string reason = Take(data, length, peer);
            if (reason != null)
            {
                _drops.Drop(reason, 1);
            }
        }

        private string Take(byte[] data, int length, object peer)
        {
            if (length > MaxLength)
            {
                return DropReason.Oversized;
            }

            if (!_message.TryRead(data, length))
            {
                return DropReason.Malformed;
            }

            if (_message.DataType != MikeyDataType.PreSharedKey)
            {
                return DropReason.UnexpectedType;
            }

            return _mtkMessage.TryTake(_message) ? _mtks.Receive(_mtkMessage)
                : _mskMessage.TryTake(_message) ? _msks.Receive(_mskMessage, peer)
                : DropReason.Malformed;
        }
    }
}
