using System.Text.Json.Nodes;
using MbmsMe.Lab;

namespace MbmsMe.Tests.Host;

/// <summary>What a UE asks for after a pull goes out in the pull's profile, and only that.</summary>
[TestClass]
public sealed class ProfileOfAPull
{
    private static readonly KeyGroup s_sport = new("00f110", 0x0020);

    /// <summary>The second Key Group is asked for a second after the MSK of the first was acknowledged.</summary>
    [TestMethod]
    public async Task EachKeyGroupHasItsOwn()
    {
        await using MeAndLab pair = await MeAndLab.StartAsync(lab => lab with { KeyGroups = [MeAndLab.News, s_sport] });
        JsonObject sport = MeAndLab.Service("urn:example:sport", s_sport);
        sport["backoff"] = new JsonObject { ["offsetSeconds"] = 1, ["randomSeconds"] = 0 };
        pair.PowerOn(pair.Configuration(services: [MeAndLab.Service("urn:example:news", MeAndLab.News), sport]));
        await pair.DeliveredAsync(default, MeAndLab.News);
        await pair.DeliveredAsync(default, s_sport);

        Mark mark = pair.Now;
        pair.Lab.Solicit(MeAndLab.First.Imsi, MeAndLab.News, MikeyProfile.Draft2004);
        pair.Lab.Solicit(MeAndLab.First.Imsi, s_sport, MikeyProfile.Draft2004);
        await pair.DeliveredAsync(mark, MeAndLab.News, MikeyProfile.Draft2004);
        await pair.DeliveredAsync(mark, s_sport, MikeyProfile.Draft2004);

        mark = pair.Now;
        pair.Lab.CreateMsk(s_sport);
        pair.Lab.NewMtk(s_sport, imsi: MeAndLab.First.Imsi);
        await pair.MeAsync("missed-key", mark);
        await pair.DeliveredAsync(mark, s_sport);
    }
}
