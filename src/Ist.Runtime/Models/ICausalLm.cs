using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>A decoder that predicts the next token, as the generator makes it from a <see cref="Declaring.CausalLmAttribute"/> class.</summary>
public interface ICausalLm : IModel
{
    /// <summary>The logits of a tile's tokens, or of every token where the model has one tile, [rows, vocab].</summary>
    new Act<Vocab> Logits { get; }

    /// <inheritdoc/>
    Run IModel.RowsOf(Run run) => run;
}
