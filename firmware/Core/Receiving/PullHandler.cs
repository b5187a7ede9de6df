using System.Collections;
using MbmsMe.Keys;
using MbmsMe.Machine;
using MbmsMe.Requests;
using MbmsMe.Services;

namespace MbmsMe.Receiving
{
    /// <summary>What a genuine solicited pull does: the MSKs of its Key Group, or of all, are asked for (TS 33.246 clause 6.3.2.2.4).</summary>
    internal sealed class PullHandler
    {
        private readonly Peripherals _machine;
        private readonly KeyStore _store;
        private readonly ServiceTable _services;
        private readonly KeyRequester _requester;

        /// <summary>Makes it.</summary>
        public PullHandler(ReceivingContext context)
        {
            _machine = context.Machine;
            _store = context.Store;
            _services = context.Services;
            _requester = context.Requester;
        }

        /// <summary>Takes a pull that is no repeat. Returns why it was dropped, or null.</summary>
        public string Handle(VerifiedMessage pull)
        {
            ArrayList groups = GroupsOf(pull);
            if (!pull.Keys.TryAddPulls(groups))
            {
                return DropReason.StoreFull;
            }

            pull.Count();
            if (!_store.TryCommit())
            {
                return DropReason.StorageFailed;
            }

            _machine.Events.Report(pull.Describe("pull-accepted").With("expired", pull.Muk.IsExpired(_machine.Clock))
                .With("counter", pull.Message.Counter));
            for (int i = 0; i < groups.Count; i++)
            {
                _requester.Pull(pull.Sender, (KeyGroup)groups[i]);
            }

            return null;
        }

        private ArrayList GroupsOf(VerifiedMessage pull)
        {
            if (pull.Group.Group == KeyGroup.All)
            {
                return _services.GroupsWanted(pull.Sender, pull.Group.Domain);
            }

            ArrayList groups = new ArrayList();
            groups.Add(pull.Group);
            return groups;
        }
    }
}
