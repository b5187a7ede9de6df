namespace MbmsMe.Machine
{
    /// <summary>Stands in for the transport of a core that blocks; goes with that core.</summary>
    public interface IBlockingHttp
    {
        /// <summary>Sends.</summary>
        HttpReply Send(HttpCall call);
    }

    /// <summary>Stands in for the failure of that transport.</summary>
    public sealed class BlockingHttpException : System.Exception
    {
        /// <summary>Makes it.</summary>
        public BlockingHttpException(string message)
            : base(message)
        {
        }
    }

    /// <summary>Stands in for the UICC of a core that blocks.</summary>
    public interface IBlockingUicc
    {
        /// <summary>ICCID.</summary>
        string Iccid { get; }

        /// <summary>IMSI.</summary>
        string Imsi { get; }

        /// <summary>Digits of the MNC.</summary>
        int MncLength { get; }

        /// <summary>AUTHENTICATE.</summary>
        AkaResult Authenticate(byte[] rand, byte[] autn);
    }

    /// <summary>Stands in.</summary>
    public sealed class AbsentUicc : IBlockingUicc
    {
        private readonly UiccIdentity _identity;

        /// <summary>Stands in.</summary>
        public AbsentUicc(UiccIdentity identity)
        {
            _identity = identity;
        }

        /// <inheritdoc/>
        public string Iccid
        {
            get { return _identity.Iccid; }
        }

        /// <inheritdoc/>
        public string Imsi
        {
            get { return _identity.Imsi; }
        }

        /// <inheritdoc/>
        public int MncLength
        {
            get { return _identity.MncLength; }
        }

        /// <inheritdoc/>
        public AkaResult Authenticate(byte[] rand, byte[] autn)
        {
            throw new System.IO.IOException("stand-in");
        }
    }

    internal sealed class AbsentHttp : IBlockingHttp
    {
        public HttpReply Send(HttpCall call)
        {
            throw new BlockingHttpException("stand-in");
        }
    }
}
