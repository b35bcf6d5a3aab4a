using Ist.Runtime.Checkpoints;

namespace Ist.Cli.Comparing;

/// <summary>How long a step takes, measured in turns with the baseline's.</summary>
/// <param name="Policy">How the layers are chosen.</param>
/// <param name="Method">What is trained.</param>
/// <param name="Clock">What was measured: <c>processor</c> or <c>wall</c> time.</param>
/// <param name="Milliseconds">Milliseconds of a step: the median of the turns.</param>
/// <param name="Ratio">The time of a step through that of the baseline's: the median of the turns.</param>
/// <param name="Turns">Milliseconds of a step in each turn.</param>
internal sealed record StepTime(string Policy, string Method, string Clock, double Milliseconds, double Ratio, IReadOnlyList<double> Turns)
{
    /// <summary>The steps that fit into the time that the baseline takes for its own; one at least.</summary>
    public int StepsFor(int ofBaseline) => Math.Max(1, (int)Math.Min(int.MaxValue, Math.Floor(ofBaseline / Ratio)));

    /// <summary>Whether it is that of a run.</summary>
    public bool IsOf(CompareCell cell) => cell.Policy == Policy && cell.Method == Method;

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="Runtime.InputException">A key is missing or wrong.</exception>
    public static StepTime Read(JsonConfig json) => new(
        json.GetString("policy"), json.GetString("method"), json.GetString("clock"), json.GetDouble("milliseconds"), json.GetDouble("ratio"), json.GetDoubles("turns"));

    /// <summary>The keys of a JSON object.</summary>
    public Dictionary<string, object?> ToJson() => new()
    {
        ["policy"] = Policy,
        ["method"] = Method,
        ["clock"] = Clock,
        ["milliseconds"] = Milliseconds,
        ["ratio"] = Ratio,
        ["turns"] = Turns,
    };
}
