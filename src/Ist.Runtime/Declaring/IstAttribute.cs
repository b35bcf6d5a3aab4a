namespace Ist.Runtime.Declaring;

/// <summary>
/// Importance-aware Sparse Tuning (arXiv 2410.11772) chooses among the layers of this stack: its backward pass gets the
/// three states of a layer (trained, passed through, below the lowest trained one).
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IstAttribute : Attribute;
