using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Queries, keys and values of a fused projection whose row is all queries, then all keys, then all values (GPT-2's <c>c_attn</c>).
/// </summary>
/// <typeparam name="F">The fused row.</typeparam>
/// <typeparam name="Q">All query heads of a row.</typeparam>
/// <typeparam name="K">All key heads of a row, and all value heads.</typeparam>
public sealed class SplitQkv<F, Q, K> where F : IWidth where Q : IWidth where K : IWidth;
