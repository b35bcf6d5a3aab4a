using Ist.Generators.Model;
using Ist.Generators.Planning;

namespace Ist.Generators.Emitting;

/// <summary>X.Tiles.g.cs: what a model computes tile by tile, between its forward and its backward pass.</summary>
internal static class TilesEmitter
{
    public static string Emit(PartModel part, PartPlan plan) => PartFile.Write(part, "tiles of rows", [], code =>
    {
        code.Line("/// <summary>y = the logits of a tile; leaves in s what its backward pass reads.</summary>");
        EmitMethod(code, "ForwardTile", part, "y", plan.ForwardTile);
        code.Line();
        code.Line("/// <summary>Sets the gradients that the backward pass begins with, and adds those of parameters; dy is the gradient by the tile's logits.</summary>");
        EmitMethod(code, "BackwardTile", part, "dy", plan.BackwardTile);
    });

    /// <summary>The sets of buffers that a tile's calls name, in the order of parameters.</summary>
    public static IEnumerable<string> Sets(IReadOnlyList<StepPlan> tile) => new[] { "Activations", "Trained", "Scratch", "Gradients" }.Where(set =>
        tile.SelectMany(step => step.Calls).SelectMany(call => call.Arguments).Any(a => a.StartsWith($"{Letter(set)}.", StringComparison.Ordinal)));

    /// <summary>The parameter that is a set of buffers.</summary>
    public static string Letter(string set) => set == "Gradients" ? "d" : set.Substring(0, 1).ToLowerInvariant();

    private static void EmitMethod(CodeWriter code, string method, PartModel part, string logits, IReadOnlyList<StepPlan> steps)
    {
        string buffers = string.Concat(Sets(steps).Select(set => $", {set} {Letter(set)}"));
        using (code.Open($"{part.Exposure} void {method}(Run run, {part.Output.Type} {logits}{buffers})"))
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
