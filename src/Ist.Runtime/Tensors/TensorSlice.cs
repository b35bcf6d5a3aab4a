namespace Ist.Runtime.Tensors;

/// <summary>Some columns of a matrix in a file, which several parameters make up side by side: one for each layer, so that each trains by itself.</summary>
/// <param name="Key">The matrix's name.</param>
/// <param name="Columns">Its columns.</param>
/// <param name="First">The slice's first one.</param>
public sealed record TensorSlice(string Key, int Columns, int First);
