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
            Llama<NoPeft> m => arena => Forward(new Llama<NoPeft>.Activations(arena.Keeping, m), new Llama<NoPeft>.Trained(arena.Keeping, m), new Llama<NoPeft>.Scratch(arena.Forward, m),
                (a, t, s) => m.Forward(test.Run, m.Logits, test.Run.Tokens, a, t, s, test.Plan), (a, t) => [.. a.Blocks[..^1], t.Norm]),
            Mistral<NoPeft> m => arena => Forward(new Mistral<NoPeft>.Activations(arena.Keeping, m), new Mistral<NoPeft>.Trained(arena.Keeping, m), new Mistral<NoPeft>.Scratch(arena.Forward, m),
                (a, t, s) => m.Forward(test.Run, m.Logits, test.Run.Tokens, a, t, s, test.Plan), (a, t) => [.. a.Blocks[..^1], t.Norm]),
            Qwen2<NoPeft> m => arena => Forward(new Qwen2<NoPeft>.Activations(arena.Keeping, m), new Qwen2<NoPeft>.Trained(arena.Keeping, m), new Qwen2<NoPeft>.Scratch(arena.Forward, m),
                (a, t, s) => m.Forward(test.Run, m.Logits, test.Run.Tokens, a, t, s, test.Plan), (a, t) => [.. a.Blocks[..^1], t.Norm]),
            Qwen3<NoPeft> m => arena => Forward(new Qwen3<NoPeft>.Activations(arena.Keeping, m), new Qwen3<NoPeft>.Trained(arena.Keeping, m), new Qwen3<NoPeft>.Scratch(arena.Forward, m),
                (a, t, s) => m.Forward(test.Run, m.Logits, test.Run.Tokens, a, t, s, test.Plan), (a, t) => [.. a.Blocks[..^1], t.Norm]),
            Gemma<NoPeft> m => arena => Forward(new Gemma<NoPeft>.Activations(arena.Keeping, m), new Gemma<NoPeft>.Trained(arena.Keeping, m), new Gemma<NoPeft>.Scratch(arena.Forward, m),
                (a, t, s) => m.Forward(test.Run, m.Logits, test.Run.Tokens, a, t, s, test.Plan), (a, t) => [.. a.Blocks[..^1], t.Norm]),
            Gemma2<NoPeft> m => arena => Forward(new Gemma2<NoPeft>.Activations(arena.Keeping, m), new Gemma2<NoPeft>.Trained(arena.Keeping, m), new Gemma2<NoPeft>.Scratch(arena.Forward, m),
                (a, t, s) => m.Forward(test.Run, m.Logits, test.Run.Tokens, a, t, s, test.Plan), (a, t) => [.. a.Blocks[..^1], t.Norm]),
            var other => throw new NotSupportedException($"{other.GetType()} has no line here."),
        };
        Func<Act<Model>[]>? forward = null;
        Arena arena = Arena.Create(test.Device, Purpose.Training, test.Widths, test.Batch.Sequences, test.Batch.Time, a => forward = layOut(a));
        hidden = forward!();
        return arena;
    }

    private static Func<Act<Model>[]> Forward<TActivations, TTrained, TScratch>(
        TActivations a, TTrained t, TScratch s, Action<TActivations, TTrained, TScratch> forward, Func<TActivations, TTrained, Act<Model>[]> read) => () =>
    {
        forward(a, t, s);
        return read(a, t);
    };
}
