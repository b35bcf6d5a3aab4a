using Ist.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Tests;

/// <summary>An edit makes again what it changed, and nothing else.</summary>
public sealed class CachingTests
{
    private const string Parts = Compilations.Usings + """
        [Branch]
        public sealed partial class First<P> where P : IPeft<P>
        {
            [Weight("up"), Slot] public partial Linear<Model, Ffn> Up { get; }
            [Weight("down")] public partial Linear<Ffn, Model> Down { get; }
        }

        [Branch]
        public sealed partial class Second<P> where P : IPeft<P>
        {
            [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
            [Weight("proj"), Slot] public partial Linear<Model, Model> Proj { get; }
        }

        [Branch]
        public sealed partial class Third
        {
            [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
            public partial Square<Ffn> Act { get; }
        }
        """;

    /// <summary>A layer of the project's own.</summary>
    private const string Kernels = Compilations.Usings + """
        public sealed class Square<D> where D : IWidth;

        public static class Square
        {
            public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x) where D : IWidth { }
            public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x) where D : IWidth { }
        }
        """;

    private static readonly Compilation _start = Compilations.Of(
        ("Parts.cs", Parts), ("Kernels.cs", Kernels), ("Other.cs", "class Other { int F() => 1; }"));

    private readonly GeneratorDriver _driver = Compilations.Driver().RunGenerators(_start);

    [Fact]
    public void An_edit_elsewhere_makes_nothing_again()
    {
        MakesNothing(_start.Edit("Other.cs", text => text.Replace("1", "2", StringComparison.Ordinal)));
        MakesNothing(_start.Edit("Other.cs", text => text + " class More;"));
    }

    [Fact]
    public void A_comment_or_white_space_in_a_part_makes_nothing_again()
    {
        MakesNothing(_start.Edit("Parts.cs", text => text.Replace("[Branch]", "// a comment\n[Branch]", StringComparison.Ordinal)));
        MakesNothing(_start.Edit("Parts.cs", text => text.Replace("    [Weight", "\n        [ Weight", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_same_compilation_again_makes_nothing_again() => MakesNothing(_start.Clone());

    [Fact]
    public void What_a_kernel_does_inside_makes_nothing_again() =>
        MakesNothing(_start.Edit("Kernels.cs", text => text.Replace("{ }", "{ _ = 1; }", StringComparison.Ordinal)));

    [Fact]
    public void A_changed_kernel_makes_the_part_that_calls_it_again_alone()
    {
        GeneratorDriver driver = Rerun(_start.Edit("Kernels.cs", text => text.Replace("Act<D> dy, Act<D> x", "Act<D> dy, Act<D> y, Act<D> x", StringComparison.Ordinal)));

        Assert.Equal(
            [IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Modified],
            driver.Reasons(PartGenerator.ReadStep));
    }

    [Fact]
    public void A_part_more_leaves_the_others_alone()
    {
        GeneratorDriver driver = Rerun(_start.Edit("Parts.cs", text => text + """

            [Branch]
            public sealed partial class Fourth
            {
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
            }
            """));

        Assert.Equal(
            [IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.New],
            driver.Reasons(PartGenerator.ReadStep));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.New], driver.OutputReasons().Distinct().OrderDescending());
    }

    [Fact]
    public void A_changed_part_is_made_again_alone()
    {
        GeneratorDriver driver = Rerun(_start.Edit("Parts.cs", text => text.Replace("\"norm\"", "\"other_norm\"", StringComparison.Ordinal)));

        Assert.Equal(
            [IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Modified, IncrementalStepRunReason.Unchanged],
            driver.Reasons(PartGenerator.ReadStep));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified], driver.OutputReasons().Distinct().OrderDescending());
    }

    private void MakesNothing(Compilation compilation)
    {
        GeneratorDriver driver = Rerun(compilation);

        Assert.All(driver.Reasons(PartGenerator.ReadStep), reason =>
            Assert.True(reason is IncrementalStepRunReason.Unchanged or IncrementalStepRunReason.Cached, $"a part was read as {reason}"));
        Assert.All(driver.OutputReasons(), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    private GeneratorDriver Rerun(Compilation compilation) => _driver.RunGenerators(compilation, TestContext.Current.CancellationToken);
}
