using Ist.Reports.Charts;
using Ist.Reports.Runs;
using Ist.Runtime.Checkpoints;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports.Pages;

/// <summary>What a sparse run's policy learnt, and which layers it trained.</summary>
internal static class LayerSections
{
    private const int MostCells = 5000;

    /// <summary>The importance of each layer after each event; the last column is the run's state.</summary>
    public static IEnumerable<string> Importance(RunData run, Suggestion suggestion)
    {
        yield return HtmlPage.Paragraph("Every event probes the model with the adapters of some layers suppressed, and moves each layer's I, the logit of being safe to suppress. "
            + (run.Layers!.Policy == "ist-flipped"
                ? "This run is the control: a step draws the layers that it trains with weights sigmoid(I), so yellow layers are trained least. "
                : "A step draws the layers that it trains with weights sigmoid(-I), so yellow layers are trained most. ")
            + "At the beginning every I is 0 and every weight 0.5.");
        Heatmap map = ImportanceMap(run);
        yield return map.ToSvg();
        yield return map.ToLegend();
        if (run.Probes.Any(p => p.Rewards.Count > 0))
        {
            ProbeRow[] probes = [.. Curves.Some([.. run.Probes.Where(p => p.Rewards.Count > 0)], Curves.MostPoints)];
            var rewards = new LineChart("rewards", "Rewards of the candidate sets over steps", "step", "reward, exp(-loss)",
                new Series("best candidate", "thin", [.. probes.Select(p => ((double)p.Step, p.Rewards.Max()))]),
                new Series("mean of the candidates", "third", [.. probes.Select(p => ((double)p.Step, p.Rewards.Average()))]),
                new Series("worst candidate", "thin", [.. probes.Select(p => ((double)p.Step, p.Rewards.Min()))]))
            { Height = 220 };
            yield return "<h3>Rewards of the probes</h3>";
            yield return rewards.ToSvg();
            yield return rewards.ToLegend();
        }
        yield return "<h3>Ranking</h3>";
        long steps = run.Layers.Step;
        yield return HtmlPage.Table(["layer", "I", "weight sigmoid(-I)", "steps trained", "share of steps"], suggestion.Ranking.Select(l => (string[])
            [Count(l.Layer), Number(l.Importance), Number(l.Weight), Count(l.Steps), Percent((double)l.Steps / Math.Max(1, steps))]));
    }

    /// <summary>How often each layer was trained, and when.</summary>
    public static IEnumerable<string> Trained(RunData run)
    {
        LayerChoice choice = run.Layers!;
        yield return HtmlPage.Paragraph($"A step trains {choice.ActiveLayers} of {choice.Counts.Count} layers ({choice.Policy}).");
        if (run.Steps.Count > 0)
        {
            Heatmap map = TrainedMap(run, choice.Counts.Count);
            yield return map.ToSvg();
            yield return map.ToLegend();
        }
        string[] rows = [.. choice.Counts.Select((count, layer) =>
            $"""<tr><th scope="row">{layer}</th><td class="count" data-layer="{layer}" data-count="{count}">{Count(count)}</td><td>{Percent((double)count / Math.Max(1, choice.Step))}</td></tr>""")];
        yield return HtmlPage.Folded($"Steps of {Count(choice.Step)} that trained each layer",
            "<table><thead><tr><th scope=\"col\">layer</th><th scope=\"col\">steps</th><th scope=\"col\">share</th></tr></thead><tbody>" + string.Concat(rows) + "</tbody></table>");
    }

    /// <summary>What it suggests for other runs.</summary>
    public static IEnumerable<string> Suggested(Suggestion suggestion)
    {
        yield return HtmlPage.Paragraph("Two readings of the ranking for a plain LoRA with peft. They are suggestions: neither was trained or measured here, and an importance that few probes have seen is mostly chance.");
        IReadOnlyDictionary<string, object?> keys = suggestion.ToJson();
        if (keys.TryGetValue("by_rank", out object? ranks))
        {
            yield return HtmlPage.Paragraph($"By rank: each layer l gets max(1, round({suggestion.Rank} w / mean w)), w = sigmoid(-I), so that the ranks add up to about as much as rank {suggestion.Rank} everywhere; alpha goes with the rank.");
            yield return HtmlPage.Code(PythonJson.Dumps(ranks));
        }
        yield return HtmlPage.Paragraph($"By layers: rank {suggestion.Rank} in the half of the layers with the greatest weights, nothing in the others.");
        yield return HtmlPage.Code(PythonJson.Dumps(keys["by_layers"]));
    }

    /// <summary>The heatmap of the importance.</summary>
    public static Heatmap ImportanceMap(RunData run)
    {
        ProbeRow[] probes = run.Probes.Count > 0 ? [.. Curves.Some(run.Probes, MostColumns(run.Probes[0].Importance.Count))] : [new ProbeRow(run.Layers!.Step, run.Layers.Importance!, [])];
        return new Heatmap("importance", "Importance of each layer after each probe", [.. probes.Select(p => $"step {Count(p.Step)}")], [.. probes.Select(p => p.Step)],
            [.. probes.Select(p => (HeatmapCell[])[.. p.Importance.Select(i => new HeatmapCell(i, 1 / (1 + Math.Exp(i)), $"I = {Number(i)}, weight {Number(1 / (1 + Math.Exp(i)))}"))])])
        { Scale = "weight sigmoid(-I)" };
    }

    private static int MostColumns(int layers) => Math.Clamp(MostCells / layers, 40, 120);

    private static Heatmap TrainedMap(RunData run, int layers)
    {
        int most = MostColumns(layers), each = (run.Steps.Count + most - 1) / most;
        StepRow[][] bins = [.. run.Steps.Chunk(each)];
        return new Heatmap("trained", "Share of steps that trained each layer",
            [.. bins.Select(bin => bin.Length == 1 ? $"step {Count(bin[0].Step)}" : $"steps {Count(bin[0].Step)} to {Count(bin[^1].Step)}")], [.. bins.Select(bin => bin[0].Step)],
            [.. bins.Select(bin => (HeatmapCell[])[.. Enumerable.Range(0, layers).Select(layer =>
            {
                double share = (double)bin.Count(step => step.ActiveLayers.Contains(layer)) / bin.Length;
                return new HeatmapCell(share, share, $"trained in {Percent(share)}");
            })])])
        { Scale = each == 1 ? "trained in the step" : $"share of {each} steps", Bounds = (0, 1) };
    }
}
