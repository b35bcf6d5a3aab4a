using Ist.Generators.Diagnostics;
using Ist.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>Finds out what each member reads, and whether it fits.</summary>
internal sealed class WiringParser(IReadOnlyDictionary<string, IPropertySymbol> places, Action<Diagnostic> report)
{
    /// <summary>The members with their sources named.</summary>
    public List<MemberModel> Resolve(IReadOnlyList<MemberModel> members)
    {
        var resolved = new List<MemberModel>();
        PortModel? partInput = members[0].Inputs.FirstOrDefault();
        foreach (MemberModel member in members)
        {
            MemberModel wired = member.Sources.Count > 0 ? member : member with { Sources = Default(member, resolved) };
            if (CheckNames(wired, resolved, members) && CheckCount(wired))
                CheckWidths(wired, resolved, partInput, isDefault: member.Sources.Count == 0);
            resolved.Add(wired);
        }
        return resolved;
    }

    private static EquatableArray<string> Default(MemberModel member, List<MemberModel> above)
    {
        string source = above.Count == 0 ? MemberModel.PartInput : above[above.Count - 1].Name;
        return member.Inputs.Count == 0 ? default : new[] { source }.ToEquatable();
    }

    private bool CheckNames(MemberModel member, List<MemberModel> above, IReadOnlyList<MemberModel> all)
    {
        bool known = true;
        foreach (string source in member.Sources)
        {
            if (source == MemberModel.PartInput || above.Any(m => m.Name == source))
                continue;
            known = false;
            string hint = all.Any(m => m.Name == source)
                ? "; it stands below, and members are computed from top to bottom"
                : NearestName.Suggest(source, above.Select(m => m.Name).Concat([MemberModel.PartInput]));
            report(Diagnostic.Create(Descriptors.UnknownSource, FromPlace(member), member.Name, source, hint));
        }
        return known;
    }

    private bool CheckCount(MemberModel member)
    {
        if (member.Sources.Count == member.Inputs.Count)
            return true;
        report(Diagnostic.Create(
            Descriptors.InputCount, FromPlace(member), member.Name, Values(member.Sources.Count), member.Type, member.Inputs.Count,
            member.Inputs.Count == 1 ? "it" : "them"));
        return false;
    }

    private void CheckWidths(MemberModel member, List<MemberModel> above, PortModel? partInput, bool isDefault)
    {
        for (int i = 0; i < member.Sources.Count; i++)
        {
            string source = member.Sources[i];
            PortModel? given = source == MemberModel.PartInput ? partInput : above.First(m => m.Name == source).Output;
            PortModel taken = member.Inputs[i];
            if (given is null || given == taken)
                continue;
            MemberModel? fitting = above.LastOrDefault(m => m.Output == taken);
            string hint = fitting is null ? ""
                : isDefault ? $"; add [From(nameof({fitting.Name}))]"
                : $"; '{fitting.Name}' has that width";
            report(Diagnostic.Create(
                Descriptors.WidthMismatch, FromPlace(member), member.Name, given.Display, source, taken.Display, hint));
        }
    }

    private Location FromPlace(MemberModel member)
    {
        IPropertySymbol property = places[member.Name];
        return property.Find(KnownTypes.From)?.Place(property) ?? property.Locations[0];
    }

    private static string Values(int count) => count switch
    {
        0 => "nothing",
        1 => "one value",
        _ => $"{count} values",
    };
}
