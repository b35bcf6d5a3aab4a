namespace Ist.Runtime.Checkpoints;

/// <summary>Finds what a misspelt name was meant to be.</summary>
public static class NearestName
{
    /// <summary>The candidates closest to a name by edit distance, closest first; those too far to be a slip are left out.</summary>
    public static IReadOnlyList<string> Of(string name, IEnumerable<string> candidates, int most = 1)
    {
        int limit = Math.Max(2, name.Length / 2);
        return [.. candidates
            .Where(c => Math.Abs(c.Length - name.Length) <= limit)
            .Select(c => (Name: c, Distance: Distance(name, c)))
            .Where(c => c.Distance <= limit)
            .OrderBy(c => c.Distance).ThenBy(c => c.Name, StringComparer.Ordinal)
            .Take(most)
            .Select(c => c.Name)];
    }

    /// <summary>A clause for an error message, <c>; did you mean 'x'?</c>, or nothing where no candidate is close.</summary>
    public static string Hint(string name, IEnumerable<string> candidates, int most = 1)
    {
        IReadOnlyList<string> near = Of(name, candidates, most);
        return near.Count == 0 ? "" : $"; did you mean {string.Join(" or ", near.Select(OneLine.Quote))}?";
    }

    /// <summary>Levenshtein's distance.</summary>
    private static int Distance(string a, string b)
    {
        int[] row = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.Length];
    }
}
