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
        """;

    private static readonly Compilation Start = Compilations.Of(("Parts.cs", Parts), ("Other.cs", "class Other { int F() => 1; }"));

    private readonly GeneratorDriver _driver = Compilations.Driver().RunGenerators(Start);

    [Fact]
    public void An_edit_elsewhere_makes_nothing_again()
    {
        GeneratorDriver driver = Rerun(Start.Edit("Other.cs", text => text.Replace("1", "2", StringComparison.Ordinal)));

        Assert.All(driver.OutputReasons(), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void A_comment_in_a_part_makes_nothing_again()
    {
        GeneratorDriver driver = Rerun(Start.Edit("Parts.cs", text => text.Replace("[Branch]", "// a comment\n[Branch]", StringComparison.Ordinal)));

        Assert.All(driver.Reasons(PartGenerator.ReadStep), reason => Assert.Equal(IncrementalStepRunReason.Unchanged, reason));
        Assert.All(driver.OutputReasons(), reason => Assert.Equal(IncrementalStepRunReason.Cached, reason));
    }

    [Fact]
    public void A_changed_part_is_made_again_alone()
    {
        GeneratorDriver driver = Rerun(Start.Edit("Parts.cs", text => text.Replace("\"norm\"", "\"other_norm\"", StringComparison.Ordinal)));

        Assert.Equal([IncrementalStepRunReason.Unchanged, IncrementalStepRunReason.Modified], driver.Reasons(PartGenerator.ReadStep));
        Assert.Equal([IncrementalStepRunReason.Cached, IncrementalStepRunReason.Modified], driver.OutputReasons().Distinct().OrderDescending());
    }

    private GeneratorDriver Rerun(Compilation compilation) => _driver.RunGenerators(compilation, TestContext.Current.CancellationToken);
}
