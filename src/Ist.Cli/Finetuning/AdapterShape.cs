namespace Ist.Cli.Finetuning;

/// <summary>The settings that bottleneck adapters have and other methods have not; null for what the method's library has.</summary>
internal sealed record AdapterShape
{
    /// <summary>Elements of a row in the middle of an adapter in a linear layer.</summary>
    public int? Size { get; init; }

    /// <summary>The width of the model through that in the middle of an adapter behind a branch.</summary>
    public double? ReductionFactor { get; init; }

    /// <summary>The activation function's name.</summary>
    public string? NonLinearity { get; init; }

    /// <summary>The factor of an adapter's output.</summary>
    public double? Scaling { get; init; }

    /// <summary>Whether adapters of linear layers stand beside them.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Whether only the last module of a feed-forward network has one unless told otherwise.</summary>
    public bool IsAdapterP { get; init; }
}
