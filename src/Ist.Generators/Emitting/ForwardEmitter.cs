using Ist.Generators.Model;
using Ist.Generators.Planning;

namespace Ist.Generators.Emitting;

/// <summary>X.Forward.g.cs: one call a line, in the order of declaration.</summary>
internal static class ForwardEmitter
{
    public static string Emit(PartModel part, PartPlan plan) => PartFile.Write(part, "forward pass", [], code =>
    {
        code.Line($"/// <summary>y = {part.Name}(x); leaves in a what the backward pass reads.</summary>");
        using (code.Open($"{part.Exposure} void Forward(Run run, {part.Output.Type} y, {part.Input.Type} x, Activations a)"))
        {
            bool first = true;
            foreach (StepPlan step in plan.Forward)
            {
                if (!first)
                    code.Line();
                first = false;
                code.Line($"// {step.Member.Name}");
                foreach (CallPlan call in step.Calls)
                    code.Line(call.ToString());
                if (step.Member.Kind == MemberKind.Stack)
                    EmitStack(code, step.Member);
            }
        }
    });

    private static void EmitStack(CodeWriter code, MemberModel stack)
    {
        string name = stack.Name;
        using (code.Open($"for (int l = 0; l < {name}.Count; l++)"))
        {
            code.Line("run.Enter(l);");
            code.Line($"{name}[l].Forward(run, a.{name}[l + 1], a.{name}[l], a.{Wires.Inside(stack)}[l]);");
        }
        code.Line("run.Leave();");
    }
}
