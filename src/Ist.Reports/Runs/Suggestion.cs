using System.Globalization;

namespace Ist.Reports.Runs;

/// <summary>
/// What a run's importance suggests for a plain LoRA of peft, as two readings of one ranking, of which no run has tried either:
/// ranks r_l = max(1, round(r w_l / w)), w_l = sigmoid(-I_l) and w their mean, so that the ranks add up to about as much as r in
/// each layer; or r in the half of the layers (rounded up) with the greatest w_l alone. Alphas grow with the ranks, so that alpha / r stays as it was.
/// </summary>
internal sealed class Suggestion
{
    private const int DefaultRank = 8;

    private Suggestion(IReadOnlyList<RankedLayer> ranking, int rank, double alpha, string? pattern)
    {
        (Ranking, Rank, Alpha, LayersPattern) = (ranking, rank, alpha, pattern);
    }

    /// <summary>The layers, the most important one first; of equals the lower one.</summary>
    public IReadOnlyList<RankedLayer> Ranking { get; }

    /// <summary>The run's rank, or peft's default of a method that has none.</summary>
    public int Rank { get; }

    /// <summary>The run's alpha.</summary>
    public double Alpha { get; }

    /// <summary>What stands before a layer's number in the names of modules; null where the run does not tell.</summary>
    public string? LayersPattern { get; }

    /// <summary>peft's <c>layers_to_transform</c>.</summary>
    public IReadOnlyList<int> LayersToTransform => [.. Ranking.Where(l => l.IsKept).Select(l => l.Layer).Order()];

    /// <summary>peft's <c>rank_pattern</c>: the layers whose rank is another one, by an expression for their modules' names.</summary>
    public IReadOnlyDictionary<string, int> RankPattern =>
        Others.ToDictionary(l => Expression(l.Layer), l => l.Rank);

    /// <summary>peft's <c>alpha_pattern</c>.</summary>
    public IReadOnlyDictionary<string, double> AlphaPattern =>
        Others.ToDictionary(l => Expression(l.Layer), l => Alpha * l.Rank / Rank);

    private IEnumerable<RankedLayer> Others => Ranking.Where(l => l.Rank != Rank && LayersPattern is not null).OrderBy(l => l.Layer);

    /// <summary>What a run suggests; null where its policy learns no importance.</summary>
    public static Suggestion? Of(RunData run)
    {
        if (run.Layers is not { Importance: { } importance } choice)
            return null;
        int rank = run.Config.GetInt("rank", DefaultRank);
        double[] weights = [.. importance.Select(i => 1 / (1 + Math.Exp(i)))];
        double mean = weights.Average();
        int[] order = [.. Enumerable.Range(0, weights.Length).OrderBy(l => importance[l]).ThenBy(l => l)];
        int kept = (weights.Length + 1) / 2;
        return new Suggestion(
            [.. order.Select((l, place) => new RankedLayer(l, importance[l], weights[l], choice.Counts[l],
                Math.Max(1, (int)Math.Round(rank * weights[l] / mean, MidpointRounding.AwayFromZero)), place < kept))],
            rank, run.Config.GetDouble("alpha", 2 * rank), run.Record.GetStringOrNull("layers_pattern"));
    }

    /// <summary>The two, as keys of an <c>adapter_config.json</c>.</summary>
    public IReadOnlyDictionary<string, object?> ToJson()
    {
        var ranks = new Dictionary<string, object?> { ["r"] = Rank, ["lora_alpha"] = Alpha };
        ranks["rank_pattern"] = RankPattern.ToDictionary(p => p.Key, p => (object?)p.Value);
        ranks["alpha_pattern"] = AlphaPattern.ToDictionary(p => p.Key, p => (object?)p.Value);
        var layers = new Dictionary<string, object?>
        {
            ["r"] = Rank,
            ["lora_alpha"] = Alpha,
            ["layers_to_transform"] = LayersToTransform,
            ["layers_pattern"] = LayersPattern,
        };
        return LayersPattern is null
            ? new Dictionary<string, object?> { ["by_layers"] = layers }
            : new Dictionary<string, object?> { ["by_rank"] = ranks, ["by_layers"] = layers };
    }

    // peft looks for it at the end of a module's name, behind a dot or the name's beginning.
    private string Expression(int layer) => string.Create(CultureInfo.InvariantCulture, $@"{LayersPattern}\.{layer}\..*");
}
