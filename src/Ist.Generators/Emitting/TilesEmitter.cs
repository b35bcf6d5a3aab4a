using Ist.Generators.Model;
using Ist.Generators.Planning;

namespace Ist.Generators.Emitting;

/// <summary>X.Tiles.g.cs: what a model computes tile by tile, between its forward and its backward pass.</summary>
internal static class TilesEmitter
{
    public static string Emit(PartModel part, PartPlan plan) => PartFile.Write(part, "tiles of rows", [], code =>
    {
        code.Line("/// <summary>y = the logits of a tile; leaves in s what its backward pass reads.</summary>");
        EmitMethod(code, "ForwardTile", $"{part.Output.Type} y, {Forward(plan).Parameters}", part, plan.ForwardTile);
        code.Line();
        code.Line("/// <summary>Sets the gradients that the backward pass begins with, and adds those of parameters; dy is the gradient by the tile's logits.</summary>");
        EmitMethod(code, "BackwardTile", $"{part.Output.Type} dy, {Backward(plan).Parameters}", part, plan.BackwardTile);
    });

    /// <summary>The sets of buffers that ForwardTile takes.</summary>
    public static (string Parameters, string Fields) Forward(PartPlan plan) => Sets(plan.ForwardTile, "s");

    /// <summary>The sets of buffers that BackwardTile takes.</summary>
    public static (string Parameters, string Fields) Backward(PartPlan plan) => Sets(plan.BackwardTile, "sd");

    private static (string, string) Sets(IReadOnlyList<StepPlan> steps, string always)
    {
        string[] types = [.. new[] { "Activations a", "Trained t", "Scratch s", "Gradients d" }.Where(type =>
        {
            string letter = type.Substring(type.Length - 1);
            return always.Contains(letter) || steps.SelectMany(s => s.Calls).SelectMany(c => c.Arguments).Any(a => a.StartsWith(letter + ".", StringComparison.Ordinal));
        })];
        return (string.Join(", ", types), string.Join(", ", types.Select(type => $"_{type.Split(' ')[0].ToLowerInvariant()}!")));
    }

    private static void EmitMethod(CodeWriter code, string method, string parameters, PartModel part, IReadOnlyList<StepPlan> steps)
    {
        using (code.Open($"{part.Exposure} void {method}(Run run, {parameters})"))
        {
            for (int i = 0; i < steps.Count; i++)
            {
                if (i > 0)
                    code.Line();
                code.Line($"// {steps[i].Member.Name}");
                foreach (CallPlan call in steps[i].Calls)
                    code.Line(call.ToString());
            }
        }
    }
}
