namespace Ist.Cli.Finetuning;

/// <summary>Which layers a step trains.</summary>
internal enum Sparsity
{
    /// <summary>All of them.</summary>
    All,

    /// <summary>Those that Importance-aware Sparse Tuning draws.</summary>
    Ist,

    /// <summary>Those that it would rather leave out: its control.</summary>
    IstFlipped,

    /// <summary>Uniformly drawn ones.</summary>
    Random,

    /// <summary>Uniformly drawn ones, held for some steps.</summary>
    Lisa,

    /// <summary>One after another, each for some steps.</summary>
    Badam,

    /// <summary>Given ones.</summary>
    Fixed,

    /// <summary>Those drawn by the size of their gradients.</summary>
    Gradient,
}
