using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Requests;
using MbmsMe.Services;

namespace MbmsMe
{
    /// <summary>
    /// Activates, deactivates and leaves services: who receives what, which keys are wanted, and which are forgotten
    /// (TS 33.246 clauses 6.3.2.2.1 and 6.3.2.2.2).
    /// </summary>
    public sealed class ServiceLifecycle : IRequestObserver
    {
        private const int ForgetAgainMilliseconds = 60000;

        private readonly Peripherals _machine;
        private readonly KeyStore _store;
        private readonly KeyRequester _requester;
        private long _forgetAt = long.MaxValue;
        private bool _started;

        /// <summary>Makes it.</summary>
        public ServiceLifecycle(Peripherals machine, ServiceTable services, KeyStore store, KeyRequester requester)
        {
            _machine = machine;
            _store = store;
            _requester = requester;
            Services = services;
            requester.Observer = this;
        }

        /// <summary>The services and where each stands.</summary>
        public ServiceTable Services { get; }

        /// <summary>
        /// Another UICC is there, or the first: what the configuration activates is, what was left is tried again, and what the
        /// drive holds of MTKs goes to the traffic plane.
        /// </summary>
        public void Start()
        {
            for (int i = 0; i < Services.Count; i++)
            {
                Services[i].IsRegistered = false;
                if (!_started && Services[i].Settings.StartsActive)
                {
                    Enter(Services[i]);
                }
            }

            for (int i = 0; i < Services.Count && !_started; i++)
            {
                if (Services[i].State == ServiceState.Inactive)
                {
                    // It was activated by command, and the command ended with the power.
                    Forget(Services[i]);
                }
            }

            _started = true;
            Resume();
            InstallMtks();
        }

        /// <summary>What was left is tried again, and what active services lack is asked for.</summary>
        public void Resume()
        {
            for (int i = 0; i < Services.Count; i++)
            {
                Service service = Services[i];
                if (service.State == ServiceState.Left)
                {
                    Enter(service);
                }

                if (service.IsActive)
                {
                    GetKeys(service);
                }
            }
        }

        /// <summary>The machine has another address: BM-SCs send to the one that registered (TS 33.246 clause 6.3.2.1A).</summary>
        public void RegisterAgain()
        {
            for (int i = 0; i < Services.Count; i++)
            {
                Service service = Services[i];
                if (service.IsActive && service.IsRegistered)
                {
                    service.IsRegistered = false;
                    GetKeys(service);
                }
            }
        }

        /// <summary>Activates a service.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Activate(string id)
        {
            Service service = Services.Find(id);
            if (service == null)
            {
                return Unknown(id);
            }

            if (service.IsActive)
            {
                return id + " is active already";
            }

            Enter(service);
            GetKeys(service);
            return null;
        }

        /// <summary>Deactivates a service and forgets what only it needed.</summary>
        /// <returns>Null when it is done, else why not.</returns>
        public string Deactivate(string id)
        {
            Service service = Services.Find(id);
            if (service == null)
            {
                return Unknown(id);
            }

            if (service.State == ServiceState.Inactive)
            {
                return id + " is not active";
            }

            Exit(service, ServiceState.Inactive);
            _requester.Cancel(new RegisterRequest(service));
            if (service.Settings.Registers || service.IsRegistered)
            {
                service.IsRegistered = false;
                _requester.Ask(new DeregisterRequest(service));
            }

            _machine.Events.Report(new MeEvent("service-deactivated").With("service", id));
            Forget(service);
            return null;
        }

        /// <summary>Registers with the service's BM-SC, or deregisters.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Register(string id, bool registers)
        {
            Service service = Services.Find(id);
            if (service == null)
            {
                return Unknown(id);
            }

            if (registers)
            {
                _requester.Ask(new RegisterRequest(service));
            }
            else
            {
                _requester.Ask(new DeregisterRequest(service));
            }

            return null;
        }

        /// <inheritdoc/>
        public void Registered(Service service)
        {
            service.IsRegistered = true;
            if (service.State == ServiceState.Left)
            {
                Enter(service);
            }

            if (service.IsActive)
            {
                _requester.GetLacking(service, true);
            }
        }

        /// <inheritdoc/>
        public void Deregistered(Service service)
        {
            service.IsRegistered = false;
        }

        /// <inheritdoc/>
        public void NotRegistered(Service service, string reason)
        {
            if (service.IsActive)
            {
                Leave(service, null, reason);
            }
        }

        /// <inheritdoc/>
        /// <remarks>Services that were left for want of it are active again.</remarks>
        public void MskCame(KeyGroup group)
        {
            for (int i = 0; i < Services.Count; i++)
            {
                Service service = Services[i];
                if (service.State == ServiceState.Left && service.Lacking != null && service.Lacking.Is(group))
                {
                    Enter(service);
                    GetKeys(service);
                }
            }
        }

        /// <inheritdoc/>
        /// <remarks>Active services that have no valid older one are left.</remarks>
        public bool MskNotToBeHad(KeyGroup group, string reason)
        {
            bool written = false;
            if (!_store.State.HasValidMsk(group))
            {
                for (int i = 0; i < Services.Count; i++)
                {
                    if (Services[i].IsActive && Services[i].Uses(group))
                    {
                        written |= Leave(Services[i], group, reason);
                    }
                }
            }

            return written;
        }

        /// <summary>
        /// The drive refused a write, and keys that only RAM had may be gone: the traffic plane has the MTKs that are left, and
        /// what active services lack is asked for.
        /// </summary>
        public void Recover()
        {
            _machine.Traffic.Clear();
            InstallMtks();
            for (int i = 0; i < Services.Count; i++)
            {
                if (Services[i].IsActive)
                {
                    _requester.GetLacking(Services[i], true);
                }
            }
        }

        /// <summary>Uptime in milliseconds at which <see cref="RunDue"/> has something to do; long.MaxValue for never.</summary>
        public long NextDue
        {
            get { return _forgetAt; }
        }

        /// <summary>Deletes the keys that the drive did not let go before.</summary>
        public void RunDue()
        {
            if (_forgetAt > _machine.Clock.UptimeMilliseconds)
            {
                return;
            }

            _forgetAt = long.MaxValue;
            for (int i = 0; i < Services.Count; i++)
            {
                if (Services[i].IsForgetting)
                {
                    Forget(Services[i]);
                }
            }
        }

        private static string Unknown(string id)
        {
            return "no service " + id + " in the configuration";
        }

        private void Enter(Service service)
        {
            service.State = ServiceState.Active;
            service.Lacking = null;
            service.IsForgetting = false;
            _machine.Traffic.Start(service.Id, service.Settings.MtkGroup, service.Settings.Flows);
            if (_started)
            {
                _machine.Events.Report(new MeEvent("service-activated").With("service", service.Id));
            }
        }

        private void InstallMtks()
        {
            for (int i = 0; i < _store.State.Msks.Count; i++)
            {
                Msk msk = (Msk)_store.State.Msks[i];
                if (msk.Window.Mtk != null)
                {
                    _machine.Traffic.Install(msk.Window.Mtk);
                }
            }
        }

        private void GetKeys(Service service)
        {
            if (service.Settings.Registers && !service.IsRegistered)
            {
                _requester.Ask(new RegisterRequest(service));
            }
            else
            {
                _requester.GetLacking(service, false);
            }
        }

        private void Exit(Service service, ServiceState state)
        {
            service.State = state;
            service.Lacking = null;
            _machine.Traffic.Stop(service.Id);
        }

        private bool Leave(Service service, KeyGroup lacking, string reason)
        {
            Exit(service, ServiceState.Left);
            service.Lacking = lacking;
            _requester.Cancel(new RegisterRequest(service));
            _machine.Events.Report(new MeEvent("service-left").With("service", service.Id).With("reason", reason));
            return Forget(service);
        }

        // Deletes the MSKs that no active service needs besides, and stops asking for them. True when there were some.
        private bool Forget(Service service)
        {
            string reason = service.State == ServiceState.Left ? "service left" : "service deactivated";
            bool changed = service.IsForgetting;
            for (int i = 0; i < service.Groups.Length; i++)
            {
                KeyGroup group = service.Groups[i];
                if (Services.Uses(group))
                {
                    continue;
                }

                _requester.Cancel(service.Bmsc, group);
                changed |= _store.State.Of(service.Bmsc.Fqdn).RemovePull(group);
                for (Msk msk = _store.State.NewestMsk(group); msk != null; msk = _store.State.NewestMsk(group))
                {
                    _store.Delete(msk, reason);
                    changed = true;
                }
            }

            service.IsForgetting = false;
            if (changed && !_store.TryCommit())
            {
                service.IsForgetting = true;
                _forgetAt = _machine.Clock.UptimeMilliseconds + ForgetAgainMilliseconds;
            }

            return changed;
        }
    }
}
