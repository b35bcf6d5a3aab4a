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
        return new PartPlan(
            SavedBuffers(part).ToList(),
            ScratchBuffers(part).Concat(backward.Shares).ToList(),
            part.Members.Select(m => new StepPlan(m, ForwardCalls(m, wires).ToList())).ToList(),
            trained,
            passed);
    }

    private static IEnumerable<CallPlan> ForwardCalls(MemberModel member, Wires wires)
    {
        string y = wires.Value(member.Name);
        if (member.Kind == MemberKind.Part)
        {
            yield return new CallPlan(member.Name, KernelMethods.Forward,
                ["run", y, .. member.Sources.Select(wires.Value), $"a.{Wires.Inside(member)}"]);
        }
        else if (member.Kernel is { } kernel)
        {
            yield return new CallPlan(Target(member), KernelMethods.Forward, Arguments(member, kernel.Forward, wires, _ => ""));
        }
        if (member.Residual)
            yield return new CallPlan("Residual", "Add", ["run", y, wires.Value(member.Sources[0])]);
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
        string Value(ParameterModel parameter) => parameter.Role switch
        {
            ParameterRole.Run => "run",
            ParameterRole.Layer => member.Name,
            ParameterRole.Result => wires.Value(member.Name),
            ParameterRole.Saved => $"a.{Wires.Saved(member, parameter.Name)}",
            ParameterRole.Input => wires.Value(member.Sources[Array.IndexOf(inputs, parameter.Name)]),
            ParameterRole.Gradient when parameter.Of == kernel.Result.Name => wires.Gradient(member.Name),
            ParameterRole.Gradient when inputs.Contains(parameter.Of) => inputGradient(parameter.Of),
            _ => $"d.{Wires.Saved(member, parameter.Of)}",
        };
        return [.. parameters.Select(Value)];
    }

    private static IEnumerable<BufferPlan> SavedBuffers(PartModel part)
    {
        foreach (MemberModel member in part.Members)
        {
            if (member.Kind != MemberKind.Stack && member != part.Last)
                yield return new BufferPlan(member.Name, member.Output.Type, $"The value of {member.Name}.", $"arena.Saved<{member.Output.Width}>()");
            if (member.Kind == MemberKind.Part)
                yield return Inside(member, "Activations");
            foreach (ParameterModel saved in member.Kernel?.Saved ?? [])
            {
                yield return new BufferPlan(
                    Wires.Saved(member, saved.Name), saved.Port.Type, $"What {member.Name} keeps for its backward pass: {saved.Name}.",
                    $"arena.Saved<{saved.Port.Width}>({Width(member, saved)})");
            }
        }
    }

    private static IEnumerable<BufferPlan> ScratchBuffers(PartModel part)
    {
        foreach (MemberModel member in part.Members)
        {
            if (member.Kind != MemberKind.Stack && member != part.Last && member.Output.HasGradient)
                yield return new BufferPlan(member.Name, member.Output.Type, $"The gradient by {member.Name}.", $"arena.Scratch<{member.Output.Width}>()");
            if (member.Kind == MemberKind.Part)
                yield return Inside(member, "Gradients");
            foreach (ParameterModel saved in member.Kernel?.Saved.Where(member.Kernel.NeedsScratch) ?? [])
            {
                yield return new BufferPlan(
                    Wires.Saved(member, saved.Name), saved.Port.Type, $"Scratch of {member.Name}'s backward pass.",
                    $"arena.Scratch<{saved.Port.Width}>({Width(member, saved)})");
            }
        }
    }

    private static BufferPlan Inside(MemberModel member, string buffers) => new(
        Wires.Inside(member), $"{member.Type}.{buffers}", $"The buffers inside {member.Name}.",
        $"new {member.Type}.{buffers}(arena, part.{member.Name})");

    private static string Width(MemberModel member, ParameterModel saved) =>
        saved.WidthProperty is null ? ""
        : member.Slot is not null ? $"part.{member.Name}Slot.{saved.WidthProperty}"
        : $"part.{member.Name}.{saved.WidthProperty}";
}
