using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace OwnModel;

/// <summary>The numbers of a <see cref="Skiff{P}"/>: the declaration has none.</summary>
internal static class SkiffSize
{
    private const int HeadSize = 24;
    private const int Heads = 4;

    /// <summary>The sizes of the marker types. All query heads share one head of keys and values.</summary>
    public static Widths Widths { get; } = new Widths()
        .Set<Model>(96).Set<Ffn>(256).Set<Query>(Heads * HeadSize).Set<KeyValue>(HeadSize).Set<Vocab>(ByteEncoder.VocabSize);

    /// <summary>What a model is constructed from.</summary>
    /// <param name="peft">The method in its slots.</param>
    /// <param name="weights">Its weights, or null to begin at random.</param>
    public static ModelSetup Setup(PeftOptions peft, IWeightSource? weights = null) => new(
        Widths,
        new ModelOptions()
            .Set(new StackOptions(Layers: 4))
            .Set(new RmsNormOptions(Epsilon: 1e-5f))
            .Set(new AttentionOptions(Heads, KeyValueHeads: 1, HeadSize))
            .Set(new RotaryAngles(HeadSize, theta: 10000, scaling: null)),
        TiesWeights: true, InitializerRange: 0.02f, weights, peft);
}
