using MbmsMe.Services;

namespace MbmsMe.Requests
{
    /// <summary>Wants a service deregistered (TS 33.246 clause 6.3.2.1B).</summary>
    internal sealed class DeregisterRequest : ServiceRequest
    {
        /// <summary>Makes it.</summary>
        public DeregisterRequest(Service service)
            : base("deregister", service)
        {
        }

        /// <inheritdoc/>
        public override void Succeed(KeyRequester requester)
        {
            requester.Finish(this, "service-deregistered");
            requester.Observer.Deregistered(Service);
        }

        /// <inheritdoc/>
        public override void GiveUp(KeyRequester requester, string reason)
        {
            // The keys are forgotten already: that the BM-SC may go on sending them costs nothing.
        }
    }
}
