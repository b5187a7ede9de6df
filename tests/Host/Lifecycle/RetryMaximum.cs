using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>The retry policy has an end, over real HTTP.</summary>
[TestClass]
public sealed class RetryMaximum
{
    [TestMethod]
    public async Task WhatIsNotAvailableIsAskedForSoOftenAndThenLeft()
    {
        const string unavailable = "response code 503";
        await using MeAndLab pair = await MeAndLab.StartAsync();
        pair.Lab.Faults.ResponseCodes[MeAndLab.News] = 503;
        JsonObject configuration = pair.Configuration();
        configuration["retry"] = new JsonObject { ["maxAttempts"] = 2, ["firstSeconds"] = 1, ["longestSeconds"] = 1 };
        pair.PowerOn(configuration);
        await pair.MeAsync("service-left", default, ("reason", unavailable));

        // A third would come 1.25 s after the second at the latest.
        await Task.Delay(2500);
        LabEvent[] asked = [.. pair.Lab.Events.Since(0).Where(e => e.RequestType == "msk-request" && e.Status == 200)];
        Assert.HasCount(2, asked, pair.Records(default));
        Assert.IsGreaterThanOrEqualTo(TimeSpan.FromSeconds(1), asked[1].Time - asked[0].Time);
        MeLine[] failed = [.. pair.Me.Since(0).Where(line => line.Event == "request-failed")];
        CollectionAssert.AreEqual(new[] { "False", "True" }, failed.Select(line => line["final"]).ToArray(), pair.Records(default));
        Assert.IsTrue(failed.All(line => line["reason"] == unavailable), pair.Records(default));
        Assert.AreEqual("1", failed[0]["retryInSeconds"]);
    }
}
