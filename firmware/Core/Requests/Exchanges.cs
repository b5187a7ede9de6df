using System.Collections;
using MbmsMe.Configuration;
using MbmsMe.Gba;
using MbmsMe.Http;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Services;

namespace MbmsMe.Requests
{
    /// <summary>
    /// Authenticated exchanges with the BM-SCs, one at a time with each: GBA where a request needs a key, then Ua; when the BM-SC
    /// does not take the B-TID, GBA again, once (TS 33.246 clauses 6.1 and 6.2.1).
    /// </summary>
    /// <remarks>
    /// Nothing here waits: what is started comes back by one of the Take methods. What comes back for something that was
    /// cancelled meanwhile is of no effect.
    /// </remarks>
    internal sealed class Exchanges
    {
        /// <summary>
        /// Seconds that a GBA key must still be valid for a request to use it: the MSK message that follows comes under
        /// the MUK of the same age. GBA runs ahead of the expiry for a request only.
        /// </summary>
        public const int RenewalSeconds = 2;

        private readonly Peripherals _machine;
        private readonly KeyStore _store;
        private readonly string _bsfUrl;
        private readonly BmscLink[] _links;
        private readonly IExchangeObserver _observer;
        private BootstrappingProcedure _gba; // one run serves all that lack keys
        private HttpCall _gbaCall;
        private AkaCall _akaCall;
        private UiccIdentity _uicc;

        /// <summary>Makes it.</summary>
        public Exchanges(Peripherals machine, MeConfiguration configuration, KeyStore store, IExchangeObserver observer)
        {
            _machine = machine;
            _store = store;
            _bsfUrl = configuration.BsfUrl;
            _observer = observer;
            _links = new BmscLink[configuration.Bmscs.Length];
            for (int i = 0; i < _links.Length; i++)
            {
                _links[i] = new BmscLink(configuration.Bmscs[i]);
            }
        }

        /// <summary>True while an exchange with the BM-SC is under way.</summary>
        public bool IsBusy(BmscAddress bmsc)
        {
            return LinkTo(bmsc).IsBusy;
        }

        /// <summary>Starts over with a UICC, or without one (null).</summary>
        public void Start(UiccIdentity uicc)
        {
            CancelAll();
            _uicc = uicc;
            for (int i = 0; i < _links.Length; i++)
            {
                _links[i].Forget();
            }
        }

        /// <summary>Begins an exchange with a BM-SC that is not busy.</summary>
        /// <param name="bmsc">One of the configuration's BM-SCs.</param>
        /// <param name="message">What to post.</param>
        /// <param name="batch">What it is for, see <see cref="BmscLink.Batch"/>.</param>
        public void Begin(BmscAddress bmsc, RequestMessage message, ArrayList batch)
        {
            BmscLink link = LinkTo(bmsc);
            link.Begin(message, batch);
            GbaContext context = _store.State.Of(bmsc.Fqdn).Gba;
            if (context != null && context.IsValid(_machine.Clock, RenewalSeconds))
            {
                Ask(link, context);
            }
            else
            {
                AwaitKeys(link);
            }
        }

        /// <summary>The requests of the exchange under way with that BM-SC, or null.</summary>
        public ArrayList BatchOf(BmscAddress bmsc)
        {
            return LinkTo(bmsc).Batch;
        }

        /// <summary>Ends an exchange that nobody wants any more, at once.</summary>
        public void Cancel(BmscAddress bmsc)
        {
            BmscLink link = LinkTo(bmsc);
            if (link.Procedure != null && link.Procedure.Next != null)
            {
                _machine.Http.Cancel(link.Procedure.Next);
            }

            link.End();
            if (_gba != null && !IsGbaWanted)
            {
                CancelGba();
            }
        }

        /// <summary>Ends all exchanges at once.</summary>
        public void CancelAll()
        {
            for (int i = 0; i < _links.Length; i++)
            {
                if (_links[i].IsBusy)
                {
                    Cancel(_links[i].Bmsc);
                }
            }
        }

        /// <summary>A response has come.</summary>
        public void Take(HttpCall call, HttpReply reply)
        {
            HttpProcedure procedure = Awaiting(call);
            if (procedure == null)
            {
                return;
            }

            _machine.Events.Report(Described(procedure, reply.Status));
            procedure.Take(reply);
            Proceed(procedure);
        }

        /// <summary>No response is to be had.</summary>
        public void TakeFailure(HttpCall call, string reason)
        {
            HttpProcedure procedure = Awaiting(call);
            if (procedure == null)
            {
                return;
            }

            _machine.Events.Report(Described(procedure, 0).With("error", reason));
            procedure.TakeFailure(reason);
            Proceed(procedure);
        }

        /// <summary>The UICC has answered.</summary>
        public void Take(AkaCall call, AkaResult result)
        {
            if (call != _akaCall)
            {
                result.Wipe();
                return;
            }

            _akaCall = null;
            _gba.Take(result);
            Proceed(_gba);
        }

        /// <summary>The UICC could not answer.</summary>
        public void TakeFailure(AkaCall call, string reason)
        {
            if (call == _akaCall)
            {
                _akaCall = null;
                _gba.TakeUiccFailure(reason);
                Proceed(_gba);
            }
        }

        private static MeEvent Described(HttpProcedure procedure, int status)
        {
            return new MeEvent("http").With("requesttype", procedure.RequestType).With("status", status);
        }

        private BmscLink LinkTo(BmscAddress bmsc)
        {
            int at = 0;
            while (_links[at].Bmsc.Fqdn != bmsc.Fqdn)
            {
                at++;
            }

            return _links[at];
        }

        private HttpProcedure Awaiting(HttpCall call)
        {
            if (_gbaCall == call)
            {
                return _gba;
            }

            for (int i = 0; i < _links.Length; i++)
            {
                if (_links[i].Procedure != null && _links[i].Procedure.Next == call)
                {
                    return _links[i].Procedure;
                }
            }

            return null;
        }

        private void Proceed(HttpProcedure procedure)
        {
            if (procedure == _gba)
            {
                ProceedWithGba();
                return;
            }

            for (int i = 0; i < _links.Length; i++)
            {
                if (_links[i].Procedure == procedure)
                {
                    ProceedWithUa(_links[i]);
                    return;
                }
            }
        }

        private void Ask(BmscLink link, GbaContext context)
        {
            link.AwaitsKeys = false;
            link.Procedure = new KeyManagementProcedure(
                _machine.Random, link.Bmsc, context, link.TakeSession(context.Muk.Btid), link.Message);
            _machine.Http.Start(link.Procedure.Next);
        }

        private void ProceedWithUa(BmscLink link)
        {
            KeyManagementProcedure procedure = link.Procedure;
            if (!procedure.HasEnded)
            {
                _machine.Http.Start(procedure.Next);
            }
            else if (procedure.Outcome == ExchangeOutcome.RenegotiationNeeded && !link.IsRenegotiated)
            {
                procedure.Wipe();
                link.Procedure = null;
                link.IsRenegotiated = true;
                AwaitKeys(link);
            }
            else
            {
                if (procedure.Outcome == ExchangeOutcome.Success)
                {
                    link.Keep(procedure.TakeSession(), procedure.Btid);
                }

                End(link, new ExchangeResult(procedure.Outcome, procedure.Failure, procedure.Body));
            }
        }

        private void End(BmscLink link, ExchangeResult result)
        {
            ArrayList batch = link.Batch;
            link.End();
            _observer.Ended(batch, result);
        }

        private bool IsGbaWanted
        {
            get
            {
                for (int i = 0; i < _links.Length; i++)
                {
                    if (_links[i].AwaitsKeys)
                    {
                        return true;
                    }
                }

                return false;
            }
        }

        private void AwaitKeys(BmscLink link)
        {
            link.AwaitsKeys = true;
            if (_gba == null)
            {
                _gba = new BootstrappingProcedure(_machine, _bsfUrl, _uicc);
                ProceedWithGba();
            }
        }

        private void ProceedWithGba()
        {
            if (_gba.HasEnded)
            {
                EndGba();
            }
            else if (_gba.NextAka != null)
            {
                _gbaCall = null;
                _akaCall = _gba.NextAka;
                _machine.Uicc.Start(_akaCall);
            }
            else
            {
                _gbaCall = _gba.Next;
                _machine.Http.Start(_gbaCall);
            }
        }

        private void EndGba()
        {
            string failure = _gba.Failure;
            if (failure != null)
            {
                _machine.Events.Report(new MeEvent("gba-failed").With("reason", failure));
                failure = "GBA failed: " + failure;
            }
            else
            {
                _machine.Events.Report(new MeEvent("gba-ok").With("btid", _gba.Btid).With("lifetime", _gba.Lifetime));
                failure = TakeKeys() ? null : "the new GBA keys could not be stored";
            }

            ForgetGba();
            for (int i = 0; i < _links.Length; i++)
            {
                BmscLink link = _links[i];
                if (!link.AwaitsKeys)
                {
                    continue;
                }

                if (failure == null)
                {
                    Ask(link, _store.State.Of(link.Bmsc.Fqdn).Gba);
                }
                else
                {
                    End(link, new ExchangeResult(ExchangeOutcome.Failure, failure, null));
                }
            }
        }

        // For every BM-SC that lacks valid keys: Ks is forgotten at once, so now is the time to derive them.
        private bool TakeKeys()
        {
            for (int i = 0; i < _links.Length; i++)
            {
                BmscKeys keys = _store.State.Of(_links[i].Bmsc.Fqdn);
                if (_links[i].AwaitsKeys || keys.Gba == null || !keys.Gba.IsValid(_machine.Clock, RenewalSeconds))
                {
                    keys.Replace(_gba.Derive(keys.Fqdn));
                }
            }

            return _store.TryCommit();
        }

        private void CancelGba()
        {
            if (_gbaCall != null)
            {
                _machine.Http.Cancel(_gbaCall);
            }

            if (_akaCall != null)
            {
                _machine.Uicc.Cancel(_akaCall);
            }

            ForgetGba();
        }

        private void ForgetGba()
        {
            _gba.Wipe();
            _gba = null;
            _gbaCall = null;
            _akaCall = null;
        }
    }
}
