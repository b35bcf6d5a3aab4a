using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>
/// What the configurations of GPT-style decoders (layer norms, as many key as query heads, one activation) say alike, each family
/// under keys of its own.
/// </summary>
internal sealed record GptSettings
{
    /// <summary>Elements of the residual stream.</summary>
    public required int Hidden { get; init; }

    /// <summary>Elements inside the feed-forward network.</summary>
    public required int Inner { get; init; }

    /// <summary>Attention heads.</summary>
    public required int Heads { get; init; }

    /// <summary>The key that says how many.</summary>
    public required string HeadsKey { get; init; }

    /// <summary>Layers of the stack.</summary>
    public required int Layers { get; init; }

    /// <summary>Token ids.</summary>
    public required int Vocab { get; init; }

    /// <summary>The most tokens in a sequence.</summary>
    public required int MaxPositions { get; init; }

    /// <summary>Added to the variance in layer norms.</summary>
    public float Epsilon { get; init; } = 1e-5f;

    /// <summary>The feed-forward network's activation.</summary>
    public required ActivationFunction Activation { get; init; }

    /// <summary>The key of the deviation of weights that begin at random.</summary>
    public string InitializerKey { get; init; } = "initializer_range";

    /// <summary>What a missing <c>tie_word_embeddings</c> means.</summary>
    public required bool Ties { get; init; }

    /// <summary>The keys of dropout inside the model, and what they are where they are missing.</summary>
    public IReadOnlyList<(string Key, double Missing)> Dropouts { get; init; } = [];

    /// <summary>The model's configuration, whose options a family adds its own to.</summary>
    /// <exception cref="InputException">The heads do not divide the residual stream, or a key that all families share is wrong.</exception>
    public ModelConfig Read(JsonConfig config)
    {
        if (Hidden % Heads != 0)
            throw config.Fault(HeadsKey, $"is {Heads}, which does not divide the hidden size ({Hidden}); correct one of them");
        return new ModelConfig
        {
            Widths = new Widths()
                .Set<Model>(Hidden)
                .Set<Ffn>(Inner)
                .Set<Query>(Hidden)
                .Set<KeyValue>(Hidden)
                .Set<QueryKeyValue>(3 * Hidden)
                .Set<Vocab>(Vocab),
            Options = new ModelOptions()
                .Set(new StackOptions(Layers))
                .Set(new LayerNormOptions(Epsilon))
                .Set(new ActivationOptions(Activation))
                .Set(new AttentionOptions(Heads, Heads, Hidden / Heads)),
            TiesWeights = config.GetBool("tie_word_embeddings", Ties),
            InitializerRange = config.GetFloat(InitializerKey, 0.02f),
            MaxPositions = MaxPositions,
            DType = config.GetDType(),
            TrainingWarnings = config.WarnOfDropout(Dropouts),
        };
    }
}
