using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests.Golden;

/// <summary>
/// What Hugging Face calls hidden states: the input of each layer, and for the last one the normed output of the stack. Each family
/// has buffers of its own types, so each has a line here.
/// </summary>
internal static class HiddenStates
{
    /// <summary>Runs a model forward in buffers that stay readable as long as the arena.</summary>
    public static Arena Of(ModelUnderTest test, out Act<Model>[] hidden)
    {
        Func<Arena, Func<Act<Model>[]>> layOut = test.Model switch
        {
            Llama<NoPeft> m => arena => Forward(new Llama<NoPeft>.Activations(arena, m), a => m.Forward(test.Run, m.Logits, test.Run.Tokens, a), a => [.. a.Blocks[..^1], a.Norm]),
            Mistral<NoPeft> m => arena => Forward(new Mistral<NoPeft>.Activations(arena, m), a => m.Forward(test.Run, m.Logits, test.Run.Tokens, a), a => [.. a.Blocks[..^1], a.Norm]),
            Qwen2<NoPeft> m => arena => Forward(new Qwen2<NoPeft>.Activations(arena, m), a => m.Forward(test.Run, m.Logits, test.Run.Tokens, a), a => [.. a.Blocks[..^1], a.Norm]),
            Qwen3<NoPeft> m => arena => Forward(new Qwen3<NoPeft>.Activations(arena, m), a => m.Forward(test.Run, m.Logits, test.Run.Tokens, a), a => [.. a.Blocks[..^1], a.Norm]),
            Gemma<NoPeft> m => arena => Forward(new Gemma<NoPeft>.Activations(arena, m), a => m.Forward(test.Run, m.Logits, test.Run.Tokens, a), a => [.. a.Blocks[..^1], a.Norm]),
            Gemma2<NoPeft> m => arena => Forward(new Gemma2<NoPeft>.Activations(arena, m), a => m.Forward(test.Run, m.Logits, test.Run.Tokens, a), a => [.. a.Blocks[..^1], a.Norm]),
            Phi3<NoPeft> m => arena => Forward(new Phi3<NoPeft>.Activations(arena, m), a => m.Forward(test.Run, m.Logits, test.Run.Tokens, a), a => [.. a.Blocks[..^1], a.Norm]),
            Mixtral<NoPeft> m => arena => Forward(new Mixtral<NoPeft>.Activations(arena, m), a => m.Forward(test.Run, m.Logits, test.Run.Tokens, a), a => [.. a.Blocks[..^1], a.Norm]),
            var other => throw new NotSupportedException($"{other.GetType()} has no line here."),
        };
        Func<Act<Model>[]>? forward = null;
        Arena arena = Arena.Create(test.Device, Purpose.Training, test.Widths, test.Batch.Sequences, test.Batch.Time, a => forward = layOut(a));
        hidden = forward!();
        return arena;
    }

    private static Func<Act<Model>[]> Forward<TActivations>(TActivations a, Action<TActivations> forward, Func<TActivations, Act<Model>[]> read) => () =>
    {
        forward(a);
        return read(a);
    };
}
