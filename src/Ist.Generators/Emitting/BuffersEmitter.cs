using Ist.Generators.Model;
using Ist.Generators.Planning;

namespace Ist.Generators.Emitting;

/// <summary>X.Buffers.g.cs: what the forward pass keeps for the backward pass, and what the two work in.</summary>
internal static class BuffersEmitter
{
    public static string Emit(PartModel part, PartPlan plan) => PartFile.Write(part, "buffers", [], code =>
    {
        EmitClass(code, part, "Activations", "What the backward pass reads in every layer that it passes through.",
            plan, plan.Activations, plan.Forward, StackBuffers.Activations);
        code.Line();
        EmitClass(code, part, "Trained", "What the backward pass reads for the gradients of parameters alone: in a layer that is trained.",
            plan, plan.Trained, plan.Forward, StackBuffers.Trained);
        code.Line();
        EmitClass(code, part, "Scratch", $"What lives within the forward pass{(part.Tiled.Any() ? ", up to the tiles that follow it" : "")}.", plan, plan.Scratch, plan.Forward, StackBuffers.Scratch);
        code.Line();
        EmitClass(code, part, "Gradients", $"What lives within the backward pass{(part.Tiled.Any() ? ", from the tiles before it on" : "")}: the gradients of the activations.",
            plan, plan.Gradients, plan.Backward, StackBuffers.Gradients);
    });

    private static void EmitClass(
        CodeWriter code, PartModel part, string name, string summary, PartPlan plan, IReadOnlyList<BufferPlan> buffers, IReadOnlyList<StepPlan> pass,
        Func<MemberModel, PartPlan, StackBuffers> ofStack)
    {
        MemberModel? stack = part.Members.FirstOrDefault(m => m.Kind == MemberKind.Stack);
        StackBuffers? layers = stack is null ? null : ofStack(stack, plan);
        IReadOnlyList<BufferPlan> all = layers is null ? buffers : [.. buffers, .. layers.Buffers];
        string steps = string.Join(", ", pass.Select((step, index) => $"{index} {step.Member.Name}"));
        code.Line($"/// <summary>{summary}</summary>");
        code.Line($"/// <remarks>Steps: {steps}.</remarks>");
        using (code.Open($"{part.Exposure} sealed class {name}"))
        {
            code.Line("/// <summary>Takes the buffers, each from the step that writes it to the one that reads it last.</summary>");
            using (code.Open($"public {name}(BufferSpace space, {part.Type} part)"))
            {
                foreach (BufferPlan buffer in all)
                    code.Line($"{buffer.Name} = {buffer.Value};");
                layers?.Fill(code);
            }
            foreach (BufferPlan buffer in all)
            {
                code.Line();
                code.Line($"/// <summary>{buffer.Summary}</summary>");
                code.Line($"public {buffer.Type} {buffer.Name} {{ get; }}");
            }
        }
    }
}
