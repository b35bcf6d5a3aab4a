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
            code.Line("/// <summary>Adds to the gradients of what the plan trains; dy is the gradient by the logits.</summary>");
            EmitMethod(code, "Backward", part, plan.Backward, whole: true);
            return;
        }
        code.Line("/// <summary>Sets dx, and adds the gradients of the part's parameters.</summary>");
        EmitMethod(code, "Backward", part, plan.Backward, whole: false);
        code.Line();
        code.Line("/// <summary>Sets dx alone, the same as <see cref=\"Backward\"/>: the part is not trained in this step.</summary>");
        EmitMethod(code, "BackwardInput", part, plan.BackwardInput, whole: false);
    });

    private static void EmitMethod(CodeWriter code, string method, PartModel part, IReadOnlyList<StepPlan> steps, bool whole)
    {
        string dx = part.Input.HasGradient ? $"{part.Input.Type} dx, " : "";
        string plan = whole ? ", LayerPlan plan" : "";
        using (code.Open($"{part.Exposure} void {method}(Run run, {dx}{part.Output.Type} dy, {part.Input.Type} x, Activations a, Gradients d{plan})"))
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
        string name = stack.Name;
        string arguments = $"run, d.{name}[l], d.{name}[l + 1], a.{name}[l], a.{Wires.Inside(stack)}[l], d.{Wires.Inside(stack)}";
        code.Line(stack.ChoosesLayers ? $"// {name}: below plan.Lowest nothing is trained, so nothing is computed" : $"// {name}");
        string lowest = stack.ChoosesLayers ? "plan.Lowest" : "0";
        using (code.Open($"for (int l = {name}.Count - 1; l >= {lowest}; l--)"))
        {
            code.Line("run.Enter(l);");
            if (stack.ChoosesLayers)
            {
                code.Line("if (plan.Trains(l))");
                using (code.Indent())
                    code.Line($"{name}[l].Backward({arguments});");
                code.Line("else");
                using (code.Indent())
                    code.Line($"{name}[l].BackwardInput({arguments});");
            }
            else
            {
                code.Line($"{name}[l].Backward({arguments});");
            }
        }
        code.Line("run.Leave();");
        code.Line("if (!plan.TrainsInput)");
        using (code.Indent())
            code.Line("return;");
    }
}
