using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>What a checkpoint's <c>config.json</c> says, as the layers of its family need it.</summary>
public sealed record ModelConfig
{
    /// <summary>The sizes of the marker types.</summary>
    public required Widths Widths { get; init; }

    /// <summary>The numbers of the layers.</summary>
    public required ModelOptions Options { get; init; }

    /// <summary>Whether members declared as tied share their weight (<c>tie_word_embeddings</c>).</summary>
    public required bool TiesWeights { get; init; }

    /// <summary>The deviation of weights that begin at random (<c>initializer_range</c>).</summary>
    public required float InitializerRange { get; init; }

    /// <summary>The most tokens in a sequence that the model was made for (<c>max_position_embeddings</c>).</summary>
    public required int MaxPositions { get; init; }

    /// <summary>The precision that the checkpoint is kept in (<c>dtype</c>, formerly <c>torch_dtype</c>).</summary>
    public required DType DType { get; init; }

    /// <summary>The names of the labels that a classifier gives, in the order of its logits (<c>id2label</c>); empty for a decoder.</summary>
    public IReadOnlyList<string> LabelNames { get; init; } = [];

    /// <summary>What the configuration asks of training that training does without, such as dropout inside the model; a line each.</summary>
    public IReadOnlyList<string> TrainingWarnings { get; init; } = [];

    /// <summary>Layers of the stack.</summary>
    public int Layers => Options.Of<StackOptions>().Layers;
}
