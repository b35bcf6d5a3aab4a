using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="Bottleneck"/>, as LLM-Adapters has them.</summary>
/// <param name="Config">What stands in <c>adapter_config.json</c>.</param>
/// <param name="Source">Where it comes from (a file, the command line), for error messages.</param>
public sealed record BottleneckOptions(BottleneckConfig Config, string Source) : PeftOptions
{
    // all-linear leaves out the output head.
    private readonly ModuleTargets _targets = new(Config.TargetModules, exclude: null, Source);

    /// <inheritdoc/>
    public override ModuleSelector TargetModules => Config.TargetModules;

    /// <summary>f.</summary>
    public ActivationFunction Function { get; } = ActivationFunctions.TryGet(Config.NonLinearity, out ActivationFunction function)
        ? function
        : throw new InputException($"{Source}: 'non_linearity' is {OneLine.Quote(Config.NonLinearity)}; expected one of {string.Join(", ", ActivationFunctions.Names)}");

    /// <summary>The probability that an element of the adapter's input is dropped in training.</summary>
    public float Dropout => (float)Config.AdapterDropout;

    /// <summary>Whether what a module gets may depend on its layer, so that a bare one must have buffers as well.</summary>
    public bool DependsOnLayer => _targets.DependsOnLayer;

    /// <summary>Where an adapter of the module would stand; null where there can be none.</summary>
    public BottleneckPlace? PlaceOf(string module) =>
        Config.UseParallelAdapter ? BottleneckPlace.Beside : BottleneckDefaults.PlaceOf(module);

    /// <summary>Whether a module gets an adapter.</summary>
    /// <exception cref="InputException">It is a target, but there is no place for a series adapter in it.</exception>
    public bool IsTarget(string module)
    {
        if (!_targets.Contains(module))
            return false;
        if (PlaceOf(module) is null)
        {
            throw new InputException($"{Source}: 'target_modules' has {module}, but series adapters stand in feed-forward modules alone; "
                + "leave it out, or set use_parallel_adapter");
        }
        return true;
    }

    /// <inheritdoc/>
    public override WeightUse Use(BaseTensor tensor) => Config.ModulesToSave.Contains(tensor.Module)
        ? WeightUse.Trained(ModulesToSave.Key(tensor.Module, tensor.Name))
        : WeightUse.Frozen;

    /// <inheritdoc/>
    public override void Check(ModelContents contents)
    {
        _targets.Resolve([.. contents.Slots.Select(slot => slot.Module)]);
        Config.ModulesToSave.Check(contents.Modules, contents.Slots.Where(slot => slot.Description is not null).Select(slot => slot.Module), Source);
    }

    /// <inheritdoc/>
    public override string NameInModel(string key) => Config.ModulesToSave.NameInModel(key);

    /// <inheritdoc/>
    public override string ToAdapterConfig(IReadOnlyList<SlotEntry> slots)
    {
        ILookup<bool, string> modules = slots.ToLookup(slot => slot.Description is not null, slot => slot.Module);
        return (Config with { TargetModules = Config.TargetModules.WrittenOut(modules[true], modules[false]) }).ToJson();
    }

    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) => family.Create<Bottleneck>(scope);
}
