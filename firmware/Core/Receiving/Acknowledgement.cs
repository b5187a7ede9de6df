using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Mikey;

namespace MbmsMe.Receiving
{
    /// <summary>The verification message that answers an MSK message (TS 33.246 clause 6.4.5.2), the ACK.</summary>
    internal sealed class Acknowledgement
    {
        private readonly Peripherals _machine;
        private readonly DropLog _drops;
        private readonly MikeyCrypto _crypto;

        /// <summary>Makes it.</summary>
        /// <param name="context">Where to send and to tell.</param>
        /// <param name="crypto">Holds the authentication key of the message that is answered.</param>
        public Acknowledgement(ReceivingContext context, MikeyCrypto crypto)
        {
            _machine = context.Machine;
            _drops = context.Drops;
            _crypto = crypto;
        }

        /// <summary>Sends it to where the message came from.</summary>
        public void Send(VerifiedMessage verified)
        {
            MskMessage message = verified.Message;
            bool sent = _machine.Datagrams.Send(verified.Peer, Build(message));

            // Whoever has heard a message can repeat it: the ACK goes out, but a flood of repeats is no flood of events.
            if (!verified.IsRepeat || _drops.MayReport())
            {
                _machine.Events.Report(verified.Describe(sent ? "ack-sent" : "ack-failed")
                    .With("mskId", Msk.WireId(verified.Group, message.KeyNumber, message.IsDraft2004))
                    .With("counter", message.Counter).With("repeated", verified.IsRepeat));
            }
        }

        // RFC 3830 clause 3.1: HDR, T, IDr, V.
        private byte[] Build(MskMessage message)
        {
            MikeyWriter writer = new MikeyWriter(MikeyDataType.PreSharedKeyVerification, false, message.CsbId)
                .Counter(message.Counter)
                .Id(MikeyConstants.IdNai, message.Idr.Data, message.Idr.Offset, message.Idr.Length)
                .V();
            byte[] verData = new byte[MikeyConstants.MacLength];
            _crypto.ComputeVerification(writer.ToArray(), message, verData);
            return writer.ToArray(verData);
        }
    }
}
