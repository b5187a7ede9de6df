using System.Collections;

namespace MbmsMe.Requests
{
    /// <summary>Learns how exchanges end.</summary>
    internal interface IExchangeObserver
    {
        /// <summary>An exchange that was begun, and not cancelled, has ended.</summary>
        /// <param name="batch">The requests (<see cref="Request"/>) it was for.</param>
        /// <param name="result">How it ended.</param>
        void Ended(ArrayList batch, ExchangeResult result);
    }
}
