using System.Collections.Immutable;
using Ist.Generators.Tests.Harness;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Tests;

/// <summary>Slots are members: a program that names one that is not there does not compile.</summary>
public sealed class SlotNameTests
{
    private const string Model = """
        [Branch]
        public sealed partial class Mlp<P> where P : IPeft<P>
        {
            [Weight("gate"), Slot] public partial Linear<Model, Ffn> Gate { get; }
            [Weight("up"), Slot, From(Part.Input)] public partial Linear<Model, Ffn> Up { get; }
            [From(nameof(Gate), nameof(Up))] public partial SwiGlu<Ffn> Act { get; }
            [Weight("down")] public partial Linear<Ffn, Model> Down { get; }
        }

        [Block]
        public sealed partial class Layer<P> where P : IPeft<P>
        {
            [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
            [Weight("mlp"), Residual] public partial Mlp<P> Mlp { get; }
        }

        [CausalLm]
        public sealed partial class Tiny<P> where P : IPeft<P>
        {
            [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
            [Weight("layers")] public partial LayerStack<Layer<P>> Layers { get; }
            [Weight("head"), Slot] public partial Linear<Model, Vocab> Head { get; }
        }

        """;

    [Theory]
    [InlineData("Tiny.Slots.Mlp.Gate", null)]
    [InlineData("Tiny.Slots.Head", null)]
    [InlineData("Tiny.Slots.Mlp.Gat", "'MlpSlots' does not contain a definition for 'Gat'")]
    [InlineData("Tiny.Slots.Mlp.Down", "'MlpSlots' does not contain a definition for 'Down'")]
    [InlineData("Tiny.Slots.Norm", "'TinySlots' does not contain a definition for 'Norm'")]
    [InlineData("Tiny.Slots.Mlp", "cannot convert from 'Sample.MlpSlots' to 'Ist.Runtime.Peft.SlotName'")]
    public void A_wrong_slot_does_not_compile(string slot, string? error)
    {
        ImmutableArray<Diagnostic> complaints = Compile($"{Model}public static class Program {{ public static object F() => Targets.Of({slot}, {slot}); }}").Complaints();
        if (error is null)
            Assert.Empty(complaints);
        else
            Assert.All(complaints, c => Assert.Contains(error, c.GetMessage(), StringComparison.Ordinal));
        Assert.Equal(error is null, complaints.IsEmpty);
    }

    [Fact]
    public void Slots_have_names_while_a_part_has_errors()
    {
        Compilation compilation = Compile(Model.Replace("nameof(Gate), nameof(Up)", "nameof(Gate)", StringComparison.Ordinal)
            + "public static class Program { public static object F() => Targets.Of(Tiny.Slots.Mlp.Gate); }");
        Assert.Empty(compilation.Complaints());
    }

    [Fact]
    public void A_part_of_another_assembly_brings_its_slots()
    {
        using var image = new MemoryStream();
        Assert.True(Compile(Model).Emit(image, cancellationToken: TestContext.Current.CancellationToken).Success);
        Compilation user = Compilations.Of(("Parts.cs", Compilations.Usings + """
            [CausalLm]
            public sealed partial class Other<P> where P : IPeft<P>
            {
                [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
                [Weight("blocks")] public partial LayerStack<Layer<P>> Blocks { get; }
                [Weight("head")] public partial Linear<Model, Vocab> Head { get; }
            }

            public static class Program { public static object F() => Targets.Of(Other.Slots.Mlp.Gate); }
            """)).AddReferences(MetadataReference.CreateFromImage(image.ToArray()));
        Compilations.Driver().RunGeneratorsAndUpdateCompilation(user, out Compilation compilation, out _, TestContext.Current.CancellationToken);
        Assert.Empty(compilation.Complaints());
    }

    [Fact]
    public void A_type_that_has_the_models_name_already_keeps_it() => Assert.Empty(Compile(Model
        + "public sealed class Tiny { public object F() => Targets.Of(new TinySlots(new SlotScope()).Mlp.Gate); }").Complaints());

    [Fact]
    public void A_model_that_is_called_Model_hides_no_width() => Assert.Empty(Compile(
        Model.Replace("class Tiny<P>", "class Model<P>", StringComparison.Ordinal)
        + "public static class Program { public static object F() => Targets.Of(new ModelSlots(new SlotScope()).Mlp.Gate); }").Complaints());

    [Fact]
    public void A_slot_of_the_model_may_bear_a_name_of_the_layers() => Assert.Empty(Compile(
        Model.Replace("Vocab> Head", "Vocab> Mlp", StringComparison.Ordinal)
        + "public static class Program { public static object F() => Targets.Of(Tiny.Slots.Mlp, ((LayerSlots)Tiny.Slots).Mlp.Gate); }").Complaints());

    [Fact]
    public void Internal_parts_have_internal_slots() => Assert.Empty(Compile(
        Model.Replace("public sealed partial class Mlp", "internal sealed partial class Mlp", StringComparison.Ordinal)
            .Replace("public partial Mlp<P>", "internal partial Mlp<P>", StringComparison.Ordinal)).Complaints());

    private static Compilation Compile(string text)
    {
        Compilations.Driver().RunGeneratorsAndUpdateCompilation(Compilations.OfParts(text), out Compilation compilation, out _, TestContext.Current.CancellationToken);
        return compilation;
    }
}
