using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>What an <c>adapter_config.json</c> says of the modules that a model's slots have adapters in.</summary>
/// <param name="TargetModules"><c>target_modules</c>: as they were given, <c>all-linear</c> written out.</param>
/// <param name="FanInFanOut"><c>fan_in_fan_out</c>: whether a weight of theirs is stored [in, out].</param>
internal readonly record struct WrittenTargets(ModuleSelector TargetModules, bool FanInFanOut)
{
    /// <summary>That of a model.</summary>
    /// <param name="targets">The targets as they were given.</param>
    /// <param name="fanInFanOut">What was given, which is kept where no slot has an adapter.</param>
    /// <param name="slots">The model's slots.</param>
    public static WrittenTargets Of(ModuleSelector targets, bool fanInFanOut, IReadOnlyList<SlotEntry> slots)
    {
        SlotEntry[] adapted = [.. slots.Where(slot => slot.Description is not null)];
        return new(
            targets.WrittenOut(adapted.Select(slot => slot.Module), slots.Except(adapted).Select(slot => slot.Module)),
            adapted.Length == 0 ? fanInFanOut : adapted.Any(slot => slot.FanInFanOut));
    }
}
