using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="Lora"/> and, with <c>use_dora</c>, of <see cref="Dora"/>, as peft has them.</summary>
/// <param name="Config">What stands in <c>adapter_config.json</c>.</param>
/// <param name="Source">Where it comes from (a file, the command line), for error messages.</param>
public sealed record LoraOptions(LoraAdapterConfig Config, string Source) : PeftOptions
{
    private readonly LoraTargets _targets = new(Config, Source);

    /// <summary>The probability that an element of the adapter's input is dropped in training.</summary>
    public float Dropout => (float)Config.LoraDropout;

    /// <summary>
    /// The rank that buffers are made for. Layers share buffers, so it is the largest that a module of the model may have.
    /// </summary>
    public int LargestRank => Config.RankPattern.Select(p => p.Value).Append(Config.R).Max();

    /// <summary>Whether what a module gets may depend on its layer, so that a bare one must have buffers as well.</summary>
    public bool DependsOnLayer => _targets.DependsOnLayer;

    /// <inheritdoc/>
    public override ModuleSelector TargetModules => Config.TargetModules;

    /// <summary>The adapter of a module, or null where it gets none.</summary>
    public LoraTarget? Match(string module) => _targets.Match(module);

    /// <inheritdoc/>
    /// <remarks>
    /// peft trains the biases of <c>lora_only</c> but does not save them (it looks for them under the plain name, and they are one level
    /// deeper). Here they are saved where <c>all</c> has them, and a file may lack them.
    /// </remarks>
    public override WeightUse Use(BaseTensor tensor)
    {
        if (Config.ModulesToSave.Contains(tensor.Module))
            return WeightUse.Trained(ModulesToSave.Key(tensor.Module, tensor.Name));
        bool isAdapted = IsAdapted(tensor);
        if (Config.Bias == BiasTraining.None || !tensor.Name.Contains("bias", StringComparison.Ordinal))
            return isAdapted && SavesEmbeddings && IsEmbedding(tensor.Module) ? WeightUse.Saved(LoraKeys.Base(tensor.Module, tensor.Name, isAdapted)) : WeightUse.Frozen;
        return isAdapted || Config.Bias == BiasTraining.All
            ? WeightUse.Trained(LoraKeys.Base(tensor.Module, tensor.Name, isAdapted)) with { IsOptional = Config.Bias == BiasTraining.Adapted }
            : WeightUse.Frozen;
    }

    // peft saves the base weights of an adapted input or output embedding if one of the targets bears one of these two names
    // (save_and_load.py, EMBEDDING_LAYER_NAMES).
    private bool SavesEmbeddings => Config.TargetModules.Pattern is string pattern
        ? pattern.Contains("embed_tokens", StringComparison.Ordinal) || pattern.Contains("lm_head", StringComparison.Ordinal)
        : Config.TargetModules.Names.Contains("embed_tokens") || Config.TargetModules.Names.Contains("lm_head");

    /// <inheritdoc/>
    public override void Check(ModelContents contents)
    {
        _targets.Resolve([.. contents.Slots.Select(slot => slot.Module)]);
        Config.ModulesToSave.Check(contents.Modules, contents.Slots.Where(slot => slot.Description is not null).Select(slot => slot.Module), Source);
    }

    /// <inheritdoc/>
    /// <remarks>DoRA's magnitude is a module of its own in peft, whose file leaves out the name of the tensor in it.</remarks>
    public override string NameInModel(string key) => LoraKeys.IsMagnitude(key) ? key + ".weight" : Config.ModulesToSave.NameInModel(key);

    /// <inheritdoc/>
    public override string ToAdapterConfig(IReadOnlyList<SlotEntry> slots)
    {
        WrittenTargets written = WrittenTargets.Of(Config.TargetModules, Config.FanInFanOut, slots);
        return (Config with { TargetModules = written.TargetModules, FanInFanOut = written.FanInFanOut }).ToJson();
    }

    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) =>
        Config.UseDora ? family.Create<Dora>(scope) : family.Create<Lora>(scope);

    // A module that no slot hosts has no adapter, whatever matches; a table of embeddings is hosted, but all-linear does not mean it.
    private bool IsAdapted(BaseTensor tensor) =>
        (tensor.IsAdaptable || (IsEmbedding(tensor.Module) && TargetModules != ModuleSelector.AllLinear)) && _targets.Match(tensor.Module) is not null;

    private static bool IsEmbedding(string module) =>
        module[(module.LastIndexOf('.') + 1)..] is "embed_tokens" or "lm_head" or "wte" or "embed_in" or "embed_out" or "word_embeddings";
}
