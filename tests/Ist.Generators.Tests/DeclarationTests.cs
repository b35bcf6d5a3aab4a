using System.Collections.Immutable;
using Ist.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Tests;

/// <summary>Right declarations in shapes that the shipped families do not have: nothing is said of them and the emitted code compiles.</summary>
public sealed class DeclarationTests
{
    [Fact]
    public async Task Parts_of_one_name_in_two_namespaces() => await Compiles("""
        namespace A
        {
            [Branch] public sealed partial class Mlp { [Weight("up")] public partial Linear<Model, Ffn> Up { get; } }
        }

        namespace B
        {
            [Branch] public sealed partial class Mlp { [Weight("up")] public partial Linear<Model, Ffn> Up { get; } }
        }
        """);

    [Fact]
    public async Task Parts_of_one_name_with_and_without_type_parameters() => await Compiles("""
        namespace A
        {
            [Branch] public sealed partial class Mlp { [Weight("up")] public partial Linear<Model, Ffn> Up { get; } }
            [Branch] public sealed partial class Mlp<P> where P : IPeft<P> { [Weight("up"), Slot] public partial Linear<Model, Ffn> Up { get; } }
        }
        """);

    [Fact]
    public async Task A_part_in_the_global_namespace() => await Compiles("""
        [Branch] public sealed partial class Mlp { [Weight("up")] public partial Linear<Model, Ffn> Up { get; } }
        """);

    [Fact]
    public async Task Members_of_every_accessibility_and_of_none() => await Compiles("""
        [Branch]
        public sealed partial class Mlp
        {
            [Weight("a")] internal partial Linear<Model, Model> A1 { get; }
            [Weight("b")] private partial Linear<Model, Model> B1 { get; }
            [Weight("c")] partial Linear<Model, Model> C1 { get; }
        }
        """);

    [Fact]
    public async Task Internal_parts_and_widths_inside_a_public_part() => await Compiles("""
        internal abstract class Hidden : IWidth;

        [Branch]
        public sealed partial class Mlp<P> where P : IPeft<P>
        {
            [Weight("up"), Slot] internal partial Linear<Model, Hidden> Up { get; }
            [Weight("down")] internal partial Linear<Hidden, Model> Down { get; }
        }

        [Branch]
        internal sealed partial class Mixer
        {
            [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
        }

        [Block]
        public sealed partial class Layer<P> where P : IPeft<P>
        {
            [Residual] internal partial Mixer Mix { get; }
            [Residual] public partial Mlp<P> Feed { get; }
        }

        [CausalLm]
        public sealed partial class Lm<P> where P : IPeft<P>
        {
            [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
            [Weight("layers"), Ist] public partial LayerStack<Layer<P>> Layers { get; }
            [Weight("head")] public partial Linear<Model, Vocab> Head { get; }
        }
        """);

    [Fact]
    public async Task Type_parameters_of_other_names_and_indirect_constraints() => await Compiles("""
        public interface IMine<T> : IPeft<T> where T : IMine<T>;

        [Branch]
        public sealed partial class Mlp<W, Method> where W : IWidth where Method : IMine<Method>
        {
            [Weight("up"), Slot] public partial Linear<Model, W> Up { get; }
            [Weight("down"), Slot] public partial Linear<W, Model> Down { get; }
        }
        """);

    [Fact]
    public async Task Keywords_as_names_of_types() => await Compiles("""
        namespace @new.Parts
        {
            public abstract class @class : IWidth;

            [Branch]
            public sealed partial class @event<@in> where @in : IPeft<@in>
            {
                [Weight("up"), Slot] public partial Linear<Model, @class> Up { get; }
            }
        }
        """);

    [Fact]
    public async Task A_checkpoint_name_with_quotes_and_markup() => await Compiles("""
        [Branch] public sealed partial class Mlp { [Weight("a\"b\\<c>&d")] public partial Linear<Model, Ffn> Up { get; } }
        """);

    [Fact]
    public async Task A_branch_that_is_given_token_ids() => await Compiles("""
        [Branch]
        public sealed partial class Start
        {
            [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
            [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
        }

        [CausalLm]
        public sealed partial class Bigram
        {
            public partial Start Begin { get; }
            [Weight("head")] public partial Linear<Model, Vocab> Head { get; }
        }
        """);

    [Fact]
    public async Task Two_models_in_one_project() => await Compiles("""
        [CausalLm]
        public sealed partial class One
        {
            [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
            [Weight("head")] public partial Linear<Model, Vocab> Head { get; }
        }

        [CausalLm]
        public sealed partial class Two
        {
            [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
            [Weight("head"), TiedTo(nameof(Tokens))] public partial Linear<Model, Vocab> Head { get; }
        }
        """);

    [Fact]
    public async Task A_part_of_another_assembly_whose_members_are_internal()
    {
        Compilations.Driver().RunGeneratorsAndUpdateCompilation(
            Declared("""
                [Branch]
                public sealed partial class Inner<P> where P : IPeft<P>
                {
                    [Weight("up"), Slot] internal partial Linear<Model, Ffn> Up { get; }
                    [Weight("mid")] public partial Linear<Ffn, Ffn> Mid { get; }
                    [Weight("down")] internal partial Linear<Ffn, Model> Down { get; }
                }
                """).WithAssemblyName("Library"), out Compilation library, out _, TestContext.Current.CancellationToken);
        using var image = new MemoryStream();
        Assert.True(library.Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);

        await Compiles(Declared("""
            [Block]
            public sealed partial class Outer<P> where P : IPeft<P>
            {
                [Residual] public partial Inner<P> Feed { get; }
            }
            """).AddReferences(MetadataReference.CreateFromImage(image.ToArray())));
    }

    private static Compilation Declared(string text) =>
        Compilations.Of(("Parts.cs", Compilations.Usings.Replace("namespace Sample;", "", StringComparison.Ordinal) + text));

    private static Task Compiles(string text) => Compiles(Declared(text));

    private static async Task Compiles(Compilation declarations)
    {
        (Compilation compilation, ImmutableArray<Diagnostic> found) = await Squiggle.Analyze(declarations);
        Assert.Empty(found);
        Assert.Empty(compilation.Complaints());
        Assert.NotEqual(declarations.SyntaxTrees.Count(), compilation.SyntaxTrees.Count());
    }
}
