using System.Collections.Immutable;
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
            if (CheckNames(wired, resolved, members) && CheckCount(wired, members))
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
        for (int i = 0; i < member.Sources.Count; i++)
        {
            string source = member.Sources[i];
            if (source == MemberModel.PartInput || above.Any(m => m.Name == source))
                continue;
            known = false;
            string[] candidates = [.. above.Select(m => m.Name), MemberModel.PartInput];
            bool isBelow = all.Any(m => m.Name == source);
            string hint = isBelow ? "; it stands below, and members are computed from top to bottom" : NearestName.Suggest(source, candidates);
            string? nearest = isBelow ? null : NearestName.Find(source, candidates);
            report(Diagnostic.Create(
                Descriptors.UnknownSource, FromPlace(member), Instead(member, i, nearest), member.Name, source, hint));
        }
        return known;
    }

    private bool CheckCount(MemberModel member, IReadOnlyList<MemberModel> all)
    {
        if (member.Sources.Count == member.Inputs.Count)
            return true;
        report(Diagnostic.Create(
            Descriptors.InputCount, FromPlace(member), FixHints.ReadFrom(Unread(member, all)), member.Name, Values(member.Sources.Count), member.Type,
            member.Inputs.Count, member.Inputs.Count == 1 ? "it" : "them"));
        return false;
    }

    /// <summary>
    /// The members above that no other member reads, one for each input in order, where they fit: all values of a part are read,
    /// so these are the ones meant. Null where they don't.
    /// </summary>
    private static List<string>? Unread(MemberModel member, IReadOnlyList<MemberModel> all)
    {
        var read = new HashSet<string>();
        for (int i = 0; i < all.Count; i++)
        {
            if (all[i].Name == member.Name)
                continue;
            read.UnionWith(all[i].Sources);
            // Without [From] it reads the one above it.
            if (all[i].Sources.Count == 0 && all[i].Inputs.Count > 0 && i > 0)
                read.Add(all[i - 1].Name);
        }
        MemberModel[] above = [.. all.TakeWhile(m => m.Name != member.Name).Where(m => !read.Contains(m.Name))];
        var names = new List<string>();
        int next = 0;
        foreach (PortModel input in member.Inputs)
        {
            while (next < above.Length && above[next].Output != input)
                next++;
            if (next == above.Length)
                return null;
            names.Add(above[next++].Name);
        }
        return names.Count == above.Length ? names : null;
    }

    /// <summary>The hint to read something else in one place, where something else is known.</summary>
    private static ImmutableDictionary<string, string?> Instead(MemberModel member, int place, string? source) =>
        FixHints.ReadFrom(source is null ? null : member.Sources.Select((s, i) => i == place ? source : s));

    private void CheckWidths(MemberModel member, List<MemberModel> above, PortModel? partInput, bool isDefault)
    {
        for (int i = 0; i < member.Sources.Count; i++)
        {
            string source = member.Sources[i];
            PortModel? given = source == MemberModel.PartInput ? partInput : above.First(m => m.Name == source).Output;
            PortModel taken = member.Inputs[i];
            if (given is null || given == taken)
                continue;
            string? fitting = above.LastOrDefault(m => m.Output == taken)?.Name ?? (partInput == taken ? MemberModel.PartInput : null);
            string hint = fitting is null ? ""
                : !isDefault ? $"; '{fitting}' has that width"
                : fitting == MemberModel.PartInput ? "; add [From(Part.Input)]"
                : $"; add [From(nameof({fitting}))]";
            report(Diagnostic.Create(
                Descriptors.WidthMismatch, FromPlace(member), Instead(member, i, fitting), member.Name, given.Display, source, taken.Display, hint));
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
