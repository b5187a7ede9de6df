using MbmsMe.Hal.Common;
using MbmsMe.Hal.Host;
using MbmsMe.Machine;

namespace MbmsMe.Tests.Host;

/// <summary>What the programs notice of their machine: a clock that jumps, another address.</summary>
[TestClass]
public sealed class MachineWatches
{
    [TestMethod]
    public void AClockThatRunsHasNotChanged()
    {
        Clock clock = new() { IsSet = true, UnixSeconds = 1000 };
        ClockWatch watch = new(clock);
        for (int i = 1; i < 100; i++)
        {
            // A watch that looks late, a clock that tells whole seconds, and SNTP that corrects a little.
            clock.UptimeMilliseconds = (i * 7300) + (i % 3 * 400);
            clock.UnixSeconds = 1000 + (clock.UptimeMilliseconds / 1000) + (i % 2);
            Assert.IsFalse(watch.HasChanged(), $"{i}");
        }
    }

    [TestMethod]
    [DataRow(3)]
    [DataRow(-3)]
    [DataRow(100000000)]
    [DataRow(-100000000)]
    public void AJumpIsToldOnce(int seconds)
    {
        Clock clock = new() { IsSet = true, UnixSeconds = 1000000000 };
        ClockWatch watch = new(clock);
        clock.UnixSeconds += seconds;
        Assert.IsTrue(watch.HasChanged());
        Assert.IsFalse(watch.HasChanged());
    }

    [TestMethod]
    public void AClockThatIsSetIsTold()
    {
        Clock clock = new() { UnixSeconds = 1000000000 };
        ClockWatch watch = new(clock);
        clock.UnixSeconds += 100;
        Assert.IsFalse(watch.HasChanged(), "nothing to go by before it is set");
        clock.IsSet = true;
        Assert.IsTrue(watch.HasChanged());
        Assert.IsFalse(watch.HasChanged());
    }

    [TestMethod]
    public void AnotherAddressIsToldOnceAndOneThatOnlyGoesIsNot()
    {
        string? address = null;
        AddressWatch watch = new(() => address);
        Assert.IsFalse(watch.HasChanged());
        address = "10.0.0.1";
        Assert.IsFalse(watch.HasChanged(), "the first one");
        address = null;
        Assert.IsFalse(watch.HasChanged());
        address = "10.0.0.1";
        Assert.IsFalse(watch.HasChanged(), "the same again");
        address = null;
        Assert.IsFalse(watch.HasChanged());
        address = "10.0.0.2";
        Assert.IsTrue(watch.HasChanged());
        Assert.IsFalse(watch.HasChanged());
    }

    [TestMethod]
    [DataRow("127.0.0.1")]
    [DataRow("0.0.0.0")]
    public void ThisMachineKeepsItsAddressMeanwhile(string listen)
    {
        AddressWatch watch = new(listen);
        Assert.IsFalse(watch.HasChanged());
    }

    private sealed class Clock : IClock
    {
        public bool IsSet { get; set; }

        public long UnixSeconds { get; set; }

        public long UptimeMilliseconds { get; set; }
    }
}
