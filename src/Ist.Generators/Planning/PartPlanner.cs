using Ist.Generators.Model;

namespace Ist.Generators.Planning;

/// <summary>Turns a part into buffers and calls.</summary>
internal static class PartPlanner
{
    public static PartPlan Plan(PartModel part)
    {
        var wires = new Wires(part);
        var backward = new BackwardPlanner(part, wires);
        IReadOnlyList<StepPlan> trained = backward.Plan(trained: true);
        IReadOnlyList<StepPlan> passed = backward.Plan(trained: false);
        StepPlan[] forward = [.. part.Members.Select(m => new StepPlan(m, [.. ForwardCalls(m, wires)]))];
        int tiled = part.Tiled.Count(), whole = part.Members.Count - tiled;
        return new LivenessPlanner(
            part, [.. forward.Take(whole)], [.. trained.Skip(tiled)], [.. passed.Skip(tiled)], [.. forward.Skip(whole)], [.. trained.Take(tiled)])
            .Plan(ValueBuffers(part), [.. GradientBuffers(part), .. backward.Shares]);
    }

    private static IEnumerable<CallPlan> ForwardCalls(MemberModel member, Wires wires)
    {
        string y = wires.Value(member.Name);
        if (member.Kind == MemberKind.Part)
        {
            yield return new CallPlan(member.Name, KernelMethods.Forward,
                ["run", y, .. member.Sources.Select(wires.Value), .. Wires.InsideOf(member, "ats")]);
            if (member.Kernel is { } behind)
                yield return new CallPlan(Target(member), KernelMethods.Forward, Arguments(member, behind.Forward, wires, _ => ""));
        }
        else if (member.Kernel is { } kernel)
        {
            yield return new CallPlan(Target(member), KernelMethods.Forward, Arguments(member, kernel.Forward, wires, _ => ""));
        }
        if (member.Residual)
            yield return new CallPlan("Residual", "Add", [member.Run, y, wires.Value(member.Sources[0])]);
    }

    /// <summary>What stands before the dot of a call: the layer's kernel class, or the member's slot.</summary>
    public static string Target(MemberModel member) =>
        member.Slot is not null ? $"{member.Name}Slot" : member.Type.Split('<')[0];

    /// <summary>The arguments of a kernel call.</summary>
    /// <param name="member">Whose kernel it is.</param>
    /// <param name="parameters">What the kernel takes.</param>
    /// <param name="wires">The names of values.</param>
    /// <param name="inputGradient">The name of the gradient by an input, given the parameter's name.</param>
    public static IReadOnlyList<string> Arguments(
        MemberModel member, IEnumerable<ParameterModel> parameters, Wires wires, Func<string, string> inputGradient)
    {
        KernelModel kernel = member.Kernel!;
        string[] inputs = [.. kernel.Inputs.Select(p => p.Name)];
        string? Key(string result) => member.Values.FirstOrDefault(v => v.Result == result)?.Key;
        string Value(ParameterModel parameter) => parameter.Role switch
        {
            ParameterRole.Run => member.Run,
            ParameterRole.Layer => member.Name,
            ParameterRole.Result => wires.Value(Key(parameter.Name)!),
            ParameterRole.Saved => $"a.{Wires.Saved(member, parameter.Name)}",
            ParameterRole.Input => wires.Value(member.Kind == MemberKind.Part ? member.Stream : member.Sources[Array.IndexOf(inputs, parameter.Name)]),
            ParameterRole.Gradient when Key(parameter.Of) is { } result => wires.Gradient(result),
            ParameterRole.Gradient when inputs.Contains(parameter.Of) => inputGradient(parameter.Of),
            _ => $"d.{Wires.Saved(member, parameter.Of)}",
        };
        return [.. parameters.Select(Value)];
    }

    /// <summary>For each argument of a backward call the expression that says whether it is read; null where that is always.</summary>
    public static IReadOnlyList<string?> ReadWhere(MemberModel member, IEnumerable<ParameterModel> parameters) =>
        [.. parameters.Select(p => p.ReadWhere is null ? null : $"{Holder(member)}.{p.ReadWhere}")];

    private static IEnumerable<BufferRequest> ValueBuffers(PartModel part)
    {
        foreach (MemberModel member in part.Members)
        {
            bool isTile = part.Tiled.Contains(member);
            foreach (ValueModel value in Inner(part, member))
                yield return Buffer(part, member, value, $"The value of {value.Key}.", isTile);
            foreach (ParameterModel saved in member.Kernel?.Saved ?? [])
            {
                yield return BufferRequest.OfSaved(
                    Wires.Saved(member, saved.Name), saved.Port, $"What {member.Name} keeps for its backward pass: {saved.Name}.",
                    isTile, member.BySequence, Width(member, saved));
            }
        }
    }

    private static IEnumerable<BufferRequest> GradientBuffers(PartModel part)
    {
        foreach (MemberModel member in part.Members)
        {
            bool isTile = part.Tiled.Contains(member);
            foreach (ValueModel value in Inner(part, member).Where(v => v.Port.HasGradient))
                yield return Buffer(part, member, value, $"The gradient by {value.Key}.", isTile);
            foreach (ParameterModel saved in member.Kernel?.Saved.Where(member.Kernel.NeedsScratch) ?? [])
            {
                yield return BufferRequest.OfSaved(
                    Wires.Saved(member, saved.Name), saved.Port, $"Scratch of {member.Name}'s backward pass.",
                    isTile, member.BySequence, Width(member, saved));
            }
        }
    }

    /// <summary>The values that stay inside the part; the last member's goes to the caller's buffer, and a stack has its own.</summary>
    private static IEnumerable<ValueModel> Inner(PartModel part, MemberModel member) =>
        member.Kind == MemberKind.Stack || member == part.Last ? [] : member.Values;

    // What layers add to, and what a stack begins with, whose layers take turns with it.
    private static BufferRequest Buffer(PartModel part, MemberModel member, ValueModel value, string summary, bool isTile) =>
        member.Residual || part.Members.Any(m => m.Kind == MemberKind.Stack && m.Sources[0] == value.Key)
            ? BufferRequest.OfStream(value.Buffer, value.Port, summary, isTile, value.PerSequence)
            : BufferRequest.Of(value.Buffer, value.Port, summary, isTile, value.PerSequence);

    private static string Width(MemberModel member, ParameterModel saved) =>
        saved.WidthProperty is null ? "" : $"{Holder(member)}.{saved.WidthProperty}";

    // What has the properties that the parameters of a kernel name.
    private static string Holder(MemberModel member) => member.Slot is not null ? $"part.{member.Name}Slot" : $"part.{member.Name}";
}
