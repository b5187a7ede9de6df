namespace MbmsMe.Lab;

/// <summary>The demo's message ladder: both ends' events of a step in the order of their times.</summary>
internal static class DemoLadder
{
    private const int ArrowWidth = 11;

    public static void Print(IEnumerable<LabEvent> lab, IEnumerable<MeEvent> me, DateTimeOffset start)
    {
        // The ME's times are whole milliseconds: within one, what the lab sent comes before what the ME did, and what it received after.
        var rungs = lab.SelectMany(e => Rungs(e).Select(rung => (e.Time, Turn: e.Kind is LabEventKind.AckVerified or LabEventKind.DatagramRejected ? 2 : 0, Rung: rung)))
            .Concat(me.Where(e => e.Name != "traffic").Select(e => (e.Time, Turn: 1, Rung: $"ME: {e}")))
            .OrderBy(rung => rung.Time.ToUnixTimeMilliseconds())
            .ThenBy(rung => rung.Turn);
        foreach ((DateTimeOffset time, _, string rung) in rungs)
        {
            Console.WriteLine($"  {(time - start).TotalSeconds,7:0.000}  {rung}");
        }
    }

    private static IEnumerable<string> Rungs(LabEvent e)
    {
        string message = $"MSK ID {e.MskId}, counter {e.Counter}, {e.Profile?.ToString().ToLowerInvariant()}";
        switch (e.Kind)
        {
            case LabEventKind.Http:
                string server = e.Server == "bsf" ? "BSF" : "BM-SC";
                yield return Up(server, e.Server == "bsf" ? "GET /" : $"POST {e.RequestType}");
                yield return Down(server, $"{e.Status}  {e.Detail}");
                break;
            case LabEventKind.PullSent:
                yield return Down("BM-SC", $"MIKEY solicited pull, {message}, {e.Detail}");
                break;
            case LabEventKind.MskSent:
                yield return Down("BM-SC", $"MIKEY MSK, {message}{(e.Try > 1 ? $", try {e.Try}" : "")}{(e.Detail is null ? "" : $", {e.Detail}")}");
                break;
            case LabEventKind.MtkSent:
                yield return Down("BM-SC", $"MIKEY MTK {e.MtkId} to {e.Peer}, {message}{(e.Detail is null ? "" : $", {e.Detail}")}");
                break;
            case LabEventKind.RawSent:
                yield return Down("BM-SC", $"MIKEY, {e.Detail}");
                break;
            case LabEventKind.AckVerified:
                yield return Up("BM-SC", $"MIKEY ACK, counter {e.Counter}: verified{(e.Detail is null ? "" : $", {e.Detail}")}");
                break;
            case LabEventKind.DatagramRejected:
                yield return Up("BM-SC", $"datagram of {e.Datagram?.Length} octets: {e.Detail}");
                break;
            case LabEventKind.MukNegotiated:
                yield return AtServer("BM-SC", $"new MUK and MRK for {e.Imsi}, valid until {e.Expires:HH:mm:ss}");
                break;
            case LabEventKind.Bootstrapped:
                yield return AtServer("BSF", $"B-TID {e.Btid}");
                break;
            case LabEventKind.MskCreated:
                yield return AtServer("BM-SC", $"new MSK {e.MskId} of {e.Group}");
                break;
            case LabEventKind.RenegotiationDemanded:
                yield return AtServer("BM-SC", $"only a key negotiated from now on will do for {e.Imsi}");
                break;
            case LabEventKind.DatagramReceived:
                break;
            default:
                yield return AtServer("lab", $"{LabLog.NameOf(e.Kind)} {e.Detail}");
                break;
        }
    }

    private static string Up(string server, string text) => $"ME {new string('-', ArrowWidth)}> {server,-5}  {text}";

    private static string Down(string server, string text) => $"ME <{new string('-', ArrowWidth)} {server,-5}  {text}";

    private static string AtServer(string server, string text) => $"   {new string(' ', ArrowWidth)}  {server,-5}  ({text})";
}
