using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="LnTuning"/>, as peft has them.</summary>
/// <param name="Config">What stands in <c>adapter_config.json</c>.</param>
/// <param name="Source">Where it comes from (a file, the command line), for error messages.</param>
public sealed record LnTuningOptions(LnTuningConfig Config, string Source) : PeftOptions
{
    private readonly ModuleTargets _targets = new(Config.TargetModules, Config.ExcludeModules, Source);

    /// <inheritdoc/>
    public override ModuleSelector TargetModules => Config.TargetModules;

    /// <inheritdoc/>
    public override WeightUse Use(BaseTensor tensor) =>
        Config.ModulesToSave.Contains(tensor.Module) ? WeightUse.Trained(ModulesToSave.Key(tensor.Module, tensor.Name))
        : _targets.Contains(tensor.Module) ? WeightUse.Trained(LnTuningConfig.Key(tensor.Module, tensor.Name))
        : WeightUse.Frozen;

    /// <inheritdoc/>
    public override void Check(ModelContents contents)
    {
        IReadOnlyList<string> targeted = _targets.Resolve(contents.Modules);
        if (targeted.FirstOrDefault(module => contents.Slots.Any(slot => slot.Module == module)) is string linear)
            throw new InputException($"{Source}: 'target_modules' has {linear}, which is a linear layer; LN_TUNING trains norms, name those");
        Config.ModulesToSave.Check(contents.Modules, targeted, Source);
    }

    /// <inheritdoc/>
    public override string NameInModel(string key) => Config.ModulesToSave.NameInModel(key);

    /// <inheritdoc/>
    public override string ToAdapterConfig(IReadOnlyList<SlotEntry> slots) => Config.ToJson();

    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) => family.Create<LnTuning>(scope);
}
