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
        bool whole = part.Role == PartRole.CausalLm;
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
            foreach (string buffers in new[] { "Activations", "Gradients" })
            {
                code.Line();
                code.Line("/// <summary>Throws.</summary>");
                using (code.Open($"{part.Exposure} sealed class {buffers}"))
                {
                    code.Line("/// <summary>Throws.</summary>");
                    code.Line($"public {buffers}(Arena arena, {part.Type} part) => {@throw};");
                }
            }
            foreach (string signature in whole ? WholeSignatures : PartSignatures(part))
            {
                code.Line();
                code.Line("/// <summary>Throws.</summary>");
                code.Line($"{(whole ? "public" : part.Exposure)} {signature} => {@throw};");
            }
        }, bases: whole ? "ICausalLm" : null);
    }

    private static readonly string[] WholeSignatures =
    [
        "ModelContents Contents",
        "Act<Vocab> Logits",
        "int LayerCount",
        "void Allocate(Arena arena)",
        "void Forward(Run run)",
        "void Backward(Run run, LayerPlan plan)",
    ];

    private static string[] PartSignatures(PartModel part)
    {
        string dx = part.Input.HasGradient || part.Input == PortModel.Unknown ? $"{part.Input.Type} dx, " : "";
        string backward = $"(Run run, {dx}{part.Output.Type} dy, {part.Input.Type} x, Activations a, Gradients d)";
        return
        [
            $"void Forward(Run run, {part.Output.Type} y, {part.Input.Type} x, Activations a)",
            $"void Backward{backward}",
            $"void BackwardInput{backward}",
        ];
    }
}
