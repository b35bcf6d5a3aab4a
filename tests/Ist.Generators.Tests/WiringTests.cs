using Ist.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Tests;

/// <summary>Wirings that no shipped family has, but a user may declare: what is emitted for them, line by line.</summary>
public sealed class WiringTests
{
    /// <summary>A layer of the user's own, without parameters: the generator learns it from these signatures.</summary>
    private const string Squares = """
        public sealed class Square<D> where D : IWidth;

        public static class Square
        {
            public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x) where D : IWidth { }
            public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x) where D : IWidth { }
        }

        """;

    [Fact]
    public void A_layer_of_the_users_own_needs_no_change_to_the_generator()
    {
        string code = Emit(Squares + """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
                public partial Square<Ffn> Act { get; }
                [Weight("down")] public partial Linear<Ffn, Model> Down { get; }
            }
            """, "Mlp.Backward");

        Assert.Contains("Square.BackwardSet(run, d.Up, d.Act, a.Up);", code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_later_writer_adds_a_share_where_its_layer_can_only_set()
    {
        string code = Emit(Squares + """
            [Branch]
            public sealed partial class Twice
            {
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
                public partial Square<Model> Left { get; }
                [From(nameof(Norm))] public partial Square<Model> Right { get; }
                [From(nameof(Left), nameof(Right))] public partial SwiGlu<Model> Joined { get; }
            }
            """, "Twice.Backward");

        Assert.Contains("Square.BackwardSet(run, d.Norm, d.Right, a.Norm);", code, StringComparison.Ordinal);
        Assert.Contains("""
                    Square.BackwardSet(run, d.LeftToX, d.Left, a.Norm);
                    Residual.Add(run, d.Norm, d.LeftToX);
            """, code, StringComparison.Ordinal);
    }

    [Fact]
    public void Parallel_branches_add_their_shares()
    {
        string code = Emit("""
            [Branch]
            public sealed partial class Inner
            {
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
                [Weight("proj")] public partial Linear<Model, Model> Proj { get; }
            }

            [Block]
            public sealed partial class Parallel
            {
                public partial Inner Left { get; }
                [From(Part.Input)] public partial Inner Right { get; }
                [From(nameof(Left), nameof(Right))] public partial SwiGlu<Model> Joined { get; }
            }
            """, "Parallel.Backward");

        Assert.Contains("Right.Backward(run, dx, d.Right, x, a.InsideRight, t.InsideRight, d.InsideRight);", code, StringComparison.Ordinal);
        Assert.Contains("""
                    Left.Backward(run, d.LeftToX, d.Left, x, a.InsideLeft, t.InsideLeft, d.InsideLeft);
                    Residual.Add(run, dx, d.LeftToX);
            """, code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_post_norm_block_adds_before_the_norm()
    {
        string code = Emit("""
            [Block]
            public sealed partial class PostNorm
            {
                [Weight("proj"), Residual] public partial Linear<Model, Model> Proj { get; }
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
            }
            """, "PostNorm.Forward");

        Assert.Contains("""
                    Linear.Forward(run, a.Proj, x, Proj);
                    Residual.Add(run, a.Proj, x);

                    // Norm
                    RmsNorm.Forward(run, y, a.NormRstd, a.Proj, Norm);
            """, code, StringComparison.Ordinal);
    }

    [Fact]
    public void A_member_that_gets_no_gradient_passes_none_on()
    {
        string code = Emit("""
            public sealed class Gated<D> where D : IWidth;

            public static class Gated
            {
                public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, Act<D> mask) where D : IWidth { }
                public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> mask) where D : IWidth { }
            }

            [Branch]
            public sealed partial class Masked
            {
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
                [Weight("mask")] public partial Linear<Model, Model> Mask { get; }
                [From(nameof(Norm), nameof(Mask))] public partial Gated<Model> Out { get; }
            }
            """, "Masked.Backward");

        Assert.Contains("Gated.BackwardSet(run, d.Norm, dy, a.Mask);", code, StringComparison.Ordinal);
        Assert.DoesNotContain("d.Mask", code, StringComparison.Ordinal);
    }

    private const string Halves = """
        public sealed class Halves<W, D> where W : IWidth where D : IWidth;

        public static class Halves
        {
            public static void Forward<W, D>(Run run, [Result] Act<D> left, [Result] Act<D> right, Act<W> x) where W : IWidth where D : IWidth { }
            public static void BackwardSet<W, D>(Run run, Act<W> dx, Act<D> dleft, Act<D> dright) where W : IWidth where D : IWidth { }
        }

        """;

    [Fact]
    public void Each_result_of_a_layer_with_several_has_its_value_and_gradient()
    {
        const string Part = """
            [Branch]
            public sealed partial class Fused
            {
                [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
                public partial Halves<Ffn, Model> Split { get; }
                [From("Split.Left", "Split.Right")] public partial SwiGlu<Model> Act { get; }
            }
            """;
        Assert.Contains("Halves.Forward(run, a.SplitLeft, a.SplitRight, s.Up);", Emit(Halves + Part, "Fused.Forward"), StringComparison.Ordinal);
        string backward = Emit(Halves + Part, "Fused.Backward");
        Assert.Contains("SwiGlu.BackwardSet(run, d.SplitLeft, d.SplitRight, dy, a.SplitLeft, a.SplitRight);", backward, StringComparison.Ordinal);
        Assert.Contains("Halves.BackwardSet(run, d.Up, d.SplitLeft, d.SplitRight);", backward, StringComparison.Ordinal);
        Assert.Contains("SplitRight = space.Take<Model>(written: 0, read: 1);", Emit(Halves + Part, "Fused.Buffers"), StringComparison.Ordinal);
    }

    [Fact]
    public void Whole_numbers_are_values_without_gradients()
    {
        const string Part = """
            public sealed class Choice<W> where W : IWidth;

            public static class Choice
            {
                public static void Forward<W>(Run run, [Result] Act<W> weights, [Result] Ids<W> chosen, Act<W> x) where W : IWidth { }
                public static void BackwardSet<W>(Run run, Act<W> dx, Act<W> dweights, Ids<W> chosen) where W : IWidth { }
            }

            public sealed class Pick<W> where W : IWidth;

            public static class Pick
            {
                public static void Forward<W>(Run run, [Result] Act<W> y, Act<W> x, Ids<W> chosen) where W : IWidth { }
                public static void BackwardSet<W>(Run run, Act<W> dx, Act<W> dy, Ids<W> chosen) where W : IWidth { }
            }

            [Branch]
            public sealed partial class Routed
            {
                [Weight("up")] public partial Linear<Model, Model> Up { get; }
                public partial Choice<Model> Route { get; }
                [From("Route.Weights", "Route.Chosen")] public partial Pick<Model> Out { get; }
            }
            """;
        Assert.Contains("Choice.BackwardSet(run, d.Up, d.RouteWeights, a.RouteChosen);", Emit(Part, "Routed.Backward"), StringComparison.Ordinal);
        string buffers = Emit(Part, "Routed.Buffers");
        Assert.Contains("RouteChosen = space.TakeIds<Model>(written: 1, read: 2);", buffers, StringComparison.Ordinal);
        Assert.DoesNotContain("RouteChosen = space.TakeIds<Model>(written: 0", buffers, StringComparison.Ordinal);
    }

    /// <summary>A pooler: a row for each sequence of rows for each token.</summary>
    public const string First = """
        public sealed class First<D> where D : IWidth;

        public static class First
        {
            public static void Forward<D>(Run run, [Result, PerSequence] Act<D> y, Act<D> x) where D : IWidth { }
            public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy) where D : IWidth { }
        }

        """;

    [Fact]
    public void What_follows_a_pooler_works_on_sequences()
    {
        const string Part = """
            [SequenceClassifier]
            public sealed partial class Classifier
            {
                [Weight("embed")] public partial Embedding<Vocab, Model> Tokens { get; }
                public partial First<Model> Pooled { get; }
                [Weight("dense"), Residual] public partial Linear<Model, Model> Dense { get; }
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
                [Weight("head")] public partial Linear<Model, Labels> Head { get; }
            }
            """;
        Assert.Contains("""
                    First.Forward(run, t.Pooled, s.Tokens, Pooled);

                    // Dense
                    Linear.Forward(run.BySequence, a.Dense, t.Pooled, Dense);
                    Residual.Add(run.BySequence, a.Dense, t.Pooled);
            """.Replace(", Pooled);", ");", StringComparison.Ordinal), Emit(First + Part, "Classifier.Forward"), StringComparison.Ordinal);
        Assert.Contains("First.BackwardSet(run, d.Tokens, d.Pooled);", Emit(First + Part, "Classifier.Backward"), StringComparison.Ordinal);
        string buffers = Emit(First + Part, "Classifier.Buffers");
        Assert.Contains("NormRstd = space.BySequence.TakeSingle<One>(written: 3, read: 3);", buffers, StringComparison.Ordinal);
        Assert.Contains("Tokens = space.Take<Model>(written: 0, read: 1);", buffers, StringComparison.Ordinal);
        Assert.Contains(
            "Logits = arena.Rowwise<Labels>(arena.Widths.Of<Labels>(), MemoryKind.Logits, arena.Sequences);",
            Emit(First + Part, "Classifier.SequenceClassifier"), StringComparison.Ordinal);
    }

    /// <summary>A model whose head is tiled; what it reads is read by no other member.</summary>
    public const string TiledHead = """
        [Block]
        public sealed partial class Block
        {
            [Weight("up"), Residual] public partial Linear<Model, Model> Up { get; }
        }

        [CausalLm]
        public sealed partial class Decoder
        {
            [Weight("embed")] public partial Embedding<Vocab, Model> Tokens { get; }
            [Weight("layers"), Ist] public partial LayerStack<Block> Blocks { get; }
            [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
            [Weight("head"), Tiled] public partial Linear<Model, Vocab> Head { get; }
            public partial SoftCap<Vocab> Capped { get; }
        }

        """;

    [Fact]
    public void Tiles_have_buffers_of_their_rows_and_rows_of_the_others()
    {
        string tiles = Emit(TiledHead, "Decoder.Tiles"), buffers = Emit(TiledHead, "Decoder.Buffers");

        Assert.Contains("Linear.Forward(run, s.Head, s.Norm.From(run.FirstRow), Head);", tiles, StringComparison.Ordinal);
        Assert.Contains("""
                    SoftCap.BackwardSet(run, d.Head, dy, s.Head, Capped);

                    // Head
                    Linear.BackwardSet(run, d.Norm.From(run.FirstRow), d.Head, Head);
                    Linear.BackwardWeights(run, d.Head, s.Norm.From(run.FirstRow), Head);
            """, tiles, StringComparison.Ordinal);
        Assert.Contains("Norm = space.Take<Model>(written: 2, read: BufferSpace.Tiles);", buffers, StringComparison.Ordinal);
        Assert.Contains("Norm = space.Take<Model>(written: BufferSpace.Tiles, read: 0);", buffers, StringComparison.Ordinal);
        Assert.Contains("Head = space.Tile.Take<Vocab>(written: BufferSpace.Tiles, read: BufferSpace.Tiles);", buffers, StringComparison.Ordinal);
        Assert.DoesNotContain("Head", Emit(TiledHead, "Decoder.Forward").Split('{')[^1], StringComparison.Ordinal);
        Assert.Contains("Logits = arena.Rowwise<Vocab>(arena.Widths.Of<Vocab>(), MemoryKind.Logits, arena.TileRows);", Emit(TiledHead, "Decoder.CausalLm"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_gradient_that_tiles_set_is_added_to_behind_them()
    {
        // Both the tiles and a layer above them read First.
        const string Part = """
            [CausalLm]
            public sealed partial class Decoder
            {
                [Weight("embed")] public partial Embedding<Vocab, Model> Tokens { get; }
                [Weight("first")] public partial Linear<Model, Ffn> First { get; }
                [Weight("second")] public partial Linear<Ffn, Ffn> Second { get; }
                [Tiled, From(nameof(First), nameof(Second))] public partial SwiGlu<Ffn> Act { get; }
                [Weight("head")] public partial Linear<Ffn, Vocab> Head { get; }
            }
            """;

        Assert.Contains("SwiGlu.BackwardSet(run, d.First.From(run.FirstRow), d.Second.From(run.FirstRow), d.Act, t.First.From(run.FirstRow), s.Second.From(run.FirstRow));", Emit(Part, "Decoder.Tiles"), StringComparison.Ordinal);
        Assert.Contains("Linear.BackwardAdd(run, d.First, d.Second, Second);", Emit(Part, "Decoder.Backward"), StringComparison.Ordinal);
        Assert.Contains("ForwardTile(tile, Logits, _trained!, _scratch!);", Emit(Part, "Decoder.CausalLm"), StringComparison.Ordinal);
    }

    private static string Emit(string parts, string file)
    {
        GeneratorDriver driver = Compilations.Driver().RunGeneratorsAndUpdateCompilation(
            Compilations.OfParts(parts), out Compilation compilation, out _, TestContext.Current.CancellationToken);
        Assert.Empty(compilation.Complaints());
        return driver.GetRunResult().Results.Single().GeneratedSources.Single(s => s.HintName == $"Sample.{file}.g.cs").SourceText.ToString();
    }
}
