using System.CommandLine;

namespace MbmsMe.Tests.Soak;

/// <summary>The command line of the soak run.</summary>
internal static class Program
{
    private static int Main(string[] arguments)
    {
        Option<int> updates = Number("--updates", "MSKs created and pushed.", 300);
        Option<int> pulls = Number("--pulls", "Solicited pulls, renewals included.", 40);
        Option<int> renewals = Number("--renewals", "Pulls after which only keys of a new GBA run will do.", 8);
        Option<int> expired = Number("--expired", "Renewals before which the MUK's lifetime really runs out (2 s each).", 2);
        Option<int> changes = Number("--uicc-changes", "Restarts of the ME with another UICC.", 4);
        Option<int> loss = Number("--loss", "Per cent of the datagrams that are lost; as many are doubled, as many reordered.", 20);
        Option<int> minutes = Number("--minutes", "Stop taking new steps after so long; what was done by then is checked and counted.", 60);
        RootCommand root = new(
            "A host ME and the lab over real sockets, with a bad network between them. Exit code 0: all steps done, the keys are "
            + "right, every MSK was acknowledged, memory stayed flat; 1: something of that is not so; 2: wrong command line; 3: out of time.")
        {
            updates, pulls, renewals, expired, changes, loss, minutes,
        };
        root.SetAction((parsed, cancellation) => SoakRun.RunAsync(
            new SoakPlan(
                parsed.GetValue(updates), parsed.GetValue(pulls), parsed.GetValue(renewals), parsed.GetValue(expired),
                parsed.GetValue(changes), parsed.GetValue(loss) / 100.0),
            TimeSpan.FromMinutes(parsed.GetValue(minutes)),
            cancellation));
        ParseResult line = root.Parse(arguments);
        int ran = line.Invoke();
        return line.Errors.Count > 0 ? 2 : ran;
    }

    private static Option<int> Number(string name, string description, int otherwise) =>
        new(name) { Description = $"{description} Default {otherwise}.", DefaultValueFactory = _ => otherwise };
}
