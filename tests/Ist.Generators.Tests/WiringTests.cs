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

        Assert.Contains("Right.Backward(run, dx, d.Right, x, a.InsideRight, d.InsideRight);", code, StringComparison.Ordinal);
        Assert.Contains("""
                    Left.Backward(run, d.LeftToX, d.Left, x, a.InsideLeft, d.InsideLeft);
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

    private static string Emit(string parts, string file)
    {
        GeneratorDriver driver = Compilations.Driver().RunGeneratorsAndUpdateCompilation(
            Compilations.OfParts(parts), out Compilation compilation, out _, TestContext.Current.CancellationToken);
        Assert.Empty(compilation.Complaints());
        return driver.GetRunResult().Results.Single().GeneratedSources.Single(s => s.HintName == $"Sample.{file}.g.cs").SourceText.ToString();
    }
}
