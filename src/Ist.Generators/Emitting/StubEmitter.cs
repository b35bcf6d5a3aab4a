using Ist.Generators.Model;

namespace Ist.Generators.Emitting;

/// <summary>
/// X.Stubs.g.cs, instead of all other files, for a part with errors: everything that other code may name, throwing, so
/// that the compiler reports the part's own error and not a hundred that follow from it.
/// </summary>
internal static class StubEmitter
{
    public static string Emit(PartModel part)
    {
        string @throw = $"throw new NotSupportedException(\"{part.Name} was declared with errors; see its IST diagnostics.\")";
        string[] usings = ["System", "Ist.Runtime.Models", "Ist.Runtime.Sparse"];
        bool whole = part.Role.IsModel();
        return PartFile.Write(part, "stubs, because its declaration has errors", usings, code =>
        {
            code.Line("/// <summary>Throws.</summary>");
            code.Line($"public {part.Name}(Scope scope) => {@throw};");
            foreach (MemberModel member in part.Members)
            {
                code.Line();
                code.Line("/// <summary>Throws.</summary>");
                code.Line($"{member.Implementation} => {@throw};");
            }
            foreach (string buffers in new[] { "Activations", "Trained", "Scratch", "Gradients" })
            {
                code.Line();
                code.Line("/// <summary>Throws.</summary>");
                using (code.Open($"{part.Exposure} sealed class {buffers}"))
                {
                    code.Line("/// <summary>Throws.</summary>");
                    code.Line($"public {buffers}(BufferSpace space, {part.Type} part) => {@throw};");
                }
            }
            foreach (string signature in whole ? ModelSignatures(part) : PartSignatures(part))
            {
                code.Line();
                code.Line("/// <summary>Throws.</summary>");
                code.Line($"{signature} => {@throw};");
            }
        }, bases: whole ? $"I{part.Role}" : null);
    }

    private static string[] ModelSignatures(PartModel part) =>
    [
        "public ModelContents Contents",
        $"public Act<{(part.Role == PartRole.CausalLm ? "Vocab" : "Labels")}> Logits",
        "Act<Own> IModel.Logits",
        "public int LayerCount",
        .. part.Tiled.Any() ? new[] { "public int TileRows", "public Act<Own> ForwardTile(Run tile)", "public void BackwardTile(Run tile)" } : [],
        "public void Allocate(Arena arena)",
        "public void Forward(Run run)",
        "public void Forward(Run run, LayerPlan plan)",
        .. part.Members.Any(m => m.Kind == MemberKind.Stack) ? new[] { "public void ForwardFrom(Run run, int layer)" } : [],
        "public void Backward(Run run, LayerPlan plan)",
    ];

    private static string[] PartSignatures(PartModel part)
    {
        string dx = part.Input.HasGradient || part.Input == PortModel.Unknown ? $"{part.Input.Type} dx, " : "";
        string backward = $"(Run run, {dx}{part.Output.Type} dy, {part.Input.Type} x, Activations a";
        return
        [
            $"{part.Exposure} void Forward(Run run, {part.Output.Type} y, {part.Input.Type} x, Activations a, Trained t, Scratch s)",
            $"{part.Exposure} void Backward{backward}, Trained t, Gradients d)",
            $"{part.Exposure} void BackwardInput{backward}, Gradients d)",
        ];
    }
}
