using System.Text.RegularExpressions;

namespace MbmsMe.Tests.Profile;

/// <summary>The tables of docs/events.md: what stands between backticks in a column.</summary>
/// <param name="text">The document.</param>
internal sealed partial class EventDocument(string text)
{
    /// <summary>The document of this repository.</summary>
    public static EventDocument OfTheRepository => new(File.ReadAllText(Path.Combine(Repository.Root, "docs", "events.md")));

    /// <summary>The names in one column of all tables whose first heading is this one; a name stands as often as it is written.</summary>
    /// <param name="heading">"Event" or "Reason".</param>
    /// <param name="column">The first column is 0.</param>
    public IReadOnlyList<string> Names(string heading, int column)
    {
        List<string> names = [];
        bool inTable = false;
        foreach (string line in text.Split('\n').Select(line => line.Trim()))
        {
            string[] cells = [.. line.Trim('|').Split('|').Select(cell => cell.Trim())];
            if (!line.StartsWith('|'))
            {
                inTable = false;
            }
            else if (cells[0] == heading)
            {
                inTable = true;
            }
            else if (inTable && column < cells.Length)
            {
                names.AddRange(Quoted().Matches(cells[column]).Select(match => match.Groups[1].Value));
            }
        }

        return names;
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
