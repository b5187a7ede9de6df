using CsCheck;
using MbmsMe.Binary;

namespace MbmsMe.Tests.Host;

/// <summary>Hexadecimal and Base64 of the core against <see cref="Convert"/>.</summary>
[TestClass]
public sealed class TextsAgree
{
    private static readonly Gen<byte[]> s_octets = RandomInputs.Octets(0, 70);

    [TestMethod]
    public void HexIsWritten() =>
        s_octets.Sample(
            octets =>
            {
                string expected = Convert.ToHexStringLower(octets);
                Assert.AreEqual(expected, Octets.ToHex(octets));
                Assert.AreEqual(expected, Octets.ToText(Octets.ToHexOctets(octets)));
            },
            iter: RandomInputs.Count);

    [TestMethod]
    public void NumbersAreWritten() =>
        Gen.UInt.Sample(value => Assert.AreEqual(value.ToString("x8"), Octets.ToHex(value, 4)), iter: RandomInputs.Count);

    [TestMethod]
    public void HexIsRead() =>
        Gen.Select(s_octets, Gen.Bool).Sample(
            (octets, upper) => CollectionAssert.AreEqual(
                octets, Octets.FromHex(upper ? Convert.ToHexString(octets) : Convert.ToHexStringLower(octets))),
            iter: RandomInputs.Count);

    [TestMethod]
    public void WhatIsNoHexIsRefused() =>
        Gen.Char["0123456789abcdefABCDEFgG \u0660"].Array[0, 6].Sample(
            characters =>
            {
                string text = new(characters);
                bool isHex = text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit);
                byte[]? read = Octets.FromHex(text);
                Assert.AreEqual(isHex, read is not null);
                CollectionAssert.AreEqual(isHex ? Convert.FromHexString(text) : null, read);
            },
            iter: RandomInputs.Count);

    [TestMethod]
    public void Base64IsWritten() =>
        s_octets.Sample(
            octets => Assert.AreEqual(Convert.ToBase64String(octets), Octets.ToText(Octets.ToBase64(octets))), iter: RandomInputs.Count);

    [TestMethod]
    public void Base64IsRead() =>
        RandomInputs.Octets(1, 70).Sample(
            octets => CollectionAssert.AreEqual(octets, Octets.FromBase64(Convert.ToBase64String(octets))), iter: RandomInputs.Count);

    /// <summary>Everything but white space, which <see cref="Convert"/> passes over and the core does not.</summary>
    [TestMethod]
    public void WhatIsNoBase64IsRefused() =>
        Gen.Char["ABYZabyz0189+/==-_!\u00e9"].Array[0, 12].Sample(
            characters =>
            {
                string text = new(characters);
                byte[] buffer = new byte[text.Length];
                bool isBase64 = Convert.TryFromBase64String(text, buffer, out int length) && text.Length > 0;
                byte[]? read = Octets.FromBase64(text);
                Assert.AreEqual(isBase64, read is not null, text);
                CollectionAssert.AreEqual(isBase64 ? buffer[..length] : null, read, text);
            },
            iter: RandomInputs.Count);
}
