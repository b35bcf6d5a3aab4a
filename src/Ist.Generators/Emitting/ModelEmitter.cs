using Ist.Generators.Model;

namespace Ist.Generators.Emitting;

/// <summary>X.CausalLm.g.cs and the like: a whole model as a trainer drives it, with its own buffers.</summary>
internal static class ModelEmitter
{
    public static string Emit(PartModel part) => PartFile.Write(part, "the model as a trainer drives it", ["System", "Ist.Runtime.Models", "Ist.Runtime.Sparse"], code =>
    {
        MemberModel? stack = part.Members.FirstOrDefault(m => m.Kind == MemberKind.Stack);
        string width = part.Output.Width!;
        code.Line("private Activations? _activations;");
        code.Line("private Gradients? _gradients;");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public ModelContents Contents { get; }");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public {part.Output.Type} Logits {{ get; private set; }}");
        code.Line();
        code.Line("Act<Own> IModel.Logits => Logits.Untyped;");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public int LayerCount => {(stack is null ? "0" : $"{stack.Name}.Count")};");
        code.Line();
        code.Line("/// <inheritdoc/>");
        using (code.Open("public void Allocate(Arena arena)"))
        {
            code.Line("Contents.Reserve(arena);");
            code.Line($"Logits = arena{(part.Last.Values[0].PerSequence ? ".BySequence" : "")}.Rowwise<{width}>(arena.Widths.Of<{width}>(), MemoryKind.Logits);");
            code.Line("_activations = new Activations(arena, this);");
            code.Line("_gradients = arena.KeepsLayers ? new Gradients(arena, this) : null;");
        }
        code.Line();
        code.Line("/// <inheritdoc/>");
        using (code.Open("public void Forward(Run run)"))
        {
            code.Line("Activations a = _activations ?? throw new InvalidOperationException(\"Allocate comes before Forward.\");");
            code.Line("Forward(run, Logits, run.Tokens, a);");
        }
        code.Line();
        code.Line("/// <inheritdoc/>");
        using (code.Open("public void Backward(Run run, LayerPlan plan)"))
        {
            code.Line("Gradients d = _gradients ?? throw new InvalidOperationException(\"Backward needs buffers that were laid out for training.\");");
            code.Line("Backward(run, Logits, run.Tokens, _activations!, d, plan);");
        }
    }, bases: $"I{part.Role}");
}
