namespace MbmsMe.Tests.Fuzz;

/// <summary>All harnesses.</summary>
internal static class Harnesses
{
    public static Harness[] All() =>
    [
        new MikeyHarness(), new DatagramHarness(), new GenuineHarness(), new DigestHarness(), new XmlHarness(), new SlotHarness(),
        new ConfigurationHarness(), new SrtpHarness(),
    ];
}
