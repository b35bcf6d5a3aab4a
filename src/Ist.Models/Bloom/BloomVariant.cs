namespace Ist.Models;

/// <summary>Which declaration a BLOOM is made of.</summary>
/// <param name="ResidualAfterNorm">Whether branches are added to what they were given, normed (<c>apply_residual_connection_post_layernorm</c>).</param>
internal sealed record BloomVariant(bool ResidualAfterNorm);
