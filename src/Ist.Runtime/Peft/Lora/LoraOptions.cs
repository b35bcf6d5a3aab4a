using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Runtime.Peft;

/// <summary>Settings of <see cref="Lora"/> and, with <c>use_dora</c>, of <see cref="Dora"/>, as peft has them.</summary>
/// <param name="Config">What stands in <c>adapter_config.json</c>.</param>
/// <param name="Source">Where it comes from (a file, the command line), for error messages.</param>
public sealed record LoraOptions(LoraAdapterConfig Config, string Source) : PeftOptions
{
    // all-linear leaves out the output head, which in a causal model is lm_head or not a slot at all.
    private readonly LoraTargets _targets = new(Config, Source, outputHead: "lm_head");

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

    /// <summary>Refuses targets that no module of the model bears.</summary>
    /// <exception cref="InputException">Names the target and what is there.</exception>
    public override void Check(IReadOnlyList<SlotEntry> slots) => _targets.Resolve([.. slots.Select(slot => slot.Module)]);

    /// <inheritdoc/>
    public override string ToAdapterConfig(IReadOnlyList<SlotEntry> slots) =>
        (Config with { TargetModules = Config.TargetModules.WrittenOut(slots.Where(s => s.Description is not null).Select(s => s.Module)) }).ToJson();

    /// <inheritdoc/>
    public override IModel Create(IModelFamily family, Scope scope) =>
        Config.UseDora ? family.Create<Dora>(scope) : family.Create<Lora>(scope);
}
