using Ist.Generators.Model;
using Ist.Generators.Planning;

namespace Ist.Generators.Emitting;

/// <summary>X.CausalLm.g.cs and the like: a whole model as a trainer drives it, with its own buffers.</summary>
internal static class ModelEmitter
{
    public static string Emit(PartModel part, PartPlan plan) => PartFile.Write(part, "the model as a trainer drives it", ["System", "Ist.Runtime.Models", "Ist.Runtime.Sparse"], code =>
    {
        MemberModel? stack = part.Members.FirstOrDefault(m => m.Kind == MemberKind.Stack);
        string width = part.Output.Width!;
        bool isTiled = part.Tiled.Any();
        code.Line("private Activations? _activations;");
        code.Line("private Trained? _trained;");
        code.Line("private Scratch? _scratch;");
        code.Line("private Gradients? _gradients;");
        code.Line("private KeptLayers _kept;");
        code.Line("private LayerPlan? _plan;");
        code.Line("private LayerPlan? _nothing;");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public ModelContents Contents { get; }");
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line($"public {part.Output.Type} Logits {{ get; private set; }}");
        code.Line();
        code.Line("Act<Own> IModel.Logits => Logits.Untyped;");
        code.Line();
        if (isTiled)
        {
            code.Line("/// <inheritdoc/>");
            code.Line("public int TileRows { get; private set; }");
            code.Line();
        }
        code.Line("/// <inheritdoc/>");
        code.Line($"public int LayerCount => {(stack is null ? "0" : $"{stack.Name}.Count")};");
        if (stack is { Checkpointed: true })
        {
            code.Line();
            code.Line("/// <inheritdoc/>");
            code.Line("public bool OffersCheckpointing => true;");
        }
        code.Line();
        code.Line("/// <inheritdoc/>");
        using (code.Open("public void Allocate(Arena arena)"))
        {
            code.Line("Contents.Reserve(arena);");
            string rows = isTiled ? ", arena.TileRows" : part.Last.Values[0].PerSequence ? ", arena.Sequences" : "";
            string all = stack is { ChoosesLayers: false } ? ".AllLayers" : "";
            if (isTiled)
                code.Line("TileRows = arena.TileRows;");
            code.Line($"Logits = arena.Rowwise<{width}>(arena.Widths.Of<{width}>(), MemoryKind.Logits{rows});");
            code.Line($"_activations = new Activations(arena.Keeping{all}, this);");
            code.Line($"_trained = new Trained(arena.Keeping{all}, this);");
            code.Line("_scratch = new Scratch(arena.Forward, this);");
            code.Line("_gradients = arena.Purpose == Purpose.Training ? new Gradients(arena.Backward, this) : null;");
            code.Line("_kept = arena.Kept;");
            code.Line("_nothing = LayerPlan.Nothing(LayerCount);");
        }
        code.Line();
        code.Line("/// <inheritdoc/>");
        code.Line("public void Forward(Run run) =>");
        using (code.Indent())
            code.Line("Forward(run, _nothing ?? throw new InvalidOperationException(\"Allocate comes before Forward.\"));");
        code.Line();
        code.Line("/// <inheritdoc/>");
        using (code.Open("public void Forward(Run run, LayerPlan plan)"))
        {
            code.Line("Activations a = _activations ?? throw new InvalidOperationException(\"Allocate comes before Forward.\");");
            code.Line("plan.RequireWithin(_kept);");
            code.Line("_plan = plan;");
            code.Line($"Forward(run, {(isTiled ? "" : "Logits, ")}run.Tokens, a, _trained!, _scratch!, plan{(stack is null ? "" : ", firstLayer: 0")});");
        }
        if (stack is not null)
        {
            code.Line();
            code.Line("/// <inheritdoc/>");
            using (code.Open("public void ForwardFrom(Run run, int layer)"))
            {
                code.Line("if (_plan is null)");
                using (code.Indent())
                    code.Line("throw new InvalidOperationException(\"ForwardFrom comes after Forward.\");");
                code.Line("_kept.RequireInput(layer);");
                code.Line("_plan = _nothing!;");
                code.Line($"Forward(run, {(isTiled ? "" : "Logits, ")}run.Tokens, _activations!, _trained!, _scratch!, _plan, layer);");
            }
        }
        if (isTiled)
            EmitTiles(code, plan);
        code.Line();
        code.Line("/// <inheritdoc/>");
        using (code.Open("public void Backward(Run run, LayerPlan plan)"))
        {
            code.Line("Gradients d = _gradients ?? throw new InvalidOperationException(\"Backward needs buffers that were laid out for training.\");");
            code.Line("if (_plan != plan)");
            using (code.Indent())
                code.Line("throw new InvalidOperationException(\"Backward comes after Forward with the same plan.\");");
            code.Line($"Backward(run, {(isTiled ? "" : "Logits, ")}run.Tokens, _activations!, _trained!, d, plan);");
        }
    }, bases: $"I{part.Role}");

    private static void EmitTiles(CodeWriter code, PartPlan plan)
    {
        string Fields(IReadOnlyList<StepPlan> tile) => string.Concat(TilesEmitter.Sets(tile).Select(set => set == "Gradients" ? ", d" : $", _{set.ToLowerInvariant()}!"));
        code.Line();
        code.Line("/// <inheritdoc/>");
        using (code.Open("public Act<Own> ForwardTile(Run tile)"))
        {
            code.Line("if (_plan is null)");
            using (code.Indent())
                code.Line("throw new InvalidOperationException(\"ForwardTile comes after Forward.\");");
            code.Line($"ForwardTile(tile, Logits{Fields(plan.ForwardTile)});");
            code.Line("return Logits.Untyped;");
        }
        code.Line();
        code.Line("/// <inheritdoc/>");
        using (code.Open("public void BackwardTile(Run tile)"))
        {
            code.Line("Gradients d = _gradients ?? throw new InvalidOperationException(\"BackwardTile needs buffers that were laid out for training.\");");
            code.Line($"BackwardTile(tile, Logits{Fields(plan.BackwardTile)});");
        }
    }
}
