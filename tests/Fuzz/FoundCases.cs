namespace MbmsMe.Tests.Fuzz;

/// <summary>
/// The harnesses without a fuzzer: every seed, and every input that a fuzzer ever failed with
/// (tests/Fuzz/Found/&lt;harness&gt;), holds all invariants.
/// </summary>
[TestClass]
[DoNotParallelize]
public class FoundCases
{
    public static IEnumerable<object[]> Names => Harnesses.All().Select(harness => new object[] { harness.Name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void SeedsHoldAllInvariants(string name)
    {
        Harness harness = Find(name);
        Replay(harness, harness.Seeds());
        Assert.IsGreaterThan(0, harness.Accepted, "every seed bounced");
    }

    /// <summary>One octet changed and all others right: a short run of a fuzzer seldom tries that.</summary>
    [TestMethod]
    [DynamicData(nameof(Names))]
    public void SeedsWithOneOctetChangedHoldAllInvariants(string name)
    {
        Harness harness = Find(name);
        Replay(harness, harness.Seeds().SelectMany(Neighbours));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void FoundCasesHoldAllInvariants(string name)
    {
        Harness harness = Find(name);
        string folder = Path.Combine(FoundFolder(), name);
        string[] files = Directory.Exists(folder) ? Directory.GetFiles(folder) : [];
        Replay(harness, files.Select(file => new Seed(Path.GetFileName(file), File.ReadAllBytes(file))));
    }

    /// <summary>The harness would be worth nothing if genuine messages did nothing either.</summary>
    [TestMethod]
    public void EveryGenuineMessageIsAccepted()
    {
        DatagramHarness harness = new();
        foreach ((string name, FakeMessage message) in MessageSeeds.Genuine(new LoadedMe()))
        {
            long before = harness.Accepted;
            harness.Run(message.Wire);
            Assert.AreEqual(before + 1, harness.Accepted, name);
        }
    }

    /// <summary>The judge itself: what happens without a valid MAC does not pass it.</summary>
    [TestMethod]
    public void TheJudgeSeesAChangeWithoutAValidMac()
    {
        LoadedMe me = new();
        foreach ((string name, FakeMessage message) in MessageSeeds.Genuine(me))
        {
            me.Reset();
            me.Freeze();
            me.Bench.Deliver(message);
            byte[] forged = (byte[])message.Wire.Clone();
            forged[^1] ^= 1;
            Assert.ThrowsExactly<InvariantException>(() => me.Judge(forged), name);
            Assert.IsTrue(me.Judge(message.Wire), name);
        }
    }

    private static IEnumerable<Seed> Neighbours(Seed seed)
    {
        for (int i = 0; i < seed.Input.Length; i++)
        {
            byte[] changed = (byte[])seed.Input.Clone();
            changed[i] ^= (byte)(1 << (i % 8));
            yield return new Seed(seed.Name + ", octet " + i, changed);
        }
    }

    private static Harness Find(string name) => Harnesses.All().Single(harness => harness.Name == name);

    private static void Replay(Harness harness, IEnumerable<Seed> inputs)
    {
        List<string> failures = [];
        foreach (Seed input in inputs)
        {
            try
            {
                harness.Run(input.Input);
            }
            catch (Exception failure)
            {
                failures.Add(input.Name + ": " + failure);
            }
        }

        Assert.IsEmpty(failures, string.Join(Environment.NewLine, failures.Take(5)));
    }

    // run.sh measures coverage with the inputs that afl-fuzz kept.
    private static string FoundFolder()
    {
        string other = Environment.GetEnvironmentVariable("MBMSME_FUZZ_CASES") ?? string.Empty;
        if (other.Length > 0)
        {
            return other;
        }

        for (DirectoryInfo folder = new(AppContext.BaseDirectory); folder.Parent != null; folder = folder.Parent)
        {
            string found = Path.Combine(folder.FullName, "tests", "Fuzz", "Found");
            if (Directory.Exists(found))
            {
                return found;
            }
        }

        throw new InvalidOperationException("no folder above " + AppContext.BaseDirectory + " holds tests/Fuzz/Found");
    }
}
