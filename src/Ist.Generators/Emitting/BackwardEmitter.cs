using Ist.Generators.Model;
using Ist.Generators.Planning;

namespace Ist.Generators.Emitting;

/// <summary>X.Backward.g.cs: the forward pass read bottom-up, once for a trained part and once for one that passes through.</summary>
internal static class BackwardEmitter
{
    public static string Emit(PartModel part, PartPlan plan) => PartFile.Write(part, "backward pass", ["Ist.Runtime.Sparse"], code =>
    {
        if (part.Role.IsModel())
        {
            string begins = part.Tiled.Any() ? "it begins with those that BackwardTile set" : "dy is the gradient by the logits";
            code.Line($"/// <summary>Adds to the gradients of what the plan trains; {begins}.</summary>");
            EmitMethod(code, "Backward", part, plan.Backward, "Activations a, Trained t, Gradients d, LayerPlan plan");
            return;
        }
        code.Line("/// <summary>Sets dx, and adds the gradients of the part's parameters.</summary>");
        EmitMethod(code, "Backward", part, plan.Backward, "Activations a, Trained t, Gradients d");
        code.Line();
        code.Line("/// <summary>Sets dx alone, the same as <see cref=\"Backward\"/>: the part is not trained in this step.</summary>");
        EmitMethod(code, "BackwardInput", part, plan.BackwardInput, "Activations a, Gradients d");
    });

    private static void EmitMethod(CodeWriter code, string method, PartModel part, IReadOnlyList<StepPlan> steps, string buffers)
    {
        string dx = part.Input.HasGradient ? $"{part.Input.Type} dx, " : "", dy = part.Tiled.Any() ? "" : $"{part.Output.Type} dy, ";
        using (code.Open($"{part.Exposure} void {method}(Run run, {dx}{dy}{part.Input.Type} x, {buffers})"))
        {
            bool first = true;
            foreach (StepPlan step in steps.Where(s => s.Calls.Count > 0 || s.Member.Kind == MemberKind.Stack))
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
    }

    private static void EmitStack(CodeWriter code, MemberModel stack)
    {
        string name = stack.Name, inside = Wires.Inside(stack), set = $"t.{inside}[{ForwardEmitter.Set(stack)}]";
        string given = $"run, d.{name}[l], d.{name}[l + 1], a.{name}[l], a.{inside}[l]";
        code.Line($"// {name}: below plan.Lowest nothing is trained, so nothing is computed");
        using (code.Open($"for (int l = {name}.Count - 1; l >= plan.Lowest; l--)"))
        {
            code.Line("run.Enter(l);");
            if (stack.Checkpointed)
            {
                code.Line($"if (a.{StackBuffers.Recomputes(stack)})");
                using (code.Indent())
                    code.Line($"{name}[l].Forward(run, a.{name}[l + 1], a.{name}[l], a.{inside}[l], {set}, d.{StackBuffers.Again(stack)});");
            }
            if (stack.ChoosesLayers)
            {
                code.Line("if (plan.Trains(l))");
                using (code.Indent())
                    code.Line($"{name}[l].Backward({given}, {set}, d.{inside});");
                code.Line("else");
                using (code.Indent())
                    code.Line($"{name}[l].BackwardInput({given}, d.{inside});");
            }
            else
            {
                code.Line($"{name}[l].Backward({given}, {set}, d.{inside});");
            }
        }
        code.Line("run.Leave();");
        code.Line("if (!plan.TrainsInput)");
        using (code.Indent())
            code.Line("return;");
    }
}
