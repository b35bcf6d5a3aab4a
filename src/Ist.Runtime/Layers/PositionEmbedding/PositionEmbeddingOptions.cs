namespace Ist.Runtime.Layers;

/// <summary>Numbers of a model's learnt positions.</summary>
/// <param name="Rows">Rows of the table (<c>max_position_embeddings</c>, <c>n_positions</c>, and what the family adds to it).</param>
/// <param name="Offset">The row of position 0: 2 in OPT, one more than <c>pad_token_id</c> in RoBERTa, else 0.</param>
public sealed record PositionEmbeddingOptions(int Rows, int Offset = 0);
