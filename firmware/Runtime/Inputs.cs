using MbmsMe.Machine;

namespace MbmsMe.Runtime
{
    /// <summary>An HTTP response.</summary>
    internal sealed class HttpReplied : Input
    {
        private readonly HttpCall _call;
        private readonly HttpReply _reply;

        /// <summary>Makes it.</summary>
        public HttpReplied(HttpCall call, HttpReply reply)
        {
            _call = call;
            _reply = reply;
        }

        /// <inheritdoc/>
        public override object Call
        {
            get { return _call; }
        }

        /// <inheritdoc/>
        public override void GiveTo(MobileEquipment me)
        {
            me.TakeReply(_call, _reply);
        }
    }

    /// <summary>An HTTP call without a response.</summary>
    internal sealed class HttpFailed : Input
    {
        private readonly HttpCall _call;
        private readonly string _reason;

        /// <summary>Makes it.</summary>
        public HttpFailed(HttpCall call, string reason)
        {
            _call = call;
            _reason = reason;
        }

        /// <inheritdoc/>
        public override object Call
        {
            get { return _call; }
        }

        /// <inheritdoc/>
        public override void GiveTo(MobileEquipment me)
        {
            me.TakeFailure(_call, _reason);
        }
    }

    /// <summary>The result of an AKA run; whoever takes it wipes its keys.</summary>
    internal sealed class UiccReplied : Input
    {
        private readonly AkaCall _call;
        private readonly AkaResult _result;

        /// <summary>Makes it.</summary>
        public UiccReplied(AkaCall call, AkaResult result)
        {
            _call = call;
            _result = result;
        }

        /// <inheritdoc/>
        public override object Call
        {
            get { return _call; }
        }

        /// <inheritdoc/>
        public override void GiveTo(MobileEquipment me)
        {
            me.TakeReply(_call, _result);
        }

        /// <inheritdoc/>
        public override void Drop()
        {
            _result.Wipe();
        }
    }

    /// <summary>An AKA run that the UICC could not do.</summary>
    internal sealed class UiccFailed : Input
    {
        private readonly AkaCall _call;
        private readonly string _reason;

        /// <summary>Makes it.</summary>
        public UiccFailed(AkaCall call, string reason)
        {
            _call = call;
            _reason = reason;
        }

        /// <inheritdoc/>
        public override object Call
        {
            get { return _call; }
        }

        /// <inheritdoc/>
        public override void GiveTo(MobileEquipment me)
        {
            me.TakeFailure(_call, _reason);
        }
    }

    /// <summary>The machine has another address.</summary>
    internal sealed class AddressChanged : Input
    {
        /// <inheritdoc/>
        public override void GiveTo(MobileEquipment me)
        {
            me.ChangeAddress();
        }

        /// <inheritdoc/>
        public override bool Absorb(Input later)
        {
            return later is AddressChanged;
        }
    }

    /// <summary>The wall clock was set or has jumped.</summary>
    internal sealed class TimeChanged : Input
    {
        /// <inheritdoc/>
        public override void GiveTo(MobileEquipment me)
        {
            me.ChangeTime();
        }

        /// <inheritdoc/>
        public override bool Absorb(Input later)
        {
            return later is TimeChanged;
        }
    }

    /// <summary>What the traffic plane saw of the streams of a Key Group.</summary>
    internal sealed class TrafficReported : Input
    {
        /// <summary>Makes it.</summary>
        public TrafficReported(TrafficReport report)
        {
            Report = report;
        }

        /// <summary>What it saw.</summary>
        public TrafficReport Report { get; private set; }

        /// <inheritdoc/>
        public override void GiveTo(MobileEquipment me)
        {
            me.TakeReport(Report);
        }

        /// <inheritdoc/>
        public override bool Absorb(Input later)
        {
            TrafficReported other = later as TrafficReported;
            if (other == null || !other.Report.Group.Is(Report.Group))
            {
                return false;
            }

            Report = new TrafficReport(Report.Group, Report.Authentic + other.Report.Authentic);
            return true;
        }
    }
}
