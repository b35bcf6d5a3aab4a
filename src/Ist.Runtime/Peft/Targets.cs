using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>Makes <c>target_modules</c> of the slots that a model's class names.</summary>
public static class Targets
{
    /// <summary>
    /// These slots and no others: a list of their names, which every program that reads adapters knows; or one regular expression where
    /// a name selects another slot as well, as <c>output.dense</c> does in a model that has an <c>attention.output.dense</c>.
    /// </summary>
    /// <param name="slots">Such as <c>Llama.Slots.Attention.Query</c>.</param>
    /// <exception cref="ArgumentException">There are none.</exception>
    public static ModuleSelector Of(params IReadOnlyCollection<SlotName> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        if (slots.Count == 0)
            throw new ArgumentException("There are no slots; name at least one, such as Llama.Slots.Attention.Query.", nameof(slots));
        bool exact = slots.SelectMany(slot => slot.AlsoSelected).All(slots.Contains);
        return exact
            ? ModuleSelector.OfNames(slots.Select(slot => slot.Name))
            : ModuleSelector.OfPattern(string.Join('|', slots.Select(slot => slot.Pattern).Distinct().Order(StringComparer.Ordinal)), nameof(Targets));
    }
}
