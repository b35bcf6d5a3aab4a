using Ist.Generators.Diagnostics;
using Ist.Generators.Emitting;
using Ist.Generators.Model;
using Ist.Generators.Planning;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Ist.Generators.Parsing;

/// <summary>Finds members whose names mean something else in the emitted code.</summary>
internal static class NameChecks
{
    private static readonly string[] _ofParts = ["Activations", "Trained", "Scratch", "Gradients", "Forward", "Backward", "BackwardInput"];

    private static readonly string[] _ofModels = ["Contents", "Logits", "LayerCount", "Allocate", "OffersCheckpointing", "TileRows", "ForwardTile", "BackwardTile", "MemoryKind", "Purpose", "LayerPlan", "Kept", "Plan", "Nothing"];

    private static readonly string[] _locals =
        ["run", "x", "y", "dx", "dy", "a", "t", "s", "d", "l", "plan", "arena", "space", "part", "shared", "scope", "layer"];

    public static void Check(
        IReadOnlyList<MemberModel> members, PartRole role, IReadOnlyDictionary<string, IPropertySymbol> places, Action<Diagnostic> report)
    {
        var fields = new Dictionary<string, string>();
        foreach (MemberModel member in members)
        {
            string field = Wires.Field(member.Name);
            string? why = Reason(member.Name, members, role)
                ?? (fields.TryGetValue(field, out string? first) ? $"it differs from '{first}' in the case of one letter alone" : null);
            fields[field] = member.Name;
            if (why is not null)
                report(Diagnostic.Create(Descriptors.NameTaken, places[member.Name].Locations[0], member.Name, why));
        }
    }

    private static string? Reason(string name, IReadOnlyList<MemberModel> members, PartRole role)
    {
        if (name == MemberModel.PartInput)
            return "[From] means the part's own input by it";
        if (SyntaxFacts.GetKeywordKind(name) != SyntaxKind.None)
            return "it is a keyword";
        if (_ofParts.Contains(name) || _locals.Contains(name) || (role.IsModel() && _ofModels.Contains(name)))
            return "the generated code uses it";
        MemberModel? owner = members.FirstOrDefault(m => Names(m).Contains(name));
        return owner is null ? null : $"the generated code uses it for '{owner.Name}'";
    }

    /// <summary>What is declared for a member beside the member itself.</summary>
    private static IEnumerable<string> Names(MemberModel member)
    {
        if (member.Slot is not null)
            yield return member.Name + "Slot";
        if (member.Behind is not null)
            yield return member.Given;
        if (member.Kind != MemberKind.Layer)
        {
            yield return Wires.Inside(member);
            yield return Wires.Share(member, "x");
        }
        if (member.Kind == MemberKind.Stack)
        {
            foreach (string buffers in StackBuffers.NamesOf(member))
                yield return buffers;
        }
        foreach (ValueModel value in member.Values.Where(v => v.Key != member.Name))
            yield return value.Buffer;
        foreach (ParameterModel saved in member.Kernel?.Saved ?? [])
            yield return Wires.Saved(member, saved.Name);
        foreach (ParameterModel input in member.Kernel?.Inputs ?? [])
            yield return Wires.Share(member, input.Name);
    }
}
