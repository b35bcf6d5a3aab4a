using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>
/// A model that gives each sequence one of some labels, as the generator makes it from a
/// <see cref="Declaring.SequenceClassifierAttribute"/> class.
/// </summary>
public interface ISequenceClassifier : IModel
{
    /// <summary>The logits of every sequence, [sequences, labels].</summary>
    new Act<Labels> Logits { get; }

    /// <inheritdoc/>
    Run IModel.RowsOf(Run run) => run.BySequence;
}
