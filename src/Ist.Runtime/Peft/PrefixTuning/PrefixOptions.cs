using Ist.Runtime.Data;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="PrefixTuning"/>, as peft has them.</summary>
/// <param name="Config">What stands in <c>adapter_config.json</c>.</param>
/// <param name="Source">Where it comes from (a file, the command line), for error messages.</param>
public sealed record PrefixOptions(PrefixConfig Config, string Source) : PeftOptions
{
    /// <summary>
    /// Whether the network of <c>prefix_projection</c> is in the model. A file has what it made and not the network itself, so an adapter that
    /// was loaded does without.
    /// </summary>
    public bool TrainsEncoder { get; init; }

    /// <inheritdoc/>
    public override VirtualTokens VirtualTokens => new(Prefix: Config.Shared.NumVirtualTokens, Prompt: 0);

    /// <inheritdoc/>
    /// <remarks>peft counts the key heads, so that the rows of the prefix are those of the model's keys.</remarks>
    public override PeftOptions For(ModelConfig model)
    {
        AttentionOptions attention = model.Options.Of<AttentionOptions>();
        int width = attention.KeyValueHeads * attention.HeadSize;
        return this with
        {
            Config = Config with
            {
                Shared = Config.Shared.For(model, width, attention.KeyValueHeads, Source),
                EncoderHiddenSize = Config.EncoderHiddenSize ?? width,
            },
        };
    }

    /// <inheritdoc/>
    public override WeightUse Use(BaseTensor tensor) => Config.Shared.Use(tensor);

    /// <summary>Refuses a model whose attention offers no slot.</summary>
    /// <exception cref="InputException">A layer has none.</exception>
    public override void Check(ModelContents contents)
    {
        Config.Shared.ModulesToSave.Check(contents.Modules, [], Source);
        int filled = contents.Slots.Count(slot => slot.Layer >= 0 && slot.Description is not null);
        if (filled != Config.Shared.NumLayers)
            throw new InputException($"{Source}: prefix tuning needs a slot in the attention of every layer, and {filled} of the model's {Config.Shared.NumLayers} layers have one; give another method.");
    }

    /// <inheritdoc/>
    public override string NameInModel(string key) =>
        // The file of a projected prefix has what the projection made, which is no parameter.
        Config.PrefixProjection && key == PrefixConfig.Key ? key : Config.Shared.NameInModel(key);

    /// <inheritdoc/>
    public override string ToAdapterConfig(IReadOnlyList<SlotEntry> slots) => Config.ToJson();

    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) => family.Create<PrefixTuning>(scope);
}
