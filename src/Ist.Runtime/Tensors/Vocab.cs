namespace Ist.Runtime.Tensors;

/// <summary>The size of the vocabulary (<c>vocab_size</c>): the width of a row of logits.</summary>
public abstract class Vocab : IWidth;
