using MbmsMe.Configuration;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Receiving;
using MbmsMe.Requests;
using MbmsMe.Services;

namespace MbmsMe
{
    /// <summary>
    /// The mobile equipment of MBMS security (TS 33.246) with ME based key management. Events in, effects out: every input is a
    /// method here, every effect goes to the <see cref="Peripherals"/>, and nothing waits.
    /// </summary>
    /// <remarks>One thread calls it, with the inputs in the order they happen.</remarks>
    public sealed class MobileEquipment
    {
        private const int DriveAgainMilliseconds = 1000;
        private const string NoUicc = "there is no UICC, or the drive has not let go of another one's keys yet; the events say which";

        private readonly Peripherals _machine;
        private readonly BmscAddress[] _bmscs;
        private readonly KeyStore _store;
        private readonly ServiceLifecycle _lifecycle;
        private readonly KeyRequester _requester;
        private readonly MikeyReceiver _receiver;
        private UiccIdentity _inserted; // null without UICC
        private long _driveAt = long.MaxValue; // when a drive that refused is asked again; nothing goes on before

        /// <summary>Makes an ME; <see cref="InsertUicc"/> brings it to life.</summary>
        public MobileEquipment(Peripherals machine, MeConfiguration configuration)
        {
            _machine = machine;
            _bmscs = configuration.Bmscs;
            Services = new ServiceTable(configuration.Services);
            Drops = new DropLog(machine);
            _store = new KeyStore(machine, !configuration.Storage.DeletesAtPowerDown);
            _requester = new KeyRequester(machine, configuration, _store, Services);
            _lifecycle = new ServiceLifecycle(machine, Services, _store, _requester);
            _receiver = new MikeyReceiver(new ReceivingContext
            {
                Machine = machine,
                Bmscs = configuration.Bmscs,
                Store = _store,
                Services = Services,
                Requester = _requester,
                Drops = Drops,
            });
        }

        /// <summary>The services and where each stands.</summary>
        public ServiceTable Services { get; }

        /// <summary>Dropped datagrams.</summary>
        public DropLog Drops { get; }

        /// <summary>The keys held now; null without UICC, and while the drive keeps them from being used.</summary>
        public KeyState Keys
        {
            get { return _store.State; }
        }

        /// <summary>Uptime in milliseconds at which <see cref="RunDue"/> has something to do; long.MaxValue for never.</summary>
        public long NextDue
        {
            get
            {
                long due = Drops.NextDue < _driveAt ? Drops.NextDue : _driveAt;
                if (Keys == null)
                {
                    return due;
                }

                due = _requester.NextDue < due ? _requester.NextDue : due;
                due = _lifecycle.NextDue < due ? _lifecycle.NextDue : due;
                return _store.NextDue < due ? _store.NextDue : due;
            }
        }

        /// <summary>
        /// The UICC at power-on, or a UICC inserted later: keys of another one are deleted before anything else
        /// happens (TS 33.246 clause 6.1), however often the drive has to be asked; then the MSKs that the services lack are asked for.
        /// </summary>
        public void InsertUicc(UiccIdentity uicc)
        {
            _inserted = uicc;
            if (_store.IsBoundTo(uicc.Iccid, uicc.Imsi))
            {
                ChangeTime();
            }
            else
            {
                Bind();
            }
        }

        /// <summary>
        /// The UICC was taken out, or is absent at power-on: all keys die at once, in RAM, in the traffic plane and on the drive
        /// (TS 33.220 clauses 4.4.11 and 4.4.13).
        /// </summary>
        public void RemoveUicc()
        {
            _inserted = null;
            _requester.Stop();
            _machine.Events.Report(new MeEvent("uicc-removed"));
            Erase();
        }

        /// <summary>Takes one datagram that came to the MIKEY port.</summary>
        /// <param name="data">The datagram; not kept.</param>
        /// <param name="length">Octets of it.</param>
        /// <param name="peer">Its sender, for <see cref="IDatagramSender"/>.</param>
        public void Receive(byte[] data, int length, object peer)
        {
            _receiver.Receive(data, length, peer);
            Recover();
        }

        /// <summary>Does what is due by now.</summary>
        public void RunDue()
        {
            Drops.RunDue();
            if (Keys == null)
            {
                AskDriveAgain();
                return;
            }

            _store.RunDue();
            _lifecycle.RunDue();
            _requester.RunDue();
            Recover();
        }

        /// <summary>The response to an HTTP request has come.</summary>
        public void TakeReply(HttpCall call, HttpReply reply)
        {
            _requester.Exchanges.Take(call, reply);
            Recover();
        }

        /// <summary>No response to an HTTP request is to be had.</summary>
        /// <param name="call">The request.</param>
        /// <param name="reason">Why not, for the event log.</param>
        public void TakeFailure(HttpCall call, string reason)
        {
            _requester.Exchanges.TakeFailure(call, reason);
            Recover();
        }

        /// <summary>The UICC has answered.</summary>
        /// <param name="call">The challenge.</param>
        /// <param name="result">The answer; wiped here.</param>
        public void TakeReply(AkaCall call, AkaResult result)
        {
            _requester.Exchanges.Take(call, result);
            Recover();
        }

        /// <summary>The UICC could not answer.</summary>
        /// <param name="call">The challenge.</param>
        /// <param name="reason">Why not, for the event log.</param>
        public void TakeFailure(AkaCall call, string reason)
        {
            _requester.Exchanges.TakeFailure(call, reason);
            Recover();
        }

        /// <summary>The machine has another address, where BM-SCs do not send to yet.</summary>
        public void ChangeAddress()
        {
            if (Keys != null)
            {
                _lifecycle.RegisterAgain();
            }
        }

        /// <summary>The clock was set, or has jumped: what could not be had before may be had now.</summary>
        public void ChangeTime()
        {
            TellWhetherTimeIsSet();
            if (Keys != null)
            {
                _lifecycle.Resume();
                Recover();
            }
        }

        /// <summary>The traffic plane tells what it saw.</summary>
        public void TakeReport(TrafficReport report)
        {
            if (report.Authentic > 0)
            {
                _requester.NoteContent(report.Group);
            }
        }

        /// <summary>Activates a service: registers if the service wants that, gets its MSKs, receives it.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Activate(string service)
        {
            return Keys == null ? NoUicc : _lifecycle.Activate(service);
        }

        /// <summary>Deactivates a service: deregisters if it registered, forgets what only it needed.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Deactivate(string service)
        {
            return Keys == null ? NoUicc : _lifecycle.Deactivate(service);
        }

        /// <summary>Registers with the service's BM-SC, which then sends the service's MSKs.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Register(string service)
        {
            return Keys == null ? NoUicc : _lifecycle.Register(service, true);
        }

        /// <summary>Deregisters from the service's BM-SC.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Deregister(string service)
        {
            return Keys == null ? NoUicc : _lifecycle.Register(service, false);
        }

        /// <summary>
        /// The machine is about to be switched off: ends what is under way, and writes what the drive knows only in advance of the
        /// truth, so that MTKs go on where they were (TS 33.246 clause 6.1). Nothing may be called after it.
        /// </summary>
        public void PowerDown()
        {
            _requester.Stop();
            _store.Settle();
        }

        private void AskDriveAgain()
        {
            if (_driveAt > _machine.Clock.UptimeMilliseconds)
            {
                return;
            }

            if (_inserted == null)
            {
                Erase();
            }
            else
            {
                Bind();
            }
        }

        private void Erase()
        {
            _driveAt = _store.TryErase() ? long.MaxValue : _machine.Clock.UptimeMilliseconds + DriveAgainMilliseconds;
        }

        private void Bind()
        {
            _driveAt = long.MaxValue;
            if (!TryBind(_inserted))
            {
                _driveAt = _machine.Clock.UptimeMilliseconds + DriveAgainMilliseconds;
                return;
            }

            TellWhetherTimeIsSet();
            _requester.Start(_inserted);
            _lifecycle.Start();
            Recover();
        }

        private void TellWhetherTimeIsSet()
        {
            if (!_machine.Clock.IsSet)
            {
                _machine.Events.Report(new MeEvent("no-valid-time"));
            }
        }

        private bool TryBind(UiccIdentity uicc)
        {
            // First of all: what was received under another UICC's keys ends here, however long the drive takes.
            _machine.Traffic.Clear();
            _requester.Stop();
            BindResult result = _store.Bind(uicc.Iccid, uicc.Imsi);
            if (result.Failure != null)
            {
                _machine.Events.Report(KeyEvents.StorageFailed(result.Failure));
            }

            switch (result.Check)
            {
                case UiccCheck.Unavailable:
                    return false;
                case UiccCheck.Different:
                    _machine.Events.Report(new MeEvent("uicc-changed").With("iccid", uicc.Iccid));
                    break;
                case UiccCheck.Damaged:
                    _machine.Events.Report(new MeEvent("storage-unreadable").With(
                        "reason", "what the drive held is damaged or of another version of this firmware; it was deleted"));
                    break;
            }

            for (int i = 0; i < result.Deleted.Count; i++)
            {
                _machine.Events.Report(KeyEvents.Deleted((Msk)result.Deleted[i], "another UICC"));
            }

            for (int i = 0; i < _bmscs.Length; i++)
            {
                _store.State.Of(_bmscs[i].Fqdn);
            }

            _store.State.MakeRoom(_bmscs);
            return true;
        }

        // After a refused write.
        private void Recover()
        {
            if (_store.TakeReloaded())
            {
                _lifecycle.Recover();
            }
        }
    }
}
