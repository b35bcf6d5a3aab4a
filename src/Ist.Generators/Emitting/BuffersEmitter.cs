using Ist.Generators.Model;
using Ist.Generators.Planning;

namespace Ist.Generators.Emitting;

/// <summary>X.Buffers.g.cs: what the forward pass keeps and what the backward pass works in.</summary>
internal static class BuffersEmitter
{
    public static string Emit(PartModel part, PartPlan plan) => PartFile.Write(part, "buffers", [], code =>
    {
        EmitClass(code, part, "Activations", "What the forward pass leaves for the backward pass.", plan.Saved, EmitStackActivations);
        code.Line();
        EmitClass(code, part, "Gradients", "Gradients of the activations, which live within a step.", plan.Scratch, EmitStackGradients);
    });

    private static void EmitClass(
        CodeWriter code, PartModel part, string name, string summary, IReadOnlyList<BufferPlan> buffers, Action<CodeWriter, MemberModel> emitStack)
    {
        MemberModel? stack = part.Members.FirstOrDefault(m => m.Kind == MemberKind.Stack);
        code.Line($"/// <summary>{summary}</summary>");
        using (code.Open($"{part.Exposure} sealed class {name}"))
        {
            code.Line("/// <summary>Takes the buffers from an arena.</summary>");
            using (code.Open($"public {name}(Arena arena, {part.Type} part)"))
            {
                foreach (BufferPlan buffer in buffers)
                    code.Line($"{buffer.Name} = {buffer.Value};");
                if (stack is not null)
                    emitStack(code, stack);
            }
            foreach (BufferPlan buffer in buffers)
                EmitProperty(code, buffer.Type, buffer.Name, buffer.Summary);
            if (stack is null)
                return;
            string inside = name == "Activations" ? $"{stack.Element}.{name}[]" : $"{stack.Element}.{name}";
            EmitProperty(code, $"{stack.Output.Type}[]", stack.Name, name == "Activations"
                ? "The input of each layer, and after the last one the output of the stack."
                : "The gradients by these; neighbours take turns in two buffers.");
            EmitProperty(code, inside, Wires.Inside(stack), name == "Activations"
                ? "The buffers inside each layer; one set for all where no backward pass follows."
                : "The buffers inside a layer, which all layers share.");
        }
    }

    private static void EmitProperty(CodeWriter code, string type, string name, string summary)
    {
        code.Line();
        code.Line($"/// <summary>{summary}</summary>");
        code.Line($"public {type} {name} {{ get; }}");
    }

    private static void EmitStackActivations(CodeWriter code, MemberModel stack)
    {
        string inside = Wires.Inside(stack);
        code.Line($"{stack.Name} = new {stack.Output.Type}[part.{stack.Name}.Count + 1];");
        code.Line($"{inside} = new {stack.Element}.Activations[part.{stack.Name}.Count];");
        code.Line($"{stack.Name}[0] = {ValueModel.BufferOf(stack.Sources[0])};");
        using (code.Open($"for (int l = 0; l < part.{stack.Name}.Count; l++)"))
        {
            code.Line($"{inside}[l] = arena.KeepsLayers || l == 0 ? new {stack.Element}.Activations(arena, part.{stack.Name}[l]) : {inside}[0];");
            code.Line($"{stack.Name}[l + 1] = arena.KeepsLayers || l < 2 ? arena.Saved<{stack.Output.Width}>() : {stack.Name}[l - 1];");
        }
    }

    private static void EmitStackGradients(CodeWriter code, MemberModel stack)
    {
        code.Line($"{stack.Name} = new {stack.Output.Type}[part.{stack.Name}.Count + 1];");
        code.Line($"{Wires.Inside(stack)} = new {stack.Element}.Gradients(arena, part.{stack.Name}[0]);");
        code.Line($"{stack.Output.Type} other = arena.Scratch<{stack.Output.Width}>();");
        code.Line($"for (int l = 0; l <= part.{stack.Name}.Count; l++)");
        using (code.Indent())
            code.Line($"{stack.Name}[l] = l % 2 == 0 ? {ValueModel.BufferOf(stack.Sources[0])} : other;");
    }
}
