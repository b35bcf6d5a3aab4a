namespace Ist.Reports.Comparisons;

/// <summary>The runs of a comparison that have one thing alike: their steps, or their time.</summary>
/// <param name="Equal"><c>steps</c> or <c>time</c>.</param>
/// <param name="Groups">Its runs by policy and method; the first group is what the others are measured by.</param>
internal sealed record ComparisonPart(string Equal, IReadOnlyList<ComparisonGroup> Groups)
{
    /// <summary>What the others are measured by.</summary>
    public ComparisonGroup Baseline => Groups[0];

    /// <summary>Whether all models are classifiers, which have an accuracy.</summary>
    public bool Classifies => Groups.All(group => group.Accuracies is not null);

    /// <summary>The paired differences of a group from the first one; null for that itself, or where no seed is in both.</summary>
    public Sample? Paired(ComparisonGroup group, Func<ComparisonCell, double?> number) => group == Baseline ? null : group.Differences(Baseline, number);

    /// <summary>The paired differences of the held-out loss with their intervals, for a chart.</summary>
    public IEnumerable<(string Name, double Value, double Low, double High)> LossDifferences() =>
        from compared in Groups.Skip(1)
        let paired = Paired(compared, c => c.Loss)
        where paired is not null
        let interval = paired.Interval ?? (paired.Mean, paired.Mean)
        select (compared.Name, paired.Mean, interval.Low, interval.High);
}
