using System.Collections.Immutable;
using Ist.Runtime.Data;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="PromptTuning"/>, as peft has them.</summary>
/// <param name="Config">What stands in <c>adapter_config.json</c>.</param>
/// <param name="Source">Where it comes from (a file, the command line), for error messages.</param>
public sealed record PromptOptions(PromptConfig Config, string Source) : PeftOptions
{
    /// <summary>
    /// The tokens of <c>prompt_tuning_init_text</c>, for a prompt that is to be trained; empty for one whose values come from a file.
    /// </summary>
    public ImmutableArray<int> InitTokens { get; init; } = [];

    /// <inheritdoc/>
    public override VirtualTokens VirtualTokens => new(Prefix: 0, Prompt: Config.Shared.NumVirtualTokens);

    /// <inheritdoc/>
    public override PeftOptions For(ModelConfig model) => this with
    {
        Config = Config with
        {
            Shared = Config.Shared.For(model, model.Widths.Of<Model>(), model.Options.Of<AttentionOptions>().Heads, Source),
        },
    };

    /// <inheritdoc/>
    public override WeightUse Use(BaseTensor tensor) => Config.Shared.Use(tensor);

    /// <summary>Refuses a model whose token embedding offers no slot.</summary>
    /// <exception cref="InputException">It has none.</exception>
    public override void Check(ModelContents contents)
    {
        Config.Shared.ModulesToSave.Check(contents.Modules, [], Source);
        if (contents.Slots.All(slot => slot.Description is null))
            throw new InputException($"{Source}: prompt tuning needs a slot in the token embedding, and this model has none; give another method.");
    }

    /// <inheritdoc/>
    public override string NameInModel(string key) => Config.Shared.NameInModel(key);

    /// <inheritdoc/>
    public override string ToAdapterConfig(IReadOnlyList<SlotEntry> slots) => Config.ToJson();

    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) => family.Create<PromptTuning>(scope);
}
