using MbmsMe.Services;

namespace MbmsMe.Requests
{
    /// <summary>Wants a service registered (TS 33.246 clause 6.3.2.1A).</summary>
    internal sealed class RegisterRequest : ServiceRequest
    {
        /// <summary>Makes it.</summary>
        public RegisterRequest(Service service)
            : base("register", service)
        {
        }

        /// <inheritdoc/>
        public override void Succeed(KeyRequester requester)
        {
            requester.Finish(this, "service-registered");
            requester.Observer.Registered(Service);
        }

        /// <inheritdoc/>
        public override void GiveUp(KeyRequester requester, string reason)
        {
            requester.Observer.NotRegistered(Service, reason);
        }
    }
}
