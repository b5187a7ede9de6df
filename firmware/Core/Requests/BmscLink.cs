using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Http;
using MbmsMe.Services;

namespace MbmsMe.Requests
{
    /// <summary>The way to one BM-SC: the exchange under way, one at a time, and what the last one left for the next.</summary>
    internal sealed class BmscLink
    {
        private DigestSession _session;
        private byte[] _sessionKey;

        /// <summary>Makes it.</summary>
        public BmscLink(BmscAddress bmsc)
        {
            Bmsc = bmsc;
        }

        /// <summary>The BM-SC.</summary>
        public BmscAddress Bmsc { get; }

        /// <summary>True while an exchange is under way.</summary>
        public bool IsBusy
        {
            get { return Message != null; }
        }

        /// <summary>The requests (<see cref="Request"/>) that the exchange under way is for; null when there is none.</summary>
        public ArrayList Batch { get; private set; }

        /// <summary>What the exchange under way posts; null when there is none.</summary>
        public RequestMessage Message { get; private set; }

        /// <summary>True while the exchange waits for GBA.</summary>
        public bool AwaitsKeys { get; set; }

        /// <summary>True once GBA has run because the BM-SC did not take the B-TID: it does so once in an exchange.</summary>
        public bool IsRenegotiated { get; set; }

        /// <summary>The Ua procedure under way, or null.</summary>
        public KeyManagementProcedure Procedure { get; set; }

        /// <summary>An exchange begins.</summary>
        public void Begin(RequestMessage message, ArrayList batch)
        {
            Message = message;
            Batch = batch;
            IsRenegotiated = false;
        }

        /// <summary>The exchange has ended.</summary>
        public void End()
        {
            if (Procedure != null)
            {
                Procedure.Wipe();
                Procedure = null;
            }

            AwaitsKeys = false;
            Message = null;
            Batch = null;
        }

        /// <summary>Keeps a digest session for the next exchange under the same B-TID.</summary>
        public void Keep(DigestSession session, byte[] btid)
        {
            Forget();
            _session = session;
            _sessionKey = btid;
        }

        /// <summary>Hands over the digest session kept under that B-TID, or null.</summary>
        public DigestSession TakeSession(byte[] btid)
        {
            DigestSession session = null;
            if (_session != null && Octets.Equals(btid, 0, btid.Length, _sessionKey))
            {
                session = _session;
                _session = null;
            }

            Forget();
            return session;
        }

        /// <summary>Forgets the digest session, as when the UICC changes.</summary>
        public void Forget()
        {
            if (_session != null)
            {
                _session.Wipe();
                _session = null;
            }
        }
    }
}
