using Ist.Generators.Model;
using Ist.Generators.Planning;

namespace Ist.Generators.Emitting;

/// <summary>The buffers of a stack in one of a model's sets, and the loop that fills those of its layers.</summary>
/// <param name="Buffers">The buffers.</param>
/// <param name="Fill">Writes the loop.</param>
internal sealed record StackBuffers(IReadOnlyList<BufferPlan> Buffers, Action<CodeWriter> Fill)
{
    /// <summary>The buffers of a layer that no backward pass comes to.</summary>
    public static string Unkept(MemberModel stack) => "Unkept" + stack.Name;

    /// <summary>The buffers of a layer that is not trained.</summary>
    public static string Untrained(MemberModel stack) => "Untrained" + stack.Name;

    /// <summary>The buffers in which a layer's forward pass is run again.</summary>
    public static string Again(MemberModel stack) => "Again" + stack.Name;

    /// <summary>Whether layers are run again.</summary>
    public static string Recomputes(MemberModel stack) => "Recomputes" + stack.Name;

    /// <summary>The names of all of these.</summary>
    public static string[] NamesOf(MemberModel stack) => [Unkept(stack), Untrained(stack), Again(stack), Recomputes(stack)];

    public static StackBuffers Activations(MemberModel stack, PartPlan plan)
    {
        int step = LivenessPlanner.StepOf(plan.Forward, stack);
        string inside = Wires.Inside(stack), set = $"{stack.Element}.Activations", layers = $"part.{stack.Name}.Count";
        List<BufferPlan> buffers =
        [
            Chain(stack, plan, plan.Forward, LivenessPlanner.AfterForward, "The input of each layer, and after the last one the output of the stack."),
            new(inside, set + "[]", "The buffers inside each layer that a backward pass comes to.", $"new {set}[{layers}]"),
        ];
        if (stack.Checkpointed)
        {
            buffers.Add(new(Recomputes(stack), "bool", "Whether the layers share the buffers inside them, and the backward pass runs each one's forward pass again.",
                "space.Recomputes"));
        }
        return new StackBuffers(buffers, code => EmitSets(code, stack, set, step, $"for (int l = space.FirstKept({layers}); l < {layers}; l++)", $"part.{stack.Name}[l]"));
    }

    public static StackBuffers Trained(MemberModel stack, PartPlan plan)
    {
        int step = LivenessPlanner.StepOf(plan.Forward, stack);
        string inside = Wires.Inside(stack), set = $"{stack.Element}.Trained";
        return new StackBuffers(
            [new(inside, set + "[]", "The buffers inside each of the layers that are trained at once.", $"new {set}[space.TrainedAtOnce(part.{stack.Name}.Count)]")],
            code => EmitSets(code, stack, set, step, $"for (int l = 0; l < {inside}.Length; l++)", $"part.{stack.Name}[0]"));
    }

    public static StackBuffers Scratch(MemberModel stack, PartPlan plan)
    {
        string space = $"(space.Within({LivenessPlanner.StepOf(plan.Forward, stack)}), part.{stack.Name}[0])", element = stack.Element!;
        return new StackBuffers(
        [
            new(Wires.Inside(stack), $"{element}.Scratch", "The buffers inside a layer, which all layers share.", $"new {element}.Scratch{space}"),
            new(Unkept(stack), $"{element}.Activations", "What a layer leaves that no backward pass comes to.", $"new {element}.Activations{space}"),
            new(Untrained(stack), $"{element}.Trained", "What a layer leaves that is not trained.", $"new {element}.Trained{space}"),
        ], _ => { });
    }

    public static StackBuffers Gradients(MemberModel stack, PartPlan plan)
    {
        string space = $"space.Within({LivenessPlanner.StepOf(plan.Backward, stack)})", element = stack.Element!, block = $"part.{stack.Name}[0]";
        string again = stack.Checkpointed ? ".Within(1)" : "";
        List<BufferPlan> buffers =
        [
            Chain(stack, plan, plan.Backward, LivenessPlanner.BeforeBackward, "The gradients by the inputs of the layers; neighbours take turns in two buffers."),
            new(Wires.Inside(stack), $"{element}.Gradients", "The buffers inside a layer, which all layers share.", $"new {element}.Gradients({space}{again}, {block})"),
        ];
        if (stack.Checkpointed)
            buffers.Add(new(Again(stack), $"{element}.Scratch", "Where a layer's forward pass is run again.", $"new {element}.Scratch({space}.Within(0), {block})"));
        return new StackBuffers(buffers, _ => { });
    }

    private static BufferPlan Chain(MemberModel stack, PartPlan plan, IReadOnlyList<StepPlan> pass, int atTiles, string summary)
    {
        string life = LivenessPlanner.Written(LivenessPlanner.ChainLife(stack, pass, [.. plan.ForwardTile, .. plan.BackwardTile], atTiles));
        return new BufferPlan(
            stack.Name, $"{stack.Output.Type}[]", summary,
            $"space.Chain({ValueModel.BufferOf(stack.Sources[0])}, part.{stack.Name}.Count, {life})");
    }

    private static void EmitSets(CodeWriter code, MemberModel stack, string set, int step, string loop, string block)
    {
        string shared = "";
        if (stack.Checkpointed)
        {
            code.Line($"{set}? shared = space.Recomputes ? new {set}(space.Layer({step}), part.{stack.Name}[0]) : null;");
            shared = "shared ?? ";
        }
        code.Line(loop);
        using (code.Indent())
            code.Line($"{Wires.Inside(stack)}[l] = {shared}new {set}(space.Layer({step}), {block});");
    }
}
