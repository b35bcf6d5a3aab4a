namespace Ist.Runtime.Numerics;

/// <summary>What random numbers are for. Each use has a key of its own, so that none of them can meet another's numbers.</summary>
internal enum RandomUse : ulong
{
    /// <summary>The layers that a step trains.</summary>
    TrainedLayers = 1,

    /// <summary>The layers that a probe suppresses.</summary>
    SuppressedLayers,

    /// <summary>The training rows that a probe reads.</summary>
    ProbeRows,

    /// <summary>Values that parameters begin with.</summary>
    InitialValues,

    /// <summary>The tokens of a generated text.</summary>
    SampledTokens,

    /// <summary>What dropout drops.</summary>
    Dropout,

    /// <summary>The rows that are held out.</summary>
    HeldOutRows,

    /// <summary>Which examples of one length share a packed row.</summary>
    PackedRows,
}
