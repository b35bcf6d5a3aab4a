using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>The width of OPT's token embeddings where it is not that of the model (<c>word_embed_proj_dim</c>).</summary>
public abstract class WordEmbedding : IWidth;
