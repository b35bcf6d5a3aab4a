namespace Ist.Cli.Finetuning;

/// <summary>Which layers a step trains.</summary>
internal enum Sparsity
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those that Importance-aware Sparse Tuning draws.</summary>
    Ist,

    /// <summary>Uniformly drawn ones.</summary>
    Random,
}
