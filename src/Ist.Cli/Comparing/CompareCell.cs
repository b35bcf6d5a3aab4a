using Ist.Cli.Finetuning;

namespace Ist.Cli.Comparing;

/// <summary>A run of a comparison.</summary>
/// <param name="Name">Its folder's own name: <c>ist-lora-1</c>.</param>
/// <param name="Policy">How it chooses its layers.</param>
/// <param name="Method">What it trains.</param>
/// <param name="Options">What it is to do.</param>
internal sealed record CompareCell(string Name, string Policy, string Method, FinetuneOptions Options)
{
    /// <summary>What it has alike with the others that it is compared with.</summary>
    public EqualBudget Equal { get; init; }

    /// <summary>The run of so many steps in the time that the baseline takes for its own.</summary>
    public CompareCell InEqualTime(int steps) => new($"{Name}-time", Policy, Method, Options with
    {
        Output = Options.Output + "-time",
        Resume = Directory.Exists(Options.Output + "-time"),
        Steps = steps,
    })
    { Equal = EqualBudget.Time };
}
