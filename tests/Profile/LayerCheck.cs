namespace MbmsMe.Tests.Profile;

/// <summary>Finds arrows that run up or sideways, folders without a place in the order, and circles of folders.</summary>
internal static class LayerCheck
{
    /// <summary>What is wrong, one line each: who knows whom, and what to do.</summary>
    public static IReadOnlyCollection<string> Run(FolderOrder order, IReadOnlyCollection<Arrow> arrows)
    {
        SortedSet<string> findings = new(StringComparer.Ordinal);
        foreach (string folder in arrows.SelectMany(arrow => new[] { Arrow.Place(arrow.From), Arrow.Place(arrow.To) }))
        {
            if (!order.Has(folder))
            {
                findings.Add($"{folder} has no place yet: give it one in FolderOrder and in docs/architecture.md, so that all see who may know it.");
            }
        }

        foreach (Arrow arrow in arrows.OrderBy(arrow => arrow.Where, StringComparer.Ordinal).DistinctBy(arrow => (arrow.From, arrow.To)))
        {
            string from = Arrow.Place(arrow.From);
            string to = Arrow.Place(arrow.To);
            if (order.Has(from) && order.Has(to) && !order.Allows(from, to))
            {
                findings.Add(
                    $"{arrow.From} ({arrow.Where}) knows {arrow.To}, but {to} {order.Relation(from, to)} {from}: move what it needs into a folder below "
                    + $"both, hand it in, or let the folder own a small interface that the other side implements.");
            }
        }

        findings.UnionWith(Circles(arrows));
        return findings;
    }

    /// <summary>A circle for each set of folders that lie on one.</summary>
    public static IReadOnlyCollection<string> Circles(IReadOnlyCollection<Arrow> arrows)
    {
        Dictionary<string, Dictionary<string, Arrow>> next = [];
        // A using directive stands for an arrow only where no type does.
        foreach (Arrow arrow in arrows.Where(arrow => Arrow.Place(arrow.From) != Arrow.Place(arrow.To)).OrderBy(arrow => arrow.To.EndsWith(".*", StringComparison.Ordinal)))
        {
            if (!next.TryGetValue(Arrow.Place(arrow.From), out Dictionary<string, Arrow>? known))
            {
                next.Add(Arrow.Place(arrow.From), known = []);
            }

            known.TryAdd(Arrow.Place(arrow.To), arrow);
        }

        Dictionary<string, string> found = [];
        foreach (string start in next.Keys.Order(StringComparer.Ordinal))
        {
            if (ShortestCircle(start, next) is List<Arrow> circle)
            {
                string folders = string.Join(" ", circle.Select(arrow => Arrow.Place(arrow.From)).Order(StringComparer.Ordinal));
                found.TryAdd(folders, "Circle: " + string.Join(", ", circle.Select(arrow => $"{arrow.From} ({arrow.Where}) knows {arrow.To}"))
                    + ": one of these must become an interface that the lower folder owns, or what both need goes into a folder below.");
            }
        }

        return found.Values;
    }

    private static List<Arrow>? ShortestCircle(string start, Dictionary<string, Dictionary<string, Arrow>> next)
    {
        Dictionary<string, List<Arrow>> pathTo = new() { [start] = [] };
        Queue<string> open = new([start]);
        while (open.TryDequeue(out string? folder))
        {
            foreach ((string to, Arrow arrow) in next.GetValueOrDefault(folder, []))
            {
                List<Arrow> path = [.. pathTo[folder], arrow];
                if (to == start)
                {
                    return path;
                }

                if (pathTo.TryAdd(to, path))
                {
                    open.Enqueue(to);
                }
            }
        }

        return null;
    }
}
