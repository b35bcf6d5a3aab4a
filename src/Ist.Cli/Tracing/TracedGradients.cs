namespace Ist.Cli.Tracing;

/// <summary>Whose gradients a trace has.</summary>
internal enum TracedGradients
{
    /// <summary>Those of the adapter's tensors.</summary>
    Adapter,

    /// <summary>Those of every base weight.</summary>
    All,

    /// <summary>None.</summary>
    None,
}
