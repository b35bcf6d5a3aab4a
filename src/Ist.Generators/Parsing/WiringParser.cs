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
            {
                CheckWidths(wired, resolved, partInput, isDefault: member.Sources.Count == 0);
                wired = WithRows(wired, resolved);
            }
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
            if (source == MemberModel.PartInput || Find(source, above) is not null)
                continue;
            known = false;
            if (above.FirstOrDefault(m => m.Name == source) is { } several)
            {
                string[] fitting = [.. several.Values.Where(v => i < member.Inputs.Count && v.Port == member.Inputs[i]).Select(v => v.Key)];
                report(Diagnostic.Create(
                    Descriptors.SeveralValues, FromPlace(member), Instead(member, i, fitting.Length == 1 ? fitting[0] : null), source, OfSeveral(several),
                    $"name the one that '{member.Name}' reads with [From]"));
                continue;
            }
            string[] candidates = [.. above.SelectMany(m => m.Values).Select(v => v.Key), MemberModel.PartInput];
            bool isBelow = all.SelectMany(m => m.Values).Any(v => v.Key == source) || all.Any(m => m.Name == source);
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
    /// The values above that no other member reads, one for each input in order, where they fit: all values of a part are read,
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
        ValueModel[] unread = [.. all.TakeWhile(m => m.Name != member.Name).SelectMany(m => m.Values).Where(v => !read.Contains(v.Key))];
        return unread.Select(v => v.Port).SequenceEqual(member.Inputs) ? [.. unread.Select(v => v.Key)] : null;
    }

    /// <summary>The hint to read something else in one place, where something else is known.</summary>
    private static ImmutableDictionary<string, string?> Instead(MemberModel member, int place, string? source) =>
        FixHints.ReadFrom(source is null ? null : member.Sources.Select((s, i) => i == place ? source : s));

    private void CheckWidths(MemberModel member, List<MemberModel> above, PortModel? partInput, bool isDefault)
    {
        for (int i = 0; i < member.Sources.Count; i++)
        {
            string source = member.Sources[i];
            PortModel? given = Find(source, above)?.Port ?? partInput;
            PortModel taken = member.Inputs[i];
            if (given is null || given == taken)
                continue;
            string? fitting = above.SelectMany(m => m.Values).LastOrDefault(v => v.Port == taken)?.Key
                ?? (partInput == taken ? MemberModel.PartInput : null);
            string hint = fitting is null ? ""
                : isDefault ? $"; add [From({Spelled(fitting)})]"
                : $"; '{fitting}' has that width";
            report(Diagnostic.Create(
                Descriptors.WidthMismatch, FromPlace(member), Instead(member, i, fitting), member.Name, given.Display, source, taken.Display, hint));
        }
    }

    /// <summary>The member, with the rows that it works on: those of what it reads.</summary>
    private MemberModel WithRows(MemberModel member, List<MemberModel> above)
    {
        ValueModel?[] read = [.. member.Sources.Select(source => Find(source, above))];
        bool bySequence = read.Any(v => v is { PerSequence: true });
        string? why = !bySequence ? null
            : read.Any(v => v is not { PerSequence: true }) ? "the others have one for each token"
            : member.Kind != MemberKind.Layer ? "a part or stack has its buffers made for tokens; put its layers here"
            : member.Values.Any(v => v.PerSequence) ? "its layer turns tokens into sequences"
            : null;
        if (why is not null)
        {
            string source = read.First(v => v is { PerSequence: true })!.Key;
            report(Diagnostic.Create(Descriptors.MixedRows, FromPlace(member), member.Name, source, why));
        }
        return bySequence
            ? member with { BySequence = true, Values = member.Values.Select(v => v with { PerSequence = true }).ToEquatable() }
            : member;
    }

    private static ValueModel? Find(string source, IEnumerable<MemberModel> above) =>
        above.SelectMany(m => m.Values).FirstOrDefault(v => v.Key == source);

    private static string Spelled(string key) =>
        key == MemberModel.PartInput ? "Part.Input" : key.Contains(".") ? $"\"{key}\"" : $"nameof({key})";

    /// <summary>For people: the values that a member gives.</summary>
    public static string OfSeveral(MemberModel member) => string.Join(", ", member.Values.Select(v => $"\"{v.Key}\""));

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
