using CsCheck;
using MbmsMe.Http;
using MbmsMe.Machine;

namespace MbmsMe.Tests.Host;

/// <summary>The core's side of HTTP Digest against the lab's: response, rspauth, nextnonce, and what must not verify.</summary>
[TestClass]
public sealed class DigestAgrees
{
    private static readonly Gen<string> s_realm =
        Gen.Char["abcdefghijklmnopqrstuvwxyz0123456789@.-"].Array[1, 40].Select(text => "3GPP-bootstrapping@" + new string(text));

    [TestMethod]
    [DataRow("MD5")]
    [DataRow("AKAv1-MD5")]
    public void ResponseAndRspauth(string algorithm) =>
        Gen.Select(s_realm, RandomInputs.Printable(60), RandomInputs.Octets(0, 44), RandomInputs.Octets(0, 200), RandomInputs.Octets(1, 200)).Sample(
            (realm, username, password, body, answer) =>
            {
                Lab.DigestServer server = new(algorithm, new Lab.HttpFaults(), TimeProvider.System);
                DigestSession session = new(DigestChallenge.Find(server.Challenge(realm), algorithm), username, password, new Randomness());
                for (int use = 0; use < 2; use++) // the second time under the nextnonce
                {
                    Lab.DigestCredentials credentials = Authorize(session, body);
                    Assert.AreEqual(username, credentials["username"]);
                    Lab.DigestVerdict verdict = server.Verify(credentials, realm, password, Request(body), out string reason);
                    Assert.AreEqual(Lab.DigestVerdict.Accepted, verdict, reason);

                    string info = server.AuthenticationInfo(credentials, password, answer, withNextNonce: true)!;
                    byte[] altered = [.. answer];
                    altered[0] ^= 1;
                    Assert.IsFalse(session.Verify(info, altered), "rspauth covers the body");
                    Assert.IsTrue(session.Verify(info, answer), "rspauth");
                }
            },
            iter: RandomInputs.Count);

    [TestMethod]
    public void AnotherPasswordOrBodyIsRefused() =>
        Gen.Select(RandomInputs.Octets(1, 44), RandomInputs.Octets(1, 100), Gen.Bool).Sample(
            (password, body, alterPassword) =>
            {
                const string realm = "3GPP-bootstrapping@bmsc.example.org";
                Lab.DigestServer server = new("MD5", new Lab.HttpFaults(), TimeProvider.System);
                DigestSession session = new(DigestChallenge.Find(server.Challenge(realm), "MD5"), "user", password, new Randomness());
                Lab.DigestCredentials credentials = Authorize(session, body);
                (alterPassword ? password : body)[0] ^= 0x20;
                Assert.AreEqual(Lab.DigestVerdict.Refused, server.Verify(credentials, realm, password, Request(body), out _));
            },
            iter: RandomInputs.Count);

    private const string Target = "/keymanagement?requesttype=msk-request";

    private static Lab.DigestCredentials Authorize(DigestSession session, byte[] body)
    {
        string header = session.Authorize("POST", Target, body, null);
        Assert.IsTrue(Lab.DigestCredentials.TryParse(header, out Lab.DigestCredentials? credentials), header);
        return credentials;
    }

    private static Lab.HttpExchange Request(byte[] body) => new("POST", Target, "", null, body, System.Net.IPAddress.Loopback);

    private sealed class Randomness : IRandomSource
    {
        public void Fill(byte[] buffer) => Random.Shared.NextBytes(buffer);
    }
}
