namespace MbmsMe.Machine
{
    /// <summary>HTTP to BSF and BM-SC, without authentication, redirects or cookies of its own. Nothing here waits.</summary>
    /// <remarks>
    /// Each call that was started and not cancelled ends once, in time, by
    /// <c>MobileEquipment.TakeReply</c> or <c>MobileEquipment.TakeFailure</c>.
    /// </remarks>
    public interface IHttpChannel
    {
        /// <summary>Starts an exchange: the request goes out, and the whole response comes back whatever its status.</summary>
        void Start(HttpCall call);

        /// <summary>Ends an exchange that nobody wants any more; neither reply nor failure comes of it.</summary>
        void Cancel(HttpCall call);
    }
}
