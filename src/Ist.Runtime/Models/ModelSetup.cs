using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Models;

/// <summary>All that a model is constructed from.</summary>
/// <param name="Widths">The sizes of its marker types.</param>
/// <param name="Options">The numbers of its layers.</param>
/// <param name="TiesWeights">Whether members declared as tied share their weight (<c>tie_word_embeddings</c>).</param>
/// <param name="InitializerRange">The deviation of weights that begin at random (<c>initializer_range</c>).</param>
/// <param name="Source">Where its base weights come from; null for a model that begins at random.</param>
/// <param name="Peft">The PEFT method's options.</param>
public sealed record ModelSetup(
    Widths Widths, ModelOptions Options, bool TiesWeights, float InitializerRange, IWeightSource? Source, PeftOptions Peft)
{
    /// <summary>Filled while the model is constructed.</summary>
    public ModelContents Contents { get; } = new() { AdapterFile = Peft.TensorFile, VirtualTokens = Peft.VirtualTokens };
}
