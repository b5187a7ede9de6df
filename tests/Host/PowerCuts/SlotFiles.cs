using MbmsMe.Hal.Common;

namespace MbmsMe.Tests.Host;

/// <summary>The slots as files: what cannot be read is not empty, and a refused write leaves what was there.</summary>
[TestClass]
public sealed class SlotFiles
{
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;
    private readonly FileSlots _slots;

    public SlotFiles()
    {
        _slots = new FileSlots(_directory, "keys");
    }

    [TestCleanup]
    public void Clean() => Directory.Delete(_directory, true);

    [TestMethod]
    public void AFileThatIsNotThereWasNeverWritten()
    {
        Assert.IsNull(_slots.Read(0));
        _slots.Write(1, [1, 2, 3]);
        Assert.IsNull(_slots.Read(0));
        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, _slots.Read(1));
    }

    [TestMethod]
    [DataRow(5, 2)]
    [DataRow(2, 5)]
    [DataRow(5, 0)]
    public void NothingOfTheFormerContentIsLeft(int former, int length)
    {
        _slots.Write(0, new byte[former]);
        byte[] image = [.. Enumerable.Repeat((byte)7, length)];
        _slots.Write(0, image);
        CollectionAssert.AreEqual(image, _slots.Read(0));
    }

    [TestMethod]
    public void AFileThatCannotBeOpenedIsNotEmptyAndStays()
    {
        _slots.Write(0, [1, 2, 3]);
        using (new FileStream(Path.Combine(_directory, "keys0"), FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.ThrowsExactly<IOException>(() => _slots.Read(0));
            Assert.ThrowsExactly<IOException>(() => _slots.Write(0, [4]));
        }

        CollectionAssert.AreEqual(new byte[] { 1, 2, 3 }, _slots.Read(0));
    }

    [TestMethod]
    public void WhereADirectoryStandsThereIsNothingAndWritesAreRefused()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "keys0"));
        Assert.IsNull(_slots.Read(0));
        Assert.ThrowsExactly<IOException>(() => _slots.Write(0, [4]));
        _slots.Write(1, [1]);
        CollectionAssert.AreEqual(new byte[] { 1 }, _slots.Read(1));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public async Task AnMePairsAndTakesMsksWithTheOtherSlotAlone(int slot)
    {
        await using MeAndLab pair = await MeAndLab.StartAsync();
        Directory.CreateDirectory(Path.Combine(pair.StateDirectory, $"keys{slot}"));
        pair.PowerOn();
        await pair.DeliveredAsync(default);
        for (int i = 0; i < 2; i++)
        {
            // The write that a slot refuses for the first time is not acknowledged: the BM-SC sends the message again.
            Mark mark = pair.Now;
            pair.Lab.Rekey(MeAndLab.News);
            await pair.DeliveredAsync(mark);
        }
    }
}
