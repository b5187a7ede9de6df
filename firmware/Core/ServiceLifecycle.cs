using System.Collections;
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
    public sealed class ServiceLifecycle
    {
        private const int ForgetAgainMilliseconds = 60000;

        private readonly Peripherals _machine;
        private readonly KeyStore _store;
        private readonly KeyGroup[] _lacking; // what a service was left for
        private readonly bool[] _registered;
        private readonly long[] _forgetAt; // 0 for never
        private bool _started;

        /// <summary>Makes it; <see cref="Requester"/> comes before anything else.</summary>
        public ServiceLifecycle(Peripherals machine, MeService[] services, KeyStore store)
        {
            _machine = machine;
            _store = store;
            Services = new ServiceTable(services);
            _lacking = new KeyGroup[services.Length];
            _registered = new bool[services.Length];
            _forgetAt = new long[services.Length];
        }

        /// <summary>The services and where each stands.</summary>
        public ServiceTable Services { get; }

        /// <summary>Gets the keys.</summary>
        public KeyRequester Requester { private get; set; }

        /// <summary>
        /// A UICC is there: what the configuration activates is, what was left is tried again, and what the drive holds of
        /// MTKs goes to the traffic plane.
        /// </summary>
        /// <param name="isOther">False for the UICC that was there before, which may lack keys still.</param>
        public void Start(bool isOther)
        {
            for (int i = 0; i < Services.Services.Length; i++)
            {
                _registered[i] = _registered[i] && !isOther;
                if (Services[i] == ServiceState.Active)
                {
                    GetKeys(i);
                }
                else if (_started ? Services[i] == ServiceState.Left : Services.Services[i].StartsActive)
                {
                    Enter(i);
                    GetKeys(i);
                }
            }

            for (int i = 0; i < _forgetAt.Length && !_started; i++)
            {
                if (Services[i] == ServiceState.Inactive)
                {
                    // It was activated by command, and the command ended with the power.
                    Forget(i);
                }
            }

            _started = true;
            if (isOther)
            {
                InstallMtks();
            }
        }

        /// <summary>Activates a service.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Activate(string id)
        {
            int at = Services.Find(id);
            if (at < 0)
            {
                return Unknown(id);
            }

            if (Services[at] == ServiceState.Active)
            {
                return id + " is active already";
            }

            Enter(at);
            GetKeys(at);
            return null;
        }

        /// <summary>Deactivates a service and forgets what only it needed.</summary>
        /// <returns>Null when it is done, else why not.</returns>
        public string Deactivate(string id)
        {
            int at = Services.Find(id);
            if (at < 0)
            {
                return Unknown(id);
            }

            if (Services[at] == ServiceState.Inactive)
            {
                return id + " is not active";
            }

            MeService service = Services.Services[at];
            Exit(at, ServiceState.Inactive);
            Requester.CancelRegistration(service);
            if (service.Registers || _registered[at])
            {
                _registered[at] = false;
                Requester.Deregister(service);
            }

            _machine.Events.Report(new MeEvent("service-deactivated").With("service", id));
            Forget(at);
            return null;
        }

        /// <summary>Registers with the service's BM-SC, or deregisters.</summary>
        /// <returns>Null when it is under way, else why not.</returns>
        public string Register(string id, bool registers)
        {
            int at = Services.Find(id);
            if (at < 0)
            {
                return Unknown(id);
            }

            if (registers)
            {
                Requester.Register(Services.Services[at]);
            }
            else
            {
                Requester.Deregister(Services.Services[at]);
            }

            return null;
        }

        /// <summary>The BM-SC has registered the service: it sends the MSKs unasked, or is asked for them later.</summary>
        public void Registered(MeService service, bool registered)
        {
            int at = Services.Find(service.Id);
            _registered[at] = registered;
            if (registered && Services[at] == ServiceState.Left)
            {
                Enter(at);
            }

            if (registered && Services[at] == ServiceState.Active)
            {
                Requester.GetLacking(service, true);
            }
        }

        /// <summary>An MSK has come: services that were left for want of it are active again.</summary>
        public void Came(KeyGroup group)
        {
            for (int i = 0; i < _lacking.Length; i++)
            {
                if (Services[i] == ServiceState.Left && _lacking[i] != null && _lacking[i].Is(group))
                {
                    Enter(i);
                    GetKeys(i);
                }
            }
        }

        /// <summary>
        /// No MSK of a Key Group is to be had: active services that have no valid older one are left. True when keys were
        /// deleted, or tried to be.
        /// </summary>
        public bool LeaveFor(KeyGroup group, string reason)
        {
            bool written = false;
            if (!_store.State.HasValidMsk(group))
            {
                for (int i = 0; i < _lacking.Length; i++)
                {
                    if (Services[i] == ServiceState.Active && Services.Services[i].Uses(group))
                    {
                        written |= Leave(i, group, reason);
                    }
                }
            }

            return written;
        }

        /// <summary>The BM-SC does not register a service: it is left.</summary>
        public void LeaveUnregistered(MeService service, string reason)
        {
            int at = Services.Find(service.Id);
            if (Services[at] == ServiceState.Active)
            {
                Leave(at, null, reason);
            }
        }

        /// <summary>
        /// The drive refused a write, and keys that only RAM had may be gone: the traffic plane has the MTKs that are left, and
        /// what active services lack is asked for.
        /// </summary>
        public void Recover()
        {
            _machine.Traffic.Clear();
            InstallMtks();
            for (int i = 0; i < _lacking.Length; i++)
            {
                if (Services[i] == ServiceState.Active)
                {
                    Requester.GetLacking(Services.Services[i], true);
                }
            }
        }

        /// <summary>Uptime in milliseconds at which <see cref="RunDue"/> has something to do; long.MaxValue for never.</summary>
        public long NextDue
        {
            get
            {
                long next = long.MaxValue;
                for (int i = 0; i < _forgetAt.Length; i++)
                {
                    next = _forgetAt[i] != 0 && _forgetAt[i] < next ? _forgetAt[i] : next;
                }

                return next;
            }
        }

        /// <summary>Deletes the keys that the drive did not let go before.</summary>
        public void RunDue()
        {
            for (int i = 0; i < _forgetAt.Length; i++)
            {
                if (_forgetAt[i] != 0 && _forgetAt[i] <= _machine.Clock.UptimeMilliseconds)
                {
                    Forget(i);
                }
            }
        }

        private static string Unknown(string id)
        {
            return "no service " + id + " in the configuration";
        }

        private void Enter(int at)
        {
            MeService service = Services.Services[at];
            Services[at] = ServiceState.Active;
            _lacking[at] = null;
            _forgetAt[at] = 0;
            _machine.Traffic.Start(service.Id, service.MtkGroup, service.Flows);
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
                if (msk.Mtk != null)
                {
                    _machine.Traffic.Install(msk.Mtk);
                }
            }
        }

        private void GetKeys(int at)
        {
            MeService service = Services.Services[at];
            if (service.Registers && !_registered[at])
            {
                Requester.Register(service);
            }
            else
            {
                Requester.GetLacking(service, false);
            }
        }

        private void Exit(int at, ServiceState state)
        {
            Services[at] = state;
            _lacking[at] = null;
            _machine.Traffic.Stop(Services.Services[at].Id);
        }

        private bool Leave(int at, KeyGroup lacking, string reason)
        {
            MeService service = Services.Services[at];
            Exit(at, ServiceState.Left);
            _lacking[at] = lacking;
            Requester.CancelRegistration(service);
            _machine.Events.Report(new MeEvent("service-left").With("service", service.Id).With("reason", reason));
            return Forget(at);
        }

        // Deletes the MSKs that no active service needs besides, and stops asking for them. True when there were some.
        private bool Forget(int at)
        {
            MeService service = Services.Services[at];
            ArrayList gone = new ArrayList();
            bool changed = _forgetAt[at] != 0;
            for (int i = 0; i < service.Groups.Length; i++)
            {
                KeyGroup group = service.Groups[i];
                if (Services.Uses(group))
                {
                    continue;
                }

                Requester.Cancel(service.Bmsc, group);
                changed |= _store.State.Of(service.Bmsc.Fqdn).RemovePull(group);
                for (Msk msk = _store.State.NewestMsk(group); msk != null; msk = _store.State.NewestMsk(group))
                {
                    _store.State.Remove(msk);
                    gone.Add(msk);
                }
            }

            _forgetAt[at] = 0;
            if (!changed && gone.Count == 0)
            {
                return false;
            }

            if (!_store.TryCommit(_machine.Events))
            {
                _forgetAt[at] = _machine.Clock.UptimeMilliseconds + ForgetAgainMilliseconds;
                return true;
            }

            for (int i = 0; i < gone.Count; i++)
            {
                KeyEvents.ReportDeleted(
                    _machine, (Msk)gone[i], Services[at] == ServiceState.Left ? "service left" : "service deactivated");
            }

            // The slot of before has them still.
            if (gone.Count > 0 && !_store.TryCommit(_machine.Events))
            {
                _forgetAt[at] = _machine.Clock.UptimeMilliseconds + ForgetAgainMilliseconds;
            }

            return true;
        }
    }
}
