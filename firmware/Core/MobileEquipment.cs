using System.Collections;
using System.IO;
using MbmsMe.Configuration;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Receiving;
using MbmsMe.Requests;
using MbmsMe.Services;

namespace MbmsMe
{
    /// <summary>
    /// The mobile equipment of MBMS security (TS 33.246) with ME based key management. One thread calls it: UICC
    /// insertions, datagrams and timers in the order they happen.
    /// </summary>
    public sealed class MobileEquipment
    {
        private readonly Peripherals _machine;
        private readonly BmscAddress[] _bmscs;
        private readonly KeyStore _store;
        private readonly ServiceLifecycle _lifecycle;
        private readonly KeyRequester _requester;
        private readonly MikeyReceiver _receiver;

        /// <summary>Makes an ME; <see cref="InsertUicc"/> brings it to life.</summary>
        public MobileEquipment(Peripherals machine, MeConfiguration configuration)
        {
            _machine = machine;
            _bmscs = configuration.Bmscs;
            _store = new KeyStore(machine.Drive, !configuration.Storage.DeletesAtPowerDown);
            _lifecycle = new ServiceLifecycle(machine, configuration.Services, _store);
            _requester = new KeyRequester(machine, configuration, _store, _lifecycle);
            Drops = new DropLog(machine);
            _receiver = new MikeyReceiver(machine, configuration, _store, _lifecycle.Services, _requester, Drops);
        }

        /// <summary>The services and where each stands.</summary>
        public ServiceTable Services
        {
            get { return _lifecycle.Services; }
        }

        /// <summary>Activates a service: registers if the service wants that, gets its MSKs, receives it.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Activate(string service)
        {
            return _lifecycle.Activate(service);
        }

        /// <summary>Deactivates a service: deregisters if it registered, forgets what only it needed.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Deactivate(string service)
        {
            return _lifecycle.Deactivate(service);
        }

        /// <summary>Registers with the service's BM-SC, which then sends the service's MSKs.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Register(string service)
        {
            return _lifecycle.Register(service, true);
        }

        /// <summary>Deregisters from the service's BM-SC.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Deregister(string service)
        {
            return _lifecycle.Register(service, false);
        }

        /// <summary>
        /// The machine is about to be switched off: writes what the drive knows only in advance of the truth, so that MTKs
        /// go on where they were (TS 33.246 clause 6.1). Nothing may be called after it.
        /// </summary>
        public void PowerDown()
        {
            try
            {
                _store.Settle();
            }
            catch (IOException failure)
            {
                _machine.Events.Report(KeyEvents.StorageFailed(failure));
            }
        }

        /// <summary>Dropped datagrams.</summary>
        public DropLog Drops { get; }

        /// <summary>The keys held now.</summary>
        public KeyState Keys
        {
            get { return _store.State; }
        }

        /// <summary>
        /// The UICC at power-on, or a UICC inserted later: keys of another one are deleted before anything else
        /// happens (TS 33.246 clause 6.1); then the MSKs that the services lack are asked for.
        /// </summary>
        public void InsertUicc(IUicc uicc)
        {
            bool isOther = !_store.IsBoundTo(uicc.Iccid, uicc.Imsi);
            if (isOther)
            {
                Bind(uicc);
            }

            if (!_machine.Clock.IsSet)
            {
                _machine.Events.Report(new MeEvent("no-valid-time"));
            }

            if (isOther)
            {
                _requester.Start(uicc);
            }

            _lifecycle.Start(isOther);
            Recover();
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

        /// <summary>Uptime in milliseconds at which <see cref="RunDue"/> has something to do; long.MaxValue for never.</summary>
        public long NextDue
        {
            get { return _requester.NextDue < _lifecycle.NextDue ? _requester.NextDue : _lifecycle.NextDue; }
        }

        /// <summary>Does what is due by now. Blocks while HTTP does.</summary>
        public void RunDue()
        {
            _lifecycle.RunDue();
            _requester.RunDue();
            Recover();
        }

        private void Bind(IUicc uicc)
        {
            // First of all: what was received under another UICC's keys ends here, however long the drive takes.
            _machine.Traffic.Clear();
            ArrayList deleted = new ArrayList();
            try
            {
                switch (_store.Bind(uicc.Iccid, uicc.Imsi, out deleted))
                {
                    case UiccCheck.Different:
                        _machine.Events.Report(new MeEvent("uicc-changed").With("iccid", uicc.Iccid));
                        break;
                    case UiccCheck.Unreadable:
                        _machine.Events.Report(new MeEvent("storage-unreadable").With(
                            "reason", "what the drive held is damaged or of another version of this firmware; it was deleted"));
                        break;
                }
            }
            catch (IOException failure)
            {
                _machine.Events.Report(KeyEvents.StorageFailed(failure));
            }

            for (int i = 0; i < deleted.Count; i++)
            {
                KeyEvents.ReportDeleted(_machine, (Msk)deleted[i], "another UICC");
            }

            for (int i = 0; i < _bmscs.Length; i++)
            {
                _store.State.Of(_bmscs[i].Fqdn);
            }

            _store.State.MakeRoom(_bmscs);
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
