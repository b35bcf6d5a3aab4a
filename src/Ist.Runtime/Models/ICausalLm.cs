using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>A decoder that predicts the next token, as the generator makes it from a <see cref="Declaring.CausalLmAttribute"/> class.</summary>
public interface ICausalLm : IModel
{
    /// <summary>The logits of every token, [rows, vocab].</summary>
    new Act<Vocab> Logits { get; }

    /// <inheritdoc/>
    Run IModel.RowsOf(Run run) => run;
}
