using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The HTTP world of the ME: a BSF and a BM-SC that do as a test tells them.</summary>
    public sealed class FakeNetwork : IHttpTransport
    {
        /// <summary>URL of the other BM-SC.</summary>
        public const string OtherUrl = "http://other.test/keys";

        /// <summary>FQDN of the other BM-SC.</summary>
        public const string OtherFqdn = "other.example.org";

        /// <summary>The BSF.</summary>
        public readonly FakeBsf Bsf;

        /// <summary>The BM-SC's key management server.</summary>
        public readonly FakeKeyServer Bmsc;

        /// <summary>The key management server of another BM-SC, <see cref="OtherFqdn"/>.</summary>
        public readonly FakeKeyServer Other;

        /// <summary>Every call (<see cref="HttpCall"/>, copied).</summary>
        public readonly ArrayList Calls = new ArrayList();

        /// <summary>Who answered what, such as "bsf-401 bsf-200 bmsc-401 bmsc-200".</summary>
        public string Story = string.Empty;

        /// <summary>Makes it.</summary>
        public FakeNetwork(FakeClock clock)
        {
            Bsf = new FakeBsf(clock);
            Bmsc = new FakeKeyServer(clock, Bsf.Keys);
            Other = new FakeKeyServer(clock, Bsf.OtherKeys) { Realm = "3GPP-bootstrapping@" + OtherFqdn };
        }

        /// <summary>The most recent GBA key.</summary>
        public FakeGbaKey Key
        {
            get { return (FakeGbaKey)Bsf.Keys[Bsf.Keys.Count - 1]; }
        }

        /// <summary>The most recent GBA key of the other BM-SC.</summary>
        public FakeGbaKey OtherKey
        {
            get { return (FakeGbaKey)Bsf.OtherKeys[Bsf.OtherKeys.Count - 1]; }
        }

        /// <inheritdoc/>
        public HttpReply Send(HttpCall call)
        {
            Calls.Add(new HttpCall
            {
                Method = call.Method,
                Url = call.Url,
                UserAgent = call.UserAgent,
                Authorization = call.Authorization,
                ContentType = call.ContentType,
                Body = Octets.Slice(call.Body, 0, call.Body.Length),
            });
            bool toBsf = call.Url.StartsWith(FakeBsf.Url);
            bool toOther = call.Url.StartsWith(OtherUrl);
            Story += (Story.Length == 0 ? string.Empty : " ") + (toBsf ? "bsf-" : toOther ? "other-" : "bmsc-");
            HttpReply reply = toBsf ? Bsf.Answer(call) : toOther ? Other.Answer(call) : Bmsc.Answer(call);
            Story += reply.Status;
            return reply;
        }
    }
}
