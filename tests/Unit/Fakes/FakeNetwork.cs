using System.Collections;
using MbmsMe.Binary;
using MbmsMe.Machine;

namespace MbmsMe.Tests
{
    /// <summary>The HTTP world of the ME: a BSF and a BM-SC that do as a test tells them.</summary>
    public sealed class FakeNetwork : IHttpChannel
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

        /// <summary>The calls (<see cref="HttpCall"/>) that wait for an answer.</summary>
        public readonly ArrayList Pending = new ArrayList();

        /// <summary>Calls that were cancelled while they waited.</summary>
        public int Cancelled;

        /// <summary>True when BSF and BM-SCs hang: nothing is answered until it is false again.</summary>
        public bool Hangs;

        /// <summary>True when a call waits and will be answered.</summary>
        public bool HasWork
        {
            get { return Pending.Count > 0 && !Hangs; }
        }

        /// <inheritdoc/>
        public void Start(HttpCall call)
        {
            Pending.Add(call);
        }

        /// <inheritdoc/>
        public void Cancel(HttpCall call)
        {
            Assert.IsTrue(Pending.Contains(call), "cancels what is not under way");
            Pending.Remove(call);
            Cancelled++;
        }

        /// <summary>Answers the call that has waited longest.</summary>
        public void Work(MobileEquipment me)
        {
            HttpCall call = (HttpCall)Pending[0];
            Pending.RemoveAt(0);
            HttpReply reply = Answer(call);
            if (reply == null)
            {
                me.TakeFailure(call, Who(call) == "bsf-" ? "no answer from the BSF" : "no answer from the BM-SC");
            }
            else
            {
                me.TakeReply(call, reply);
            }
        }

        private static string Who(HttpCall call)
        {
            return call.Url.StartsWith(FakeBsf.Url) ? "bsf-" : call.Url.StartsWith(OtherUrl) ? "other-" : "bmsc-";
        }

        private HttpReply Answer(HttpCall call)
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
            string who = Who(call);
            Story += (Story.Length == 0 ? string.Empty : " ") + who;
            HttpReply reply = who == "bsf-" ? Bsf.Answer(call) : who == "other-" ? Other.Answer(call) : Bmsc.Answer(call);
            Story += reply == null ? string.Empty : reply.Status.ToString();
            return reply;
        }
    }
}
