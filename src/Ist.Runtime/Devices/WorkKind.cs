namespace Ist.Runtime.Devices;

/// <summary>What arithmetic is for.</summary>
public enum WorkKind
{
    /// <summary>Products with the model's weights.</summary>
    Weights,

    /// <summary>Products with an adapter's parameters.</summary>
    Adapters,

    /// <summary>Scores and sums of attention.</summary>
    Attention,
}
