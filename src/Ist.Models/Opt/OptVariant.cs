namespace Ist.Models;

/// <summary>Which declaration an OPT is made of.</summary>
/// <param name="NormsFirst">Whether norms stand before the branches (<c>do_layer_norm_before</c>).</param>
/// <param name="FinalNorm">Whether the stack's output is normed.</param>
/// <param name="Projects">Whether token embeddings have a width of their own (<c>word_embed_proj_dim</c>).</param>
internal sealed record OptVariant(bool NormsFirst, bool FinalNorm, bool Projects);
