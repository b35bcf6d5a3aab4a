namespace Ist.Runtime.Tensors;

/// <summary>The width of token embeddings where it is not that of the model (<c>word_embed_proj_dim</c>).</summary>
public abstract class WordEmbedding : IWidth;
