using System.Collections;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Requests
{
    /// <summary>Something the ME wants of a BM-SC, until it has come or is given up. Its kinds say how to ask and what an answer means.</summary>
    public abstract class Request
    {
        /// <summary>Makes it.</summary>
        /// <param name="type">Value of the query parameter requesttype.</param>
        /// <param name="bmsc">The BM-SC.</param>
        protected Request(string type, BmscAddress bmsc)
        {
            Type = type;
            Bmsc = bmsc;
        }

        /// <summary>Value of the query parameter requesttype; requests of one type and BM-SC go into one POST.</summary>
        public string Type { get; }

        /// <summary>The BM-SC.</summary>
        public BmscAddress Bmsc { get; }

        /// <summary>Uptime in milliseconds at which to ask (again).</summary>
        public long DueAt { get; set; }

        /// <summary>How often it was asked for.</summary>
        public int Attempts { get; set; }

        /// <summary>True while it is being asked for.</summary>
        public bool IsUnderWay { get; set; }

        /// <summary>True when it was wanted anew while it was being asked for: the answer may be to what was true before.</summary>
        public bool IsWantedAnew { get; set; }

        /// <summary>True when the last answer was a yes and what it promised has yet to come.</summary>
        public bool IsGranted { get; set; }

        /// <summary>True when an MTK message caused it, which anyone may have sent.</summary>
        public bool IsMissedKey { get; set; }

        /// <summary>What the body of a right answer is, for the event log.</summary>
        public abstract string AnswerName { get; }

        /// <summary>True when both want the same.</summary>
        public abstract bool Is(Request other);

        /// <summary>True when wanting this makes the other pointless.</summary>
        public virtual bool Ends(Request other)
        {
            return false;
        }

        /// <summary>What to post.</summary>
        /// <param name="batch">This and all that go into one POST with it (<see cref="Request"/>).</param>
        public abstract RequestMessage Write(ArrayList batch);

        /// <summary>Reads the response codes; false when the body is not the answer to such a request.</summary>
        /// <param name="body">Body of the 200 OK.</param>
        /// <param name="batch">What was asked for, as in <see cref="Write"/>.</param>
        /// <param name="codes">Receives the response code of each, 0 where the response names none.</param>
        public abstract bool TryReadResponse(byte[] body, ArrayList batch, int[] codes);

        /// <summary>An event about it.</summary>
        public abstract MeEvent About(string name);

        /// <summary>The BM-SC said yes.</summary>
        public abstract void Succeed(KeyRequester requester);

        /// <summary>It is not to be had: it was taken from the queue.</summary>
        public abstract void GiveUp(KeyRequester requester, string reason);
    }
}
