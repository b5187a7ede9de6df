namespace MbmsMe.Machine
{
    /// <summary>The way to the USIM application of the UICC. Nothing here waits: a real card takes seconds.</summary>
    /// <remarks>
    /// Each call that was started and not cancelled ends once, in time, by
    /// <c>MobileEquipment.TakeReply</c> or <c>MobileEquipment.TakeFailure</c>.
    /// </remarks>
    public interface IUiccChannel
    {
        /// <summary>Starts AUTHENTICATE in 3G context (TS 31.102 clause 7.1.2).</summary>
        void Start(AkaCall call);

        /// <summary>Nobody wants the result any more; neither result nor failure comes of it.</summary>
        void Cancel(AkaCall call);
    }
}
