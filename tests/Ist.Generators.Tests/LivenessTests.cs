using Ist.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Tests;

/// <summary>Where a value lives and how long follows from the calls that read it.</summary>
public sealed class LivenessTests
{
    private const string Layers = """
        public sealed class Square<D> where D : IWidth;

        public static class Square
        {
            public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x) where D : IWidth { }
            public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x) where D : IWidth { }
        }

        public sealed class Scale<D> where D : IWidth
        {
            public bool Learns => true;
        }

        public static class Scale
        {
            public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, Scale<D> scale) where D : IWidth { }
            public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Scale<D> scale) where D : IWidth { }
            public static void BackwardWeights<D>(Run run, Act<D> dy, [ReadWhere(nameof(Scale<D>.Learns))] Act<D> x, Scale<D> scale) where D : IWidth { }
        }

        public sealed class Shift<D> where D : IWidth;

        public static class Shift
        {
            public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x) where D : IWidth { }
            public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy) where D : IWidth { }
        }

        [Branch]
        public sealed partial class Chain
        {
            public partial Shift<Model> First { get; }
            public partial Square<Model> Second { get; }
            public partial Scale<Model> Third { get; }
            public partial Shift<Model> Fourth { get; }
            public partial Shift<Model> Fifth { get; }
        }

        """;

    [Fact]
    public void A_value_is_kept_for_whom_it_concerns()
    {
        string buffers = Emit(Layers, "Chain.Buffers");

        Assert.Equal(["First = space.Take<Model>(written: 0, read: 1);"], Of(buffers, "Activations")); // Square's dx needs it
        Assert.Equal(["Second = space.Take<Model>(written: 1, read: 2, keep: part.Third.Learns);"], Of(buffers, "Trained")); // Scale's weight alone
        Assert.Equal(["Third = space.Take<Model>(written: 2, read: 3);", "Fourth = space.Take<Model>(written: 3, read: 4);"], Of(buffers, "Scratch"));
        Assert.Contains("Fourth = space.Take<Model>(written: 0, read: 1);", Of(buffers, "Gradients"));
    }

    [Fact]
    public void The_calls_name_the_set_that_a_value_lives_in()
    {
        string forward = Emit(Layers, "Chain.Forward"), backward = Emit(Layers, "Chain.Backward");

        Assert.Contains("Square.Forward(run, t.Second, a.First);", forward, StringComparison.Ordinal);
        Assert.Contains("Scale.Forward(run, s.Third, t.Second, Third);", forward, StringComparison.Ordinal);
        Assert.Contains("Scale.BackwardWeights(run, d.Third, t.Second, Third);", backward, StringComparison.Ordinal);
        // What is not trained is not given the set for it, so it can't read it.
        Assert.Contains("BackwardInput(Run run, Act<Model> dx, Act<Model> dy, Act<Model> x, Activations a, Gradients d)", backward, StringComparison.Ordinal);
    }

    [Fact]
    public void What_passes_a_stack_by_is_there_for_every_pass_that_goes_on_in_it()
    {
        string buffers = Emit(Layers + """
            [CausalLm]
            public sealed partial class Decoder
            {
                [Weight("embed")] public partial Embedding<Vocab, Model> Tokens { get; }
                public partial Shift<Model> Around { get; }
                [From(nameof(Tokens))] public partial Shift<Model> Into { get; }
                [Weight("layers")] public partial LayerStack<Chain> Layers { get; }
                [From(nameof(Layers), nameof(Around))] public partial Sum<Model> Both { get; }
                public partial Shift<Model> Last { get; }
                [Weight("head")] public partial Linear<Model, Vocab> Head { get; }
            }
            """, "Decoder.Buffers");

        Assert.Contains("Around = space.Take<Model>(written: 1, read: BufferSpace.Tiles);", buffers, StringComparison.Ordinal);
        Assert.Contains("Both = space.Take<Model>(written: 4, read: 5);", buffers, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Ist, Checkpointed", "if (l < plan.Lowest || a.RecomputesLayers)", "plan.Set(l)")]
    [InlineData("Ist", "if (l < plan.Lowest)", "plan.Set(l)")]
    [InlineData("Checkpointed", "if (l < plan.Lowest || a.RecomputesLayers)", "l")]
    public void A_stack_has_the_states_that_it_is_declared_with(string attributes, string unkept, string set)
    {
        string model = $$"""
            [CausalLm]
            public sealed partial class Decoder
            {
                [Weight("embed")] public partial Embedding<Vocab, Model> Tokens { get; }
                [Weight("layers"), {{attributes}}] public partial LayerStack<Chain> Layers { get; }
                [Weight("head")] public partial Linear<Model, Vocab> Head { get; }
            }
            """;
        string forward = Emit(Layers + model, "Decoder.Forward"), backward = Emit(Layers + model, "Decoder.Backward");

        Assert.Contains(unkept, forward, StringComparison.Ordinal);
        Assert.Contains($"a.InsideLayers[l], t.InsideLayers[{set}], s.InsideLayers);", forward, StringComparison.Ordinal);
        Assert.Equal(attributes.Contains("Ist", StringComparison.Ordinal), backward.Contains("Layers[l].BackwardInput(", StringComparison.Ordinal));
        Assert.Equal(attributes.Contains("Checkpointed", StringComparison.Ordinal), backward.Contains("Layers[l].Forward(", StringComparison.Ordinal));
    }

    private static string[] Of(string buffers, string set)
    {
        int begin = buffers.IndexOf($"public {set}(", StringComparison.Ordinal), end = buffers.IndexOf('}', begin);
        return [.. buffers[begin..end].Split('\n').Select(line => line.Trim()).Where(line => line.Contains("space.Take", StringComparison.Ordinal))];
    }

    private static string Emit(string parts, string file)
    {
        GeneratorDriver driver = Compilations.Driver().RunGeneratorsAndUpdateCompilation(
            Compilations.OfParts(parts), out Compilation compilation, out _, TestContext.Current.CancellationToken);
        Assert.Empty(compilation.Complaints());
        return driver.GetRunResult().Results.Single().GeneratedSources.Single(s => s.HintName == $"Sample.{file}.g.cs").SourceText.ToString();
    }
}
