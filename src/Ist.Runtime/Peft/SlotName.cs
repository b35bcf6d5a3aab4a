using System.Text.RegularExpressions;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>
/// A slot of a model, in all of its layers. A program has it as a member of the class that is generated for the model, such as
/// <c>Llama.Slots.Mlp.Gate</c>, so that a slot that the model lacks does not compile; <see cref="Targets.Of"/> makes target modules of
/// some.
/// </summary>
public sealed class SlotName
{
    private readonly IReadOnlyList<SlotName> _model;
    private readonly string _stack;

    internal SlotName(IReadOnlyList<SlotName> model, string stack, string name)
    {
        _model = model;
        _stack = stack;
        Name = name;
    }

    /// <summary>
    /// The name in the checkpoint within a layer, such as <c>mlp.gate_proj</c>, or within the model for a slot outside the stack, such as
    /// <c>lm_head</c>: an entry of peft's <c>target_modules</c>.
    /// </summary>
    public string Name { get; }

    /// <summary>The other slots of the model that an entry of this name selects as well, because their names end in it.</summary>
    internal IEnumerable<SlotName> AlsoSelected => _model.Where(other => other != this && ModuleSelector.Matches(Name, other.Module("0")));

    /// <summary>A regular expression for the whole names of the slot's modules, and no others.</summary>
    internal string Pattern => _stack.Length == 0 ? Regex.Escape(Name) : $@"{Regex.Escape(_stack)}\.[0-9]+\.{Regex.Escape(Name)}";

    /// <summary>The name in the checkpoint.</summary>
    public override string ToString() => Module("*");

    private string Module(string layer) => _stack.Length == 0 ? Name : $"{_stack}.{layer}.{Name}";
}
