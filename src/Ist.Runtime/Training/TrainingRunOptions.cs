namespace Ist.Runtime.Training;

/// <summary>Where a training run writes, and how often.</summary>
public sealed record TrainingRunOptions
{
    /// <summary>The folder that <c>metrics.jsonl</c> and the checkpoints are written to.</summary>
    public required string Output { get; init; }

    /// <summary>Steps from one evaluation to the next; 0 evaluates before the first and after the last step alone.</summary>
    public int EvalEvery { get; init; }

    /// <summary>
    /// Steps from one checkpoint to the next, and one after the last step; 0 writes one only when the run is stopped.
    /// </summary>
    public int SaveEvery { get; init; }

    /// <summary>Checkpoints kept; older ones are deleted once a newer one is complete.</summary>
    public int SaveTotalLimit { get; init; } = 2;

    /// <summary>
    /// What a resumed run must have in common with the one that wrote the checkpoint, beside its <see cref="TrainingOptions"/>:
    /// the model, the hash of the data, the method and its rank. Strings, integers, doubles, booleans or null.
    /// </summary>
    public IReadOnlyDictionary<string, object?> Identity { get; init; } = new Dictionary<string, object?>();

    /// <summary>
    /// Adds what makes a folder of parameters complete for Hugging Face, such as <c>adapter_config.json</c>; given the folder.
    /// </summary>
    public Action<string>? DescribeModel { get; init; }
}
