using Ist.Generators.Diagnostics;
using Ist.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>What can be wrong with a part whose members are all readable and wired.</summary>
internal sealed class PartChecks(
    INamedTypeSymbol part, PartRole role, IReadOnlyDictionary<string, IPropertySymbol> places, Action<Diagnostic> report)
{
    public void Check(IReadOnlyList<MemberModel> members)
    {
        CheckFiles(members);
        CheckNames(members);
        NameChecks.Check(members, role, places, report);
        CheckWeights(members);
        CheckReaders(members);
        CheckStacks(members);
        CheckModel(members);
        CheckTiles(members);
        CheckGradients(members);
        foreach (MemberModel member in members)
        {
            CheckResidual(member);
            CheckEffect(member);
            CheckBehind(member, members);
            CheckTie(member, members);
            CheckResult(member, isLast: member == members[members.Count - 1]);
            CheckSeveral(member, isLast: member == members[members.Count - 1]);
        }
    }

    private void CheckFiles(IReadOnlyList<MemberModel> members)
    {
        MemberModel first = members[0];
        string? file = places[first.Name].Locations[0].SourceTree?.FilePath;
        foreach (MemberModel member in members.Skip(1))
        {
            Location place = places[member.Name].Locations[0];
            if (place.SourceTree?.FilePath != file)
                report(Diagnostic.Create(Descriptors.TwoFiles, place, [places[first.Name].Locations[0]], member.Name, first.Name));
        }
    }

    private void CheckNames(IReadOnlyList<MemberModel> members)
    {
        // The emitted code of the part calls these classes by their bare names, and a member of that name would hide them.
        var called = new HashSet<string>(members
            .Where(m => m.Kind == MemberKind.Layer)
            .Select(m => places[m.Name].Type.Name)
            .Concat(["Residual"]));
        foreach (MemberModel member in members.Where(m => called.Contains(m.Name)))
            report(Diagnostic.Create(Descriptors.NamedLikeKernel, places[member.Name].Locations[0], member.Name));
    }

    private void CheckWeights(IReadOnlyList<MemberModel> members)
    {
        foreach (IGrouping<string?, MemberModel> same in members.Where(m => m.WeightName is not null).GroupBy(m => m.WeightName))
        {
            foreach (MemberModel member in same.Skip(1))
            {
                IPropertySymbol property = places[member.Name];
                report(Diagnostic.Create(
                    Descriptors.SameWeightName, property.Find(KnownTypes.Weight)!.Place(property), same.First().Name, member.Name, same.Key));
            }
        }
    }

    private void CheckReaders(IReadOnlyList<MemberModel> members)
    {
        var read = new HashSet<string>(members.SelectMany(m => m.Sources));
        ValueModel[] values = [.. members.SelectMany(m => m.Values)];
        // A source that is misspelt or not named leaves the member that was meant unread; one error is enough.
        if (read.Any(source => source != MemberModel.PartInput && values.All(v => v.Key != source))
            || members.Any(m => m.Sources.Count < m.Inputs.Count))
        {
            return;
        }
        foreach (MemberModel member in members.Take(members.Count - 1))
        {
            foreach (ValueModel value in member.Values.Where(v => !read.Contains(v.Key)))
            {
                bool isWhole = value.Key == member.Name;
                report(Diagnostic.Create(
                    Descriptors.NeverRead, places[member.Name].Locations[0], FixHints.Of(FixHints.Unread, isWhole ? member.Name : null),
                    value.Key, isWhole ? $"nameof({member.Name})" : $"\"{value.Key}\""));
            }
        }
    }

    private void CheckStacks(IReadOnlyList<MemberModel> members)
    {
        MemberModel[] stacks = [.. members.Where(m => m.Kind == MemberKind.Stack)];
        foreach (MemberModel stack in stacks)
        {
            Location place = places[stack.Name].Locations[0];
            if (!role.IsModel())
                report(Diagnostic.Create(Descriptors.StackWiring, place, stack.Name, $"'{part.Name}' is no whole model"));
            else if (stacks.Length > 1)
                report(Diagnostic.Create(Descriptors.StackWiring, place, stack.Name, "there are several"));
            else if (stack.Sources.Count != 1 || stack.Sources[0] == MemberModel.PartInput)
                report(Diagnostic.Create(Descriptors.StackWiring, place, stack.Name, "it reads the part's input"));
            else if (members.Count(m => m.Sources.Contains(stack.Sources[0])) > 1)
                report(Diagnostic.Create(Descriptors.StackWiring, place, stack.Name, $"'{stack.Sources[0]}' has other readers"));
            else if (stack == members[members.Count - 1])
                report(Diagnostic.Create(Descriptors.StackWiring, place, stack.Name, "it is the last member"));
            else if (stack.Inputs[0] != stack.Output || stack.Residual)
                report(Diagnostic.Create(Descriptors.StackWiring, place, stack.Name, "its block must end at the width it began with, and it can't be [Residual]"));
        }
    }

    // What hangs on a wrong wire would only repeat the fault.
    private static bool IsWired(IReadOnlyList<MemberModel> members)
    {
        var above = new HashSet<string> { MemberModel.PartInput };
        return members.All(m => m.Sources.Count == m.Inputs.Count && m.Sources.All(above.Contains) && m.Values.All(v => above.Add(v.Key)));
    }

    // Whoever gave the part its input waits for dx, and a residual member adds to a gradient that its layer has set. Where
    // nothing sets them, what stood in the buffer before would go on as a gradient.
    private void CheckGradients(IReadOnlyList<MemberModel> members)
    {
        if (!IsWired(members))
            return;
        var read = new HashSet<string>(members.SelectMany(m => m.Sources));
        var reached = new HashSet<string>(members[members.Count - 1].Values.Select(v => v.Key));
        foreach (MemberModel member in members.Reverse().Where(m => m.Values.Any(v => reached.Contains(v.Key))))
        {
            // The layer's backward pass reads the gradients by all that it gave.
            foreach (ValueModel value in member.Values.Where(v => v.Port.HasGradient && read.Contains(v.Key) && !reached.Contains(v.Key)))
                report(Diagnostic.Create(Descriptors.LostGradient, places[member.Name].Locations[0], value.Key, $", which '{member.Name}' waits for"));
            for (int i = 0; i < member.Sources.Count; i++)
            {
                string source = member.Sources[i];
                if (member.PassesBack(i))
                    reached.Add(source);
                else if (member.Residual && i == 0 && reached.Add(source))
                    report(Diagnostic.Create(Descriptors.LostGradient, places[member.Name].Locations[0], source, $", which '{member.Name}' is added to"));
            }
        }
        PortModel? input = members[0].Inputs.FirstOrDefault();
        if (input is { HasGradient: true } && !reached.Contains(MemberModel.PartInput))
            report(Diagnostic.Create(Descriptors.LostGradient, part.Locations[0], MemberModel.PartInput, $" of '{part.Name}'"));
    }

    private void CheckResidual(MemberModel member)
    {
        if (member.Residual && member.Values.Count == 1 && (member.Inputs.Count == 0 || member.Inputs[0] != member.Output))
        {
            IPropertySymbol property = places[member.Name];
            report(Diagnostic.Create(
                Descriptors.ResidualWidth, property.Find(KnownTypes.Residual)!.Place(property), member.Name,
                member.Inputs.FirstOrDefault()?.Display ?? "nothing", member.Output.Display));
        }
    }

    private void CheckBehind(MemberModel member, IReadOnlyList<MemberModel> members)
    {
        if (member.Behind is not { } behind || member.Kernel is null)
            return;
        ValueModel? stream = members.TakeWhile(m => m != member).SelectMany(m => m.Values).FirstOrDefault(v => v.Key == behind.To);
        PortModel? port = stream?.Port ?? (behind.To == MemberModel.PartInput ? members[0].Inputs.FirstOrDefault() : null);
        string? why = behind.To is not null && port is null ? $"names '{behind.To}' as what it is added to, which is no value above it"
            : behind.To is not null && port != member.Output ? $"is {member.Output.Display}, and '{behind.To}', which it is said to be added to, {port!.Display}"
            : behind.Norm is not null && members.All(m => m.Name != behind.Norm) ? $"names the norm '{behind.Norm}', which is no member"
            : null;
        if (why is not null)
        {
            IPropertySymbol property = places[member.Name];
            report(Diagnostic.Create(Descriptors.NoSlot, property.Find(KnownTypes.Slot)!.Place(property), member.Name, why));
        }
    }

    private void CheckModel(IReadOnlyList<MemberModel> members)
    {
        ValueModel last = members[members.Count - 1].Values[0];
        if (!role.IsModel())
        {
            if (last.PerSequence)
                report(Diagnostic.Create(Descriptors.MixedRows, places[members[members.Count - 1].Name].Locations[0], part.Name, last.Key, "what a part gives has one for each token"));
            return;
        }
        bool classifies = role == PartRole.SequenceClassifier;
        string given = members[0].Inputs.FirstOrDefault()?.Type ?? "nothing", result = last.Port.Type, wanted = classifies ? "Act<Labels>" : "Act<Vocab>";
        if (given != "Ids" || result != wanted || last.PerSequence != classifies)
        {
            report(Diagnostic.Create(
                Descriptors.NoModel, part.Locations[0], part.Name, given, result, last.PerSequence ? "sequence" : "token", role, wanted, classifies ? "sequence" : "token"));
        }
    }

    private void CheckTiles(IReadOnlyList<MemberModel> members)
    {
        MemberModel[] tiled = [.. members.SkipWhile(m => !m.Tiled)];
        ValueModel[] numbers = [.. members.Except(tiled).SelectMany(m => m.Values).Where(v => !v.Port.HasGradient)];
        foreach (MemberModel member in role == PartRole.CausalLm ? tiled : tiled.Where(m => m.Tiled))
        {
            string? why = role != PartRole.CausalLm ? $"'{part.Name}' is no [CausalLm]"
                : member.Tiled && member != tiled[0] ? $"it does so already, as all that follows '{tiled[0].Name}'"
                : member.Kind != MemberKind.Layer ? "it is no layer; put [Tiled] on the first layer after it"
                : member.Sources.FirstOrDefault(s => s == MemberModel.PartInput || numbers.Any(n => n.Key == s)) is { } ids
                    ? $"it reads the whole numbers of '{ids}'; put [Tiled] on a layer after it"
                : null;
            if (why is null)
                continue;
            IPropertySymbol property = places[member.Name];
            report(Diagnostic.Create(
                Descriptors.NoTiles, property.Find(KnownTypes.Tiled)?.Place(property) ?? property.Locations[0], member.Name, why));
        }
    }

    private void CheckEffect(MemberModel member)
    {
        IPropertySymbol property = places[member.Name];
        if (property.Find(KnownTypes.From) is { } from && from.ConstructorArguments.All(a => a.IsNull || a.Values.IsEmpty))
            report(Diagnostic.Create(Descriptors.WithoutEffect, from.Place(property), member.Name, "From", "it names nothing"));
        if (member.WeightName is not null && member.Kind == MemberKind.Layer && !member.TakesScope)
        {
            report(Diagnostic.Create(
                Descriptors.WithoutEffect, property.Find(KnownTypes.Weight)!.Place(property), member.Name, "Weight", $"{member.Type} loads nothing"));
        }
        if (member.TiedTo is not null && (member.WeightName is null || member.Kind != MemberKind.Layer))
        {
            string why = member.Kind == MemberKind.Layer ? "no [Weight], which says what it loads where the checkpoint ties nothing" : "no weight of its own";
            report(Diagnostic.Create(Descriptors.WithoutEffect, property.Find(KnownTypes.TiedTo)!.Place(property), member.Name, "TiedTo", "it has " + why));
        }
    }

    private void CheckTie(MemberModel member, IReadOnlyList<MemberModel> members)
    {
        if (member.TiedTo is not { } tie)
            return;
        string[] above = [.. members.TakeWhile(m => m != member).Where(HasWeight).Select(m => m.Name)];
        if (above.Contains(tie))
            return;
        IPropertySymbol property = places[member.Name];
        report(Diagnostic.Create(
            Descriptors.UnknownTie, property.Find(KnownTypes.TiedTo)!.Place(property), FixHints.Of(FixHints.Nearest, NearestName.Find(tie, above)),
            member.Name, tie, NearestName.Suggest(tie, above)));
    }

    // The emitted constructor passes on its property 'Weight'.
    private bool HasWeight(MemberModel member) =>
        member is { WeightName: not null, Kind: MemberKind.Layer } && places[member.Name].Type.GetMembers("Weight").OfType<IPropertySymbol>().Any();

    private void CheckSeveral(MemberModel member, bool isLast)
    {
        if (member.Values.Count == 1 || !(isLast || member.Residual))
            return;
        report(Diagnostic.Create(
            Descriptors.SeveralValues, places[member.Name].Locations[0], member.Name, WiringParser.OfSeveral(member),
            isLast ? "the last member of a part gives one" : "a [Residual] member gives one, which its input is added to"));
    }

    private void CheckResult(MemberModel member, bool isLast)
    {
        if (member.Kernel is { ReadsResult: true } && (isLast || member.Residual))
        {
            report(Diagnostic.Create(
                Descriptors.ReadsLostResult, places[member.Name].Locations[0], member.Name, member.Residual ? "[Residual]" : "the last one"));
        }
    }
}
