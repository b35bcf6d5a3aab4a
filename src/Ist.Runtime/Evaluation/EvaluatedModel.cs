using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tokenizers;
using Ist.Runtime.Training;

namespace Ist.Runtime.Evaluation;

/// <summary>A model that answers a task.</summary>
/// <param name="Model">The model; it is laid out anew.</param>
/// <param name="Widths">Its widths.</param>
/// <param name="MaxTokens">The most tokens of a text.</param>
/// <param name="Tokenizer">Its tokenizer.</param>
/// <param name="LabelNames">A classifier's labels (<c>id2label</c>); else empty.</param>
/// <param name="Fill">Gives the parameters, which have their memory, the values of an adapter.</param>
public sealed record EvaluatedModel(IModel Model, Widths Widths, int MaxTokens, Tokenizer Tokenizer, IReadOnlyList<string> LabelNames, Action<ParameterSet> Fill)
{
    /// <summary>How factors of the base model's products are rounded, on a GPU.</summary>
    public Precision Precision { get; init; }
}
