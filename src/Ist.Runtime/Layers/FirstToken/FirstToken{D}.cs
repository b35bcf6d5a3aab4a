using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = the row of each sequence's first token, which stands for the sequence as a whole (Devlin et al., arXiv 1810.04805, section 3:
/// <c>[CLS]</c>).
/// </summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class FirstToken<D> where D : IWidth;
