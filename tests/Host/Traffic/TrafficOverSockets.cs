using System.Net;
using System.Net.Sockets;
using MbmsMe.Crypto;
using MbmsMe.Hal.Host;
using MbmsMe.Machine;
using MbmsMe.Receiving;
using MbmsMe.Runtime;

namespace MbmsMe.Tests.Host;

/// <summary>The traffic plane over real sockets: multicast on loopback.</summary>
[TestClass]
public sealed class TrafficOverSockets
{
    [TestMethod]
    public async Task ContentComesOutClear()
    {
        using TrafficBench bench = new();
        MediaFlow flow = bench.Flow(TrafficBench.NewGroup());
        TrafficKey first = TrafficBench.NewKey(1);
        TrafficKey second = TrafficBench.NewKey(2);
        bench.Plane.Start(TrafficBench.Service, null, [flow]);
        bench.Plane.Install(first);
        bench.Plane.Install(second);
        for (int i = 0; i < 4; i++)
        {
            bench.Send(flow.Address, i < 2 ? first : second, 100 + i);
            await bench.PlaysAsync(100 + i);
        }

        string address = $"{flow.Address.Address}:{flow.Address.Port}";
        MeEvent[] content = bench.Events("content");
        Assert.HasCount(2, content);
        Assert.AreEqual(
            $"content service={TrafficBench.Service} flow={address} mki=001000010001 ssrc=decafbad seq=100 octets=24", content[0].ToString());
        Assert.AreEqual(
            $"content service={TrafficBench.Service} flow={address} mki=001000010002 ssrc=decafbad seq=102 octets=24", content[1].ToString());
        MeEvent counts = await bench.EventAsync("traffic", e => (long)e["decrypted"] == 4);
        Assert.AreEqual(
            $"traffic service={TrafficBench.Service} flow={address} packets=4 octets=96 decrypted=4 noKey=0 wrongMac=0 replayed=0 malformed=0 outputFailed=0",
            counts.ToString());
    }

    [TestMethod]
    public async Task WithoutItsKeyNothingComesOut()
    {
        using TrafficBench bench = new();
        MediaFlow flow = bench.Flow(TrafficBench.NewGroup());
        TrafficKey key = TrafficBench.NewKey(1);
        TrafficKey othersKey = TrafficBench.NewKey(2, group: 0x0011);
        bench.Plane.Start(TrafficBench.Service, null, [flow]);
        bench.Plane.Install(othersKey);
        bench.Send(flow.Address, key, 1);
        bench.Send(flow.Address, othersKey, 2);
        bench.Send(flow.Address, [1, 2, 3]);
        await bench.EventAsync("traffic", e => (long)e["noKey"] == 2 && (long)e["malformed"] == 1);
        bench.Plane.Install(key);
        bench.Send(flow.Address, key, 3);
        await bench.PlaysAsync(3);
        bench.Send(flow.Address, key, 3);
        await bench.EventAsync("traffic", e => (long)e["replayed"] == 1);
        await bench.SilenceAsync();
    }

    [TestMethod]
    public async Task KeysDieWithTheirMskAndWithTheUicc()
    {
        using TrafficBench bench = new();
        MediaFlow flow = bench.Flow(TrafficBench.NewGroup());
        TrafficKey key = TrafficBench.NewKey(1);
        bench.Plane.Start(TrafficBench.Service, null, [flow]);
        bench.Plane.Install(key);
        bench.Send(flow.Address, key, 1);
        await bench.PlaysAsync(1);
        bench.Plane.Remove(new Machine.KeyGroup(TrafficBench.Domain, 0x10), 1);
        bench.Send(flow.Address, key, 2);
        await bench.EventAsync("traffic", e => (long)e["noKey"] == 1);
        bench.Plane.Install(key);
        bench.Send(flow.Address, key, 3);
        await bench.PlaysAsync(3);
        bench.Plane.Clear();
        bench.Send(flow.Address, key, 4);
        await bench.EventAsync("traffic", e => (long)e["noKey"] == 2);
        await bench.SilenceAsync();
    }

    [TestMethod]
    public async Task WhileTheGateIsShutNoKeyComesIn()
    {
        using TrafficBench bench = new();
        MediaFlow flow = bench.Flow(TrafficBench.NewGroup());
        TrafficKey key = TrafficBench.NewKey(1);
        bench.Plane.Start(TrafficBench.Service, null, [flow]);
        bench.Plane.Install(key);
        bench.Send(flow.Address, key, 1);
        await bench.PlaysAsync(1);
        bench.Plane.Shut();
        bench.Plane.Install(key);
        bench.Send(flow.Address, key, 2);
        await bench.EventAsync("traffic", e => (long)e["noKey"] == 1);
        bench.Plane.Open();
        bench.Send(flow.Address, key, 3);
        await bench.EventAsync("traffic", e => (long)e["noKey"] == 2);
        bench.Plane.Install(key);
        bench.Send(flow.Address, key, 4);
        await bench.PlaysAsync(4);
    }

    /// <summary>The reports wait in an inbox without a worker, where those of a Key Group become one.</summary>
    [TestMethod]
    public async Task AuthenticContentIsReportedToTheMe()
    {
        using TrafficBench bench = new();
        Inbox inbox = new(1);
        using UdpPortHolder port = new();
        TrafficPlane plane = new(new HostGroupNetwork("127.0.0.1"), port.Port, inbox, new ManagedCrypto(), bench);
        MediaFlow one = bench.Flow(TrafficBench.NewGroup());
        MediaFlow other = bench.Flow(TrafficBench.NewGroup());
        MediaFlow foreign = bench.Flow(TrafficBench.NewGroup(), group: 0x0011);
        TrafficKey key = TrafficBench.NewKey(1);
        plane.Start(TrafficBench.Service, null, [one, other, foreign]);
        try
        {
            plane.Install(key);
            for (int i = 0; i < 3; i++)
            {
                bench.Send(one.Address, key, i);
            }

            bench.Send(other.Address, key, 1);
            bench.Send(foreign.Address, TrafficBench.NewKey(1, group: 0x0011), 1);
            bench.Send(one.Address, key, 0);
            await bench.EventAsync("traffic", e => (long)e["noKey"] == 1);
            await bench.EventAsync("traffic", e => (long)e["replayed"] == 1);
            await bench.EventAsync("traffic", e => (string)e["flow"] == other.Address.ToString() && (long)e["decrypted"] == 1);
            Assert.IsTrue(SpinWait.SpinUntil(() => inbox.InputCount > 0, TimeSpan.FromSeconds(10)));

            // One turn later nothing has been added, because nothing came.
            await Task.Delay(1500);
            Assert.AreEqual(1, inbox.InputCount);
            TrafficReport report = ((TrafficReported)inbox.TakeInput()).Report;
            Assert.AreEqual(TrafficBench.Group, report.Group.Group);
            Assert.AreEqual(4u, report.Authentic);
            await Task.Delay(1500);
            Assert.AreEqual(0, inbox.InputCount);
        }
        finally
        {
            plane.Close();
        }
    }

    [TestMethod]
    public async Task AnMtkMessageReachesTheMe()
    {
        using TrafficBench bench = new();
        UdpAddress group = TrafficBench.NewGroup();
        bench.Plane.Start(TrafficBench.Service, group, []);
        bench.Send(group, [1, 2, 3]);
        Assert.AreEqual("malformed", (await bench.DroppedAsync(1))["reason"]);
        bench.Send(group, new byte[MikeyReceiver.MaxLength + 500]);
        Assert.AreEqual("oversized", (await bench.DroppedAsync(2))["reason"]);
        bench.Plane.Stop(TrafficBench.Service);
        bench.Send(group, [1, 2, 3]);
        await bench.SilenceAsync();
        Assert.AreEqual(2u, bench.Me.Me.Drops.Count);
    }

    [TestMethod]
    public async Task StreamAndMtkMessagesMayShareAnAddress()
    {
        using TrafficBench bench = new();
        MediaFlow flow = bench.Flow(TrafficBench.NewGroup());
        TrafficKey key = TrafficBench.NewKey(1);
        bench.Plane.Start(TrafficBench.Service, flow.Address, [flow]);
        bench.Plane.Install(key);
        bench.Send(flow.Address, [1, 2, 3]);
        await bench.DroppedAsync(1);
        bench.Send(flow.Address, key, 1);
        await bench.PlaysAsync(1);
        Assert.AreEqual(1u, bench.Me.Me.Drops.Count);
    }

    /// <summary>A MIKEY port that listens on all addresses joins the group itself: no second socket could have its port.</summary>
    [TestMethod]
    public async Task TheMikeyPortTakesTheGroupsOfItsOwnPort()
    {
        int port = FreePort.Next();
        using TrafficBench bench = new("0.0.0.0", port);
        UdpAddress group = TrafficBench.NewGroup(port);
        bench.Plane.Start(TrafficBench.Service, group, []);
        bench.Send(group, [1, 2, 3]);
        await bench.DroppedAsync(1);
        Assert.IsEmpty(bench.Events("multicast-failed"));
        bench.Plane.Rejoin();
        bench.Send(group, [1, 2, 3]);
        await bench.DroppedAsync(2);
        bench.Plane.Stop(TrafficBench.Service);
        bench.Send(group, [1, 2, 3]);
        await bench.SilenceAsync();
        Assert.AreEqual(2u, bench.Me.Me.Drops.Count);
    }

    [TestMethod]
    public async Task ASocketOfTheGroupStandsBesideAMikeyPortOnLoopback()
    {
        int port = FreePort.Next();
        using TrafficBench bench = new("127.0.0.1", port);
        UdpAddress group = TrafficBench.NewGroup(port);
        bench.Plane.Start(TrafficBench.Service, group, []);
        bench.Send(group, [1, 2, 3]);
        await bench.DroppedAsync(1);
        bench.Send(new UdpAddress("127.0.0.1", port), [1, 2, 3]);
        await bench.DroppedAsync(2);
        await bench.SilenceAsync();
        Assert.AreEqual(2u, bench.Me.Me.Drops.Count, "each came to one of them");
        Assert.ThrowsExactly<SocketException>(() => new UdpPort("127.0.0.1", port));
    }

    [TestMethod]
    public async Task StoppingClosesWhatNoOtherServiceNeeds()
    {
        using TrafficBench bench = new();
        MediaFlow shared = bench.Flow(TrafficBench.NewGroup());
        MediaFlow own = bench.Flow(TrafficBench.NewGroup());
        TrafficKey key = TrafficBench.NewKey(1);
        bench.Plane.Install(key);
        bench.Plane.Start(TrafficBench.Service, null, [shared, own]);
        bench.Plane.Start("urn:example:weather", null, [shared]);
        bench.Send(shared.Address, key, 1);
        await bench.PlaysAsync(1);
        await bench.PlaysAsync(1);
        bench.Plane.Stop(TrafficBench.Service);
        Assert.AreEqual(1L, bench.Events("traffic").Last(e => (string)e["service"] == TrafficBench.Service && (long)e["packets"] > 0)["packets"]);
        bench.Send(shared.Address, key, 2);
        await bench.PlaysAsync(2);
        bench.Send(own.Address, key, 3);
        await bench.SilenceAsync();
        Assert.IsFalse(IsTaken(own.Address), "the socket of the stream that stopped");
        Assert.IsTrue(IsTaken(shared.Address));
        bench.Plane.Stop("urn:example:weather");
        bench.Send(shared.Address, key, 4);
        await bench.SilenceAsync();
        Assert.IsFalse(IsTaken(shared.Address));

        // Active again, with the keys that came meanwhile; what was played before is played again, as the service is new.
        bench.Plane.Start(TrafficBench.Service, null, [own]);
        bench.Send(own.Address, key, 5);
        await bench.PlaysAsync(5);
    }

    [TestMethod]
    public async Task AnAddressOfThisMachineWillDo()
    {
        using TrafficBench bench = new();
        MediaFlow flow = bench.Flow(new UdpAddress("127.0.0.1", FreePort.Next()));
        TrafficKey key = TrafficBench.NewKey(1);
        bench.Plane.Install(key);
        bench.Plane.Start(TrafficBench.Service, null, [flow]);
        bench.Send(flow.Address, key, 1);
        await bench.PlaysAsync(1);
    }

    [TestMethod]
    public async Task WhatCannotBeOpenedIsToldOnceAndTriedAgain()
    {
        using TrafficBench bench = new();
        MediaFlow flow = bench.Flow(new UdpAddress("127.0.0.1", FreePort.Next()));
        TrafficKey key = TrafficBench.NewKey(1);
        bench.Plane.Install(key);
        using (Socket other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            other.Bind(new IPEndPoint(IPAddress.Loopback, flow.Address.Port));
            bench.Plane.Start(TrafficBench.Service, null, [flow]);
            bench.Plane.Rejoin();
            MeEvent failed = bench.Events("multicast-failed").Single();
            Assert.AreEqual($"127.0.0.1:{flow.Address.Port}", failed["address"]);
            Assert.AreEqual($"cannot bind: {new SocketException((int)SocketError.AddressAlreadyInUse).Message}", failed["reason"]);
        }

        bench.Plane.Rejoin();
        bench.Send(flow.Address, key, 1);
        await bench.PlaysAsync(1);
        Assert.HasCount(1, bench.Events("multicast-failed"));
    }

    [TestMethod]
    public async Task WhatFailedIsTriedAgainByItself()
    {
        using TrafficBench bench = new();
        MediaFlow flow = bench.Flow(new UdpAddress("127.0.0.1", FreePort.Next()));
        using (Socket other = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp))
        {
            other.Bind(new IPEndPoint(IPAddress.Loopback, flow.Address.Port));
            bench.Plane.Start(TrafficBench.Service, null, [flow]);
        }

        // Every 10 s; on a busy machine it may be late.
        for (long end = Environment.TickCount64 + 60000; !IsTaken(flow.Address); await Task.Delay(100))
        {
            Assert.IsLessThan(end, Environment.TickCount64, "not within a minute");
        }
    }

    [TestMethod]
    public void TwoMesReceiveTheSameGroup()
    {
        using TrafficBench one = new();
        using TrafficBench other = new();
        UdpAddress group = TrafficBench.NewGroup();
        one.Plane.Start(TrafficBench.Service, null, [one.Flow(group)]);
        other.Plane.Start(TrafficBench.Service, null, [other.Flow(group)]);
        TrafficKey key = TrafficBench.NewKey(1);
        one.Plane.Install(key);
        other.Plane.Install(key);
        one.Send(group, key, 1);
        Task.WaitAll(one.PlaysAsync(1), other.PlaysAsync(1));
    }

    [TestMethod]
    public async Task AfterClosingNothingOpensAnyMore()
    {
        using TrafficBench bench = new();
        MediaFlow flow = bench.Flow(TrafficBench.NewGroup());
        bench.Plane.Start(TrafficBench.Service, flow.Address, [flow]);
        bench.Plane.Close();
        bench.Plane.Start(TrafficBench.Service, flow.Address, [flow]);
        bench.Plane.Rejoin();
        Assert.IsFalse(IsTaken(flow.Address));
        bench.Send(flow.Address, [1, 2, 3]);
        await bench.SilenceAsync();
        Assert.AreEqual(0u, bench.Me.Me.Drops.Count);
    }

    private static bool IsTaken(UdpAddress address)
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Parse(address.Address), address.Port));
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private sealed class UdpPortHolder : IDisposable
    {
        public UdpPort Port { get; } = new("127.0.0.1", 0);

        public void Dispose() => Port.Close();
    }
}
