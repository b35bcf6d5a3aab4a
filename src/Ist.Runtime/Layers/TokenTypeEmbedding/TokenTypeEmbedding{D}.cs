using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = x + table[type], where a token's type says to which text of a pair it belongs (Devlin et al., arXiv 1810.04805, section 3:
/// segment embeddings).
/// </summary>
/// <typeparam name="D">The row.</typeparam>
public sealed class TokenTypeEmbedding<D> where D : IWidth
{
    /// <summary>Takes the table <c>[types, D]</c> of the scope's name.</summary>
    public TokenTypeEmbedding(Scope scope) =>
        Weight = scope.Weight("weight", Initial.Normal, scope.Options<TokenTypeOptions>().Types, scope.Width<D>());

    /// <summary>The table, [types, D].</summary>
    public Weight Weight { get; }
}
