using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="Ia3"/>, as peft has them.</summary>
/// <param name="Config">What stands in <c>adapter_config.json</c>.</param>
/// <param name="Source">Where it comes from (a file, the command line), for error messages.</param>
public sealed record Ia3Options(Ia3Config Config, string Source) : PeftOptions
{
    /// <summary>The modules that get an adapter.</summary>
    // all-linear leaves out the output head, which in a causal model is lm_head or not a slot at all.
    public ModuleTargets Targets { get; } = new(Config.TargetModules, Config.ExcludeModules, Source);

    /// <summary>Whether what a module gets may depend on its layer, so that a bare one must have buffers as well.</summary>
    public bool DependsOnLayer => Targets.DependsOnLayer || Config.FeedforwardModules.MayDependOnLayer;

    /// <inheritdoc/>
    public override ModuleSelector TargetModules => Config.TargetModules;

    /// <summary>
    /// Whether a module is scaled at its input. As in peft (<c>tuners/ia3/model.py</c>), a name in <c>feedforward_modules</c>
    /// matches every module that ends in it, also without a dot before.
    /// </summary>
    public bool IsFeedForward(string module) => Config.FeedforwardModules.Pattern is not null
        ? Config.FeedforwardModules.Matches(module)
        : Config.FeedforwardModules.Names.Any(name => module.EndsWith(name, StringComparison.Ordinal));

    /// <inheritdoc/>
    public override WeightUse Use(BaseTensor tensor) => Config.ModulesToSave.Contains(tensor.Module)
        ? WeightUse.Trained(ModulesToSave.Key(tensor.Module, tensor.Name))
        : WeightUse.Frozen;

    /// <inheritdoc/>
    public override void Check(ModelContents contents)
    {
        Targets.Resolve([.. contents.Slots.Select(slot => slot.Module)]);
        Config.ModulesToSave.Check(contents.Modules, contents.Slots.Where(slot => slot.Description is not null).Select(slot => slot.Module), Source);
    }

    /// <inheritdoc/>
    public override string NameInModel(string key) => Config.ModulesToSave.NameInModel(key);

    /// <inheritdoc/>
    public override string ToAdapterConfig(IReadOnlyList<SlotEntry> slots)
    {
        WrittenTargets written = WrittenTargets.Of(Config.TargetModules, Config.FanInFanOut, slots);
        return (Config with { TargetModules = written.TargetModules, FanInFanOut = written.FanInFanOut }).ToJson();
    }

    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) => family.Create<Ia3>(scope);
}
