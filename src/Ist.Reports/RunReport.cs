using System.Globalization;
using Ist.Reports.Pages;
using Ist.Reports.Runs;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports;

/// <summary>A page about one training run: losses, learning rate, layers, memory, and what the run suggests for others.</summary>
public static class RunReport
{
    private const int MostSteps = 2000, MostProbes = 400;

    /// <summary>Writes the page.</summary>
    /// <param name="folder">The run's folder; the run may still be at work, or have been stopped.</param>
    /// <param name="path">The file to write.</param>
    /// <exception cref="InputException">The folder holds no run, or a damaged file.</exception>
    /// <exception cref="RunException">The page can't be written.</exception>
    public static void Write(string folder, string path) => Write(RunData.Load(folder), path);

    internal static void Write(RunData run, string path)
    {
        Suggestion? suggestion = Suggestion.Of(run);
        var page = new HtmlPage(run.Name, Summary(run));
        page.AddFigures(Figures(run));
        if (run.Steps.Count > 0)
        {
            page.Add("Loss", Curves.Losses(run));
            page.Add("Learning rate and gradient", Curves.Optimization(run));
        }
        if (suggestion is not null)
            page.Add("Importance of the layers", LayerSections.Importance(run, suggestion));
        if (run.Layers is { IsSparse: true })
            page.Add("Layers that were trained", LayerSections.Trained(run));
        if (suggestion is not null)
            page.Add("Suggested for peft", LayerSections.Suggested(suggestion));
        page.Add("Memory", MemorySection.Of(run));
        page.Add("Configuration", "<div class=\"text\">" + HtmlPage.Table(["key", "value"], Configuration(run)) + "</div>");
        page.Write(path, Data(run, suggestion));
    }

    private static string Summary(RunData run)
    {
        string policy = run.Layers is { IsSparse: true } layers ? $"{layers.ActiveLayers} of {layers.Counts.Count} layers in a step ({layers.Policy})" : "all layers in every step";
        return $"{run.Config.GetString("method")} on {run.Config.GetString("model")}, {policy}; {run.Record.GetString("status")} after {Count(run.Record.GetInt("steps_done"))} of {Count(run.Config.GetInt("steps"))} steps";
    }

    private static IEnumerable<(string, string)> Figures(RunData run)
    {
        if (run.Evaluations is [var first, .., var last])
        {
            yield return ("held-out loss", $"{Number(first.Loss)} → {Number(last.Loss)}");
            if (first.Accuracy is double before && last.Accuracy is double after)
                yield return ("accuracy", $"{Percent(before)} → {Percent(after)}");
        }
        else if (run.Steps.Count > 0)
        {
            yield return ("training loss", $"{Number(run.Steps[0].Loss)} → {Number(run.Steps[^1].Loss)}");
        }
        yield return ("steps", Count(run.Steps.Count));
        yield return ("tokens", Count(run.Steps.Sum(step => step.Tokens)));
        yield return ("tokens/s", Count((long)run.TokensPerSecond));
        yield return ("peak memory", Bytes(run.Record.GetDouble("peak_bytes")));
    }

    private static IEnumerable<IReadOnlyList<string>> Configuration(RunData run)
    {
        foreach (string key in run.Config.Keys.Where(run.Config.Has))
            yield return [key, OneLine(run.Config.GetRaw(key))];
        foreach (string key in (string[])["device", "model_hash", "data_hash", "eval_data_hash", "seconds"])
        {
            if (run.Record.Has(key))
                yield return [key, OneLine(run.Record.GetRaw(key))];
        }
        foreach (string key in run.Record.GetObject("versions").Keys)
            yield return [key, OneLine(run.Record.GetObject("versions").GetRaw(key))];

        static string OneLine(string json) => string.Join(' ', json.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).Trim('"');
    }

    // All steps and probes of a long run would make the page heavy; then some of them are told, the last ones always.
    private static Dictionary<string, object?> Data(RunData run, Suggestion? suggestion)
    {
        StepRow[] steps = [.. Curves.Some(run.Steps, MostSteps)];
        return new Dictionary<string, object?>
        {
            ["run"] = run.Name,
            ["status"] = run.Record.GetString("status"),
            ["steps"] = new Dictionary<string, object?>
            {
                ["step"] = steps.Select(s => s.Step),
                ["loss"] = steps.Select(s => s.Loss),
                ["learning_rate"] = steps.Select(s => s.LearningRate),
                ["grad_norm"] = steps.Select(s => s.GradientNorm),
                ["active_layers"] = steps.Select(s => s.ActiveLayers),
            },
            ["evaluations"] = run.Evaluations.Select(e => new Dictionary<string, object?> { ["step"] = e.Step, ["loss"] = e.Loss, ["accuracy"] = e.Accuracy }),
            ["probes"] = Curves.Some(run.Probes, MostProbes).Select(p => new Dictionary<string, object?> { ["step"] = p.Step, ["importance"] = p.Importance, ["rewards"] = p.Rewards }),
            ["counts"] = run.Layers?.Counts,
            ["importance"] = run.Layers?.Importance,
            ["ranking"] = suggestion?.Ranking.Select(l => l.Layer),
            ["suggestion"] = suggestion?.ToJson(),
        };
    }
}
