using Ist.Generators.Model;
using Ist.Generators.Planning;

namespace Ist.Generators.Emitting;

/// <summary>X.Forward.g.cs: one call a line, in the order of declaration.</summary>
internal static class ForwardEmitter
{
    public static string Emit(PartModel part, PartPlan plan) => PartFile.Write(part, "forward pass", part.Role.IsModel() ? ["Ist.Runtime.Sparse"] : [], code =>
    {
        MemberModel? stack = part.Members.FirstOrDefault(m => m.Kind == MemberKind.Stack);
        string whole = part.Role.IsModel() ? stack is null ? ", LayerPlan plan" : ", LayerPlan plan, int firstLayer" : "", y = $"{part.Output.Type} y, ", result = $"y = {part.Name}(x)";
        if (part.Tiled.Any())
            (y, result) = ("", $"{part.Name}(x) up to the tiles of {part.Tiled.First().Name}");
        code.Line($"/// <summary>{result}; leaves in a and t what {(whole.Length == 0 ? "the" : "the plan's")} backward pass reads.</summary>");
        using (code.Open($"{part.Exposure} void Forward(Run run, {y}{part.Input.Type} x, Activations a, Trained t, Scratch s{whole})"))
        {
            int below = stack is null ? 0 : LivenessPlanner.StepOf(plan.Forward, stack);
            if (below > 0)
            {
                using (code.Open("if (firstLayer == 0)"))
                    EmitSteps(code, plan.Forward.Take(below));
                code.Line();
            }
            EmitSteps(code, plan.Forward.Skip(below));
        }
    });

    private static void EmitSteps(CodeWriter code, IEnumerable<StepPlan> steps)
    {
        bool first = true;
        foreach (StepPlan step in steps)
        {
            if (!first)
                code.Line();
            first = false;
            if (step.Member.Kind == MemberKind.Stack)
            {
                EmitStack(code, step.Member);
                continue;
            }
            code.Line($"// {step.Member.Name}");
            foreach (CallPlan call in step.Calls)
                code.Line(call.ToString());
        }
    }

    private static void EmitStack(CodeWriter code, MemberModel stack)
    {
        string name = stack.Name, inside = Wires.Inside(stack), untrained = $"s.{StackBuffers.Untrained(stack)}";
        void Call(string activations, string trained) =>
            code.Line($"{name}[l].Forward(run, a.{name}[l + 1], a.{name}[l], {activations}, {trained}, s.{inside});");
        void Branch(string condition, string activations, string trained)
        {
            code.Line(condition);
            using (code.Indent())
                Call(activations, trained);
        }

        code.Line($"// {name}: a layer keeps what its backward pass will read");
        using (code.Open($"for (int l = firstLayer; l < {name}.Count; l++)"))
        {
            code.Line("run.Enter(l);");
            Branch($"if (l < plan.Lowest{(stack.Checkpointed ? $" || a.{StackBuffers.Recomputes(stack)}" : "")})", $"s.{StackBuffers.Unkept(stack)}", untrained);
            if (stack.ChoosesLayers)
                Branch("else if (!plan.Trains(l))", $"a.{inside}[l]", untrained);
            Branch("else", $"a.{inside}[l]", $"t.{inside}[{Set(stack)}]");
        }
        code.Line("run.Leave();");
    }

    /// <summary>Which of the sets for trained layers is a layer's.</summary>
    public static string Set(MemberModel stack) => stack.ChoosesLayers ? "plan.Set(l)" : "l";
}
