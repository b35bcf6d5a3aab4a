using Ist.Reports.Runs;
using Ist.Runtime.Checkpoints;
using static Ist.Reports.Charts.Markup;

namespace Ist.Reports.Pages;

/// <summary>The memory that a run planned, by kind, and what it took.</summary>
internal static class MemorySection
{
    /// <summary>Its elements.</summary>
    public static IEnumerable<string> Of(RunData run)
    {
        JsonConfig planned = run.Record.GetObject("planned_bytes");
        (string Kind, double Bytes)[] kinds = [.. planned.Keys.Select(kind => (kind.Replace('_', ' '), planned.GetDouble(kind))).Where(k => k.Item2 > 0).OrderByDescending(k => k.Item2)];
        double total = kinds.Sum(k => k.Bytes), weights = planned.GetDouble("base_weights", 0);
        List<IReadOnlyList<string>> rows = [.. kinds.Select(k => (string[])[k.Kind, Bytes(k.Bytes), k.Kind == "base weights" ? "mapped from its file" : ""])];
        rows.Add(["all but the base weights", Bytes(total - weights), run.Record.Has("arena_bytes") ? Bytes(run.Record.GetDouble("arena_bytes")) : "not recorded"]);
        double? runtime = run.Record.Has("runtime_bytes") ? run.Record.GetDouble("runtime_bytes") : null;
        if (runtime is double bytes)
            rows.Add([".NET, threads and tables of the program", Bytes(bytes), ""]);
        rows.Add(["peak of the process", Bytes(total + (runtime ?? 0)), Bytes(run.Record.GetDouble("peak_bytes"))]);
        yield return HtmlPage.Paragraph("The plan is made before anything is allocated: the run's buffers are one piece of exactly the planned size, and the peak is what the operating system counted of the whole process.");
        yield return HtmlPage.Table(["memory", "planned", "measured"], rows);
        if (run.Steps.Where(s => s.SavedBytes is not null).Select(s => s.SavedBytes!.Value).ToArray() is { Length: > 0 } saved)
            yield return HtmlPage.Paragraph($"A step's own draw of layers needs {Bytes(saved.Average())} for its backward pass in the mean, {Bytes(saved.Max())} at most.");
    }
}
