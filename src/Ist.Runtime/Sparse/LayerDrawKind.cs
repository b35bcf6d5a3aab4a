namespace Ist.Runtime.Sparse;

/// <summary>How layers are chosen by their weights.</summary>
public enum LayerDrawKind
{
    /// <summary>At random, without replacement, as often as their weights say.</summary>
    Sample,

    /// <summary>Those with the largest weights; of equal ones the higher layers.</summary>
    Top,
}
