using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="Vera"/>, as peft has them.</summary>
/// <param name="Config">What stands in <c>adapter_config.json</c>.</param>
/// <param name="Source">Where it comes from (a file, the command line), for error messages.</param>
public sealed record VeraOptions(VeraConfig Config, string Source) : PeftOptions
{
    /// <summary>The modules that get an adapter.</summary>
    public ModuleTargets Targets { get; } = new(Config.TargetModules, exclude: null, Source, Config.LayersToTransform, Config.LayersPattern);

    /// <inheritdoc/>
    public override ModuleSelector TargetModules => Config.TargetModules;

    /// <inheritdoc/>
    /// <remarks>
    /// peft trains biases but never saves them beside VeRA (<c>save_and_load.py</c>). Here they are saved under the names by which it
    /// loads them, and a file may lack them.
    /// </remarks>
    public override WeightUse Use(BaseTensor tensor)
    {
        if (Config.ModulesToSave.Contains(tensor.Module))
            return WeightUse.Trained(ModulesToSave.Key(tensor.Module, tensor.Name));
        if (Config.Bias == BiasTraining.None || !tensor.Name.Contains("bias", StringComparison.Ordinal))
            return WeightUse.Frozen;
        bool isAdapted = tensor.IsAdaptable && Targets.Contains(tensor.Module);
        return isAdapted || Config.Bias == BiasTraining.All
            ? WeightUse.Trained(LoraKeys.Base(tensor.Module, tensor.Name, isAdapted)) with { IsOptional = true }
            : WeightUse.Frozen;
    }

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
    public override IModel Create(IModelFamily family, Scope scope) => family.Create<Vera>(scope);
}
