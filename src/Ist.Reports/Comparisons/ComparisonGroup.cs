namespace Ist.Reports.Comparisons;

/// <summary>The runs of one policy and method, which differ in their seeds.</summary>
/// <param name="Policy">How they chose their layers.</param>
/// <param name="Method">What they trained.</param>
/// <param name="Cells">The runs, in the order of the seeds.</param>
internal sealed record ComparisonGroup(string Policy, string Method, IReadOnlyList<ComparisonCell> Cells)
{
    /// <summary>What it is called.</summary>
    public string Name => $"{Policy}, {Method}";

    /// <summary>The held-out losses.</summary>
    public Sample Losses => new([.. Cells.Select(c => c.Loss)]);

    /// <summary>The accuracies; null of models that are no classifiers.</summary>
    public Sample? Accuracies => Cells.All(c => c.Accuracy is not null) ? new Sample([.. Cells.Select(c => c.Accuracy!.Value)]) : null;

    /// <summary>How long a step takes; null where that was not measured.</summary>
    public StepTime? StepTime { get; init; }

    /// <summary>The main figure of a task; null where some run did not answer it.</summary>
    public Sample? Task(string name) => Cells.All(c => c.Task(name) is not null) ? new Sample([.. Cells.Select(c => c.Task(name)!.Value)]) : null;

    /// <summary>Tokens read per second of training.</summary>
    public Sample Speeds => new([.. Cells.Select(c => c.Run.TokensPerSecond)]);

    /// <summary>The mean held-out loss over steps: runs of one group evaluate after the same ones.</summary>
    public (double Step, double Loss)[] MeanLosses() =>
        [.. Cells.SelectMany(cell => cell.Run.Evaluations).GroupBy(e => e.Step).OrderBy(g => g.Key).Select(g => ((double)g.Key, g.Average(e => e.Loss)))];

    /// <summary>Planned bytes.</summary>
    public Sample Bytes => new([.. Cells.Select(c => c.PlannedBytes)]);

    /// <summary>How a number of these runs differs from that of other runs with the same seeds; null where no seed is in both.</summary>
    public Sample? Differences(ComparisonGroup others, Func<ComparisonCell, double?> number)
    {
        double[] differences =
        [
            .. from cell in Cells
               join other in others.Cells on cell.Seed equals other.Seed
               where number(cell) is not null && number(other) is not null
               select number(cell)!.Value - number(other)!.Value,
        ];
        return differences.Length > 0 ? new Sample(differences) : null;
    }
}
