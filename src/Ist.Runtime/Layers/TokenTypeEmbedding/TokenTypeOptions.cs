namespace Ist.Runtime.Layers;

/// <summary>Numbers of a model's token types.</summary>
/// <param name="Types">Segments that a text may have (<c>type_vocab_size</c>).</param>
public sealed record TokenTypeOptions(int Types);
