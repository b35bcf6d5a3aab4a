using System.Collections.Immutable;
using Ist.Generators.Diagnostics;
using Ist.Generators.Tests.Harness;
using Ist.TestSupport;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Tests;

/// <summary>Every diagnostic: where it stands and what it says.</summary>
public sealed class DiagnosticTests
{
    [Fact]
    public async Task IST001_a_part_that_is_not_sealed()
    {
        Diagnostic d = await Squiggle.Single("IST001", """
            [Branch]
            public partial class [|Mlp|]
            {
                [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
            }
            """);
        Assert.Equal("'Mlp' must be declared 'sealed partial' so that its code can be generated", d.GetMessage());
    }

    [Fact]
    public async Task IST001_a_part_that_is_not_partial() => await Squiggle.Single("IST001", """
        [Branch]
        public sealed class [|Mlp|]
        {
            public int Unrelated => 1;
            [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
        }
        """);

    [Fact]
    public async Task IST001_a_member_that_is_not_partial()
    {
        Diagnostic d = await Squiggle.Single("IST001", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
                [Weight("down")] public Linear<Ffn, Model> [|Down|] { get; } = null!;
            }
            """);
        Assert.Equal("'Down' must be declared 'partial' so that its code can be generated", d.GetMessage());
    }

    [Fact]
    public async Task IST001_a_record() => await Squiggle.Single("IST001", """
        [Branch]
        public sealed partial record [|Mlp|]
        {
            [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
        }
        """);

    [Fact]
    public async Task IST002_an_unknown_source()
    {
        Diagnostic d = await Squiggle.Single("IST002", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("gate")] public partial Linear<Model, Ffn> Gate { get; }
                [Weight("down"), [|From("Gat")|]] public partial Linear<Ffn, Model> Down { get; }
            }
            """);
        Assert.Equal("'Down' reads 'Gat', which is not a member above it; did you mean 'Gate'?", d.GetMessage());
    }

    [Fact]
    public async Task IST002_a_source_below()
    {
        Diagnostic d = await Squiggle.Single("IST002", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("up"), [|From(nameof(Down))|]] public partial Linear<Model, Ffn> Up { get; }
                [Weight("down")] public partial Linear<Ffn, Model> Down { get; }
            }
            """);
        Assert.Equal("'Up' reads 'Down', which is not a member above it; it stands below, and members are computed from top to bottom", d.GetMessage());
    }

    [Fact]
    public async Task IST003_a_width_mismatch_names_the_member_that_fits()
    {
        Diagnostic d = await Squiggle.Single("IST003", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
                [Weight("gate")] public partial Linear<Model, Ffn> Gate { get; }
                [Weight("up")] public partial Linear<Model, Ffn> [|Up|] { get; }
                [From(nameof(Gate), nameof(Up))] public partial SwiGlu<Ffn> Act { get; }
            }
            """);
        Assert.Equal("'Up' reads Ffn from 'Gate' but takes Model; add [From(nameof(Norm))]", d.GetMessage());
    }

    [Fact]
    public async Task IST003_the_part_that_a_member_is_has_the_wrong_width() => await Squiggle.Single("IST003", """
        [Branch]
        public sealed partial class Narrow
        {
            [Weight("norm")] public partial RmsNorm<Ffn> Norm { get; }
        }

        [Block]
        public sealed partial class Wide
        {
            [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
            public partial Narrow [|Inner|] { get; }
        }
        """);

    [Fact]
    public async Task IST003_a_width_mismatch_in_from()
    {
        Diagnostic d = await Squiggle.Single("IST003", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
                [Weight("gate")] public partial Linear<Model, Ffn> Gate { get; }
                [Weight("up"), [|From(nameof(Gate))|]] public partial Linear<Model, Ffn> Up { get; }
                [From(nameof(Gate), nameof(Up))] public partial SwiGlu<Ffn> Act { get; }
            }
            """);
        Assert.Equal("'Up' reads Ffn from 'Gate' but takes Model; 'Norm' has that width", d.GetMessage());
    }

    [Fact]
    public async Task IST003_names_the_input_where_no_member_fits()
    {
        Diagnostic d = await Squiggle.Single("IST003", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("gate")] public partial Linear<Model, Ffn> Gate { get; }
                [Weight("up")] public partial Linear<Model, Ffn> [|Up|] { get; }
                [From(nameof(Gate), nameof(Up))] public partial SwiGlu<Ffn> Act { get; }
            }
            """);
        Assert.Equal("'Up' reads Ffn from 'Gate' but takes Model; add [From(Part.Input)]", d.GetMessage());
    }

    [Fact]
    public async Task IST004_a_layer_of_one_input_that_reads_two()
    {
        Diagnostic d = await Squiggle.Single("IST004", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("gate")] public partial Linear<Model, Ffn> Gate { get; }
                [Weight("down"), [|From(nameof(Gate), Part.Input)|]] public partial Linear<Ffn, Model> Down { get; }
            }
            """);
        Assert.Equal("'Down' reads 2 values but Linear<Ffn, Model> takes 1; name it with [From]", d.GetMessage());
    }

    [Fact]
    public async Task IST004_a_layer_of_two_inputs_needs_both_named()
    {
        Diagnostic d = await Squiggle.Single("IST004", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("gate")] public partial Linear<Model, Ffn> Gate { get; }
                public partial SwiGlu<Ffn> [|Act|] { get; }
            }
            """);
        Assert.Equal("'Act' reads one value but SwiGlu<Ffn> takes 2; name them with [From]", d.GetMessage());
    }

    [Fact]
    public async Task IST005_a_residual_that_changes_width()
    {
        Diagnostic d = await Squiggle.Single("IST005", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("up"), [|Residual|]] public partial Linear<Model, Ffn> Up { get; }
            }
            """);
        Assert.Equal("'Up' is [Residual] but turns Model into Ffn; a residual member must end at the width it began with", d.GetMessage());
    }

    [Fact]
    public async Task IST006_a_slot_on_a_layer_without_one()
    {
        Diagnostic d = await Squiggle.Single("IST006", """
            [Branch]
            public sealed partial class Mlp<P> where P : IPeft<P>
            {
                [Weight("norm"), [|Slot|]] public partial RmsNorm<Model> Norm { get; }
            }
            """);
        Assert.Equal("'Norm' has [Slot] but RmsNorm<Model> offers no slot; remove [Slot]", d.GetMessage());
    }

    [Theory]
    [InlineData("public partial Inner<P> Whole { get; }", "is a part; put [Slot] on the layers inside it")]
    [InlineData("[Weight(\"layers\")] public partial LayerStack<Inner<P>> Whole { get; }", "is a LayerStack; put [Slot] on the layers inside its blocks")]
    public async Task IST006_a_slot_on_what_has_slots_inside(string member, string why)
    {
        Diagnostic d = await Squiggle.Single("IST006", $$"""
            [Block]
            public sealed partial class Inner<P> where P : IPeft<P>
            {
                [Weight("proj"), Slot] public partial Linear<Model, Model> Proj { get; }
            }

            [CausalLm]
            public sealed partial class Outer<P> where P : IPeft<P>
            {
                [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
                [[|Slot|]] {{member}}
                [Weight("head")] public partial Linear<Model, Vocab> Head { get; }
            }
            """);
        Assert.Equal($"'Whole' has [Slot] but {why}; remove [Slot]", d.GetMessage());
    }

    [Theory]
    [InlineData("[|Slot|], Residual", "is a branch, whose slot needs a name in files, as in [Slot(\"output_adapters\")]; or put it on the layers inside")]
    [InlineData("[|Slot(\"mine\")|]", "is added to nothing; make it [Residual], or say what it is added to with To")]
    [InlineData("[|Slot(\"mine\", To = \"Nowhere\")|]", "names 'Nowhere' as what it is added to, which is no value above it")]
    [InlineData("[|Slot(\"mine\", To = nameof(Wide))|]", "is Model, and 'Wide', which it is said to be added to, Ffn")]
    [InlineData("[|Slot(\"mine\", Norm = \"Nobody\")|], Residual", "names the norm 'Nobody', which is no member")]
    public async Task IST006_a_slot_behind_a_branch_that_is_not_told_enough(string attributes, string why)
    {
        Diagnostic d = await Squiggle.Single("IST006", $$"""
            [Branch]
            public sealed partial class Inner<P> where P : IPeft<P>
            {
                [Weight("proj")] public partial Linear<Model, Model> Proj { get; }
            }

            [Block]
            public sealed partial class Outer<P> where P : IPeft<P>
            {
                [Weight("wide")] public partial Linear<Model, Ffn> Wide { get; }
                [Weight("narrow")] public partial Linear<Ffn, Model> Narrow { get; }
                [{{attributes}}] public partial Inner<P> Whole { get; }
                public partial Sum<Model> Both { get; }
            }
            """.Replace("public partial Sum<Model> Both", attributes.Contains("Residual") ? "[Weight(\"last\")] public partial RmsNorm<Model> Both" : "[From(nameof(Whole), nameof(Narrow))] public partial Sum<Model> Both"));
        Assert.Equal($"'Whole' has [Slot] but {why}; remove [Slot]", d.GetMessage());
    }

    [Fact]
    public async Task IST007_a_value_that_nothing_reads()
    {
        Diagnostic d = await Squiggle.Single("IST007", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("norm")] public partial RmsNorm<Model> [|Norm|] { get; }
                [Weight("up"), From(Part.Input)] public partial Linear<Model, Ffn> Up { get; }
            }
            """);
        Assert.Equal("Nothing reads 'Norm'; only the last member's value leaves the part. Remove it, or read it with [From(nameof(Norm))]", d.GetMessage());
    }

    [Fact]
    public async Task IST008_members_in_two_files() => await Squiggle.Single("IST008", """
        [Branch]
        public sealed partial class Mlp
        {
            [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
        }
        """, """
        public sealed partial class Mlp
        {
            [Weight("down")] public partial Linear<Ffn, Model> [|Down|] { get; }
        }
        """);

    [Fact]
    public async Task IST009_a_member_with_the_name_of_a_kernel_class() => await Squiggle.Single("IST009", """
        [Branch]
        public sealed partial class Mlp
        {
            [Weight("up")] public partial Linear<Model, Ffn> [|Linear|] { get; }
        }
        """);

    [Fact]
    public async Task IST009_a_member_with_the_name_of_the_class_that_adds() => await Squiggle.Single("IST009", """
        [Branch]
        public sealed partial class Mlp
        {
            [Weight("up")] public partial Linear<Model, Ffn> [|Residual|] { get; }
        }
        """);

    [Fact]
    public async Task IST010_one_checkpoint_name_twice()
    {
        Diagnostic d = await Squiggle.Single("IST010", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
                [[|Weight("up")|]] public partial Linear<Ffn, Model> Down { get; }
            }
            """);
        Assert.Equal("'Up' and 'Down' both load 'up'; each member needs its own name in the checkpoint", d.GetMessage());
    }

    [Fact]
    public async Task IST011_ist_on_something_else_than_a_stack()
    {
        Diagnostic d = await Squiggle.Single("IST011", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("up"), [|Ist|]] public partial Linear<Model, Ffn> Up { get; }
            }
            """);
        Assert.Equal("'Up' has [Ist] but is Linear<Model, Ffn>; [Ist] chooses among the layers of a LayerStack", d.GetMessage());
    }

    [Fact]
    public async Task IST011_checkpointed_on_something_else_than_a_stack()
    {
        Diagnostic d = await Squiggle.Single("IST011", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("up"), [|Checkpointed|]] public partial Linear<Model, Ffn> Up { get; }
            }
            """);
        Assert.Equal("'Up' has [Checkpointed] but is Linear<Model, Ffn>; [Checkpointed] runs again the layers of a LayerStack", d.GetMessage());
    }

    [Fact]
    public async Task IST012_a_type_without_kernels() => await Squiggle.Single("IST012", """
        public sealed class Softmax<D> where D : IWidth;

        [Branch]
        public sealed partial class Mlp
        {
            public partial Softmax<Model> [|Act|] { get; }
        }
        """);

    [Fact]
    public async Task IST012_a_kernel_parameter_that_belongs_to_nothing()
    {
        Diagnostic d = await Squiggle.Single("IST012", """
            public sealed class Softmax<D> where D : IWidth;

            public static class Softmax
            {
                public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x) where D : IWidth { }
                public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> probabilities) where D : IWidth { }
            }

            [Branch]
            public sealed partial class Mlp
            {
                public partial Softmax<Model> [|Act|] { get; }
            }
            """);
        Assert.Contains("parameter 'probabilities' of 'Softmax.BackwardSet'", d.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IST012_a_member_of_a_type_parameter() => await Squiggle.Single("IST012", """
        [Branch]
        public sealed partial class Any<T>
        {
            public partial T [|Act|] { get; }
        }
        """);

    [Fact]
    public async Task IST012_a_result_that_is_no_activation()
    {
        Diagnostic d = await Squiggle.Single("IST012", """
            public sealed class Choice<D> where D : IWidth;

            public static class Choice
            {
                public static void Forward<D>(Run run, [Result] Ids y, Act<D> x) where D : IWidth { }
            }

            [Branch]
            public sealed partial class Mlp
            {
                public partial Choice<Model> [|Act|] { get; }
            }
            """);
        Assert.Contains("'Choice.Forward' writes 'y', which is Ids", d.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IST012_a_stack_of_something_else_than_blocks() => await Squiggle.Single("IST012", """
        [CausalLm]
        public sealed partial class Bigram
        {
            [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
            [Weight("layers")] public partial LayerStack<string> [|Layers|] { get; }
            [Weight("head")] public partial Linear<Model, Vocab> Head { get; }
        }
        """);

    [Fact]
    public async Task IST012_a_width_that_is_no_property()
    {
        Diagnostic d = await Squiggle.Single("IST012", """
            public sealed class Softmax<D> where D : IWidth
            {
                public int HeadCount => 4;
            }

            public static class Softmax
            {
                public static void Forward<D>(Run run, [Result] Act<D> y, [Saved(Width = "HeadCout")] Act<Own> sums, Act<D> x, Softmax<D> layer) where D : IWidth { }
                public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<Own> sums) where D : IWidth { }
            }

            [Branch]
            public sealed partial class Mlp
            {
                public partial Softmax<Model> [|Act|] { get; }
            }
            """);
        Assert.EndsWith("'Softmax.Forward' takes the width of 'sums' from 'HeadCout', which is no property of Softmax<Model>; did you mean 'HeadCount'?", d.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IST012_a_slot_of_other_type_arguments()
    {
        Diagnostic d = await Squiggle.Single("IST012", """
            [OffersSlot(typeof(LinearSlot<,,>))]
            public sealed class Softmax<D> where D : IWidth;

            public static class Softmax
            {
                public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x) where D : IWidth { }
                public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> x) where D : IWidth { }
            }

            [Branch]
            public sealed partial class Mlp<P> where P : IPeft<P>
            {
                [[|Slot|]] public partial Softmax<Model> Act { get; }
            }
            """);
        Assert.Contains("its slot LinearSlot<P, I, O> must take the method and the layer's type arguments", d.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IST013_a_residual_layer_reads_its_own_output() => await Squiggle.Single("IST013", """
        [Branch]
        public sealed partial class Attention
        {
            [Weight("q")] public partial Linear<Model, Query> Q { get; }
            [Weight("k"), From(Part.Input)] public partial Linear<Model, KeyValue> K { get; }
            [From(nameof(Q), nameof(K), nameof(K)), Residual] public partial CausalAttention<Query, KeyValue> [|Mix|] { get; }
            [Weight("o")] public partial Linear<Query, Model> O { get; }
        }
        """);

    [Fact]
    public async Task IST013_the_last_layer_reads_its_own_output() => await Squiggle.Single("IST013", """
        [Branch]
        public sealed partial class Attention
        {
            [Weight("q")] public partial Linear<Model, Query> Q { get; }
            [Weight("k"), From(Part.Input)] public partial Linear<Model, KeyValue> K { get; }
            [From(nameof(Q), nameof(K), nameof(K))] public partial CausalAttention<Query, KeyValue> [|Mix|] { get; }
        }
        """);

    [Fact]
    public async Task IST014_a_stack_inside_a_branch() => await Squiggle.Single("IST014", """
        [Block]
        public sealed partial class Layer
        {
            [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
        }

        [Branch]
        public sealed partial class Outer
        {
            [Weight("layers")] public partial LayerStack<Layer> [|Layers|] { get; }
        }
        """);

    [Theory]
    [InlineData("[Weight(\"layers\")] public partial LayerStack<Layer> First { get; }", "[Weight(\"more\")]", "head", "there are several")]
    [InlineData("", "[Weight(\"layers\"), Residual]", "head", "its block must end at the width it began with, and it can't be [Residual]")]
    [InlineData("", "[Weight(\"layers\")]", "", "it is the last member")]
    public async Task IST014_a_stack_in_the_wrong_place(string before, string attributes, string head, string why)
    {
        string code = $$"""
            [Block]
            public sealed partial class Layer
            {
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
            }

            [CausalLm]
            public sealed partial class Whole
            {
                [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
                {{before}}
                {{attributes}} public partial LayerStack<Layer> [|Layers|] { get; }
                {{(head.Length > 0 ? "[Weight(\"head\")] public partial Linear<Model, Vocab> Head { get; }" : "")}}
            }
            """;
        IReadOnlyList<Diagnostic> found = await Squiggle.All(code);
        Diagnostic d = Assert.Single(found, f => f.Id == "IST014" && f.GetMessage().StartsWith("'Layers'", StringComparison.Ordinal));
        Assert.Equal(Squiggle.Mark(code), d.Location.SourceSpan);
        Assert.EndsWith(why, d.GetMessage(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task IST015_a_tie_to_nothing()
    {
        Diagnostic d = await Squiggle.Single("IST015", """
            [CausalLm]
            public sealed partial class Bigram
            {
                [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
                [Weight("head"), [|TiedTo("Token")|]] public partial Linear<Model, Vocab> Head { get; }
            }
            """);
        Assert.Equal("'Head' is tied to 'Token', which is not a member above it that has a weight; did you mean 'Tokens'?", d.GetMessage());
    }

    [Fact]
    public async Task IST015_a_tie_to_a_stack() => await Squiggle.Single("IST015", """
        [Block]
        public sealed partial class Layer
        {
            [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
        }

        [CausalLm]
        public sealed partial class Bigram
        {
            [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
            [Weight("layers")] public partial LayerStack<Layer> Layers { get; }
            [Weight("head"), [|TiedTo(nameof(Layers))|]] public partial Linear<Model, Vocab> Head { get; }
        }
        """);

    [Fact]
    public async Task IST016_a_part_without_members() => await Squiggle.Single("IST016", """
        [Branch]
        public sealed partial class [|Empty|]
        {
        }
        """);

    [Fact]
    public async Task IST017_a_slot_without_a_method()
    {
        Diagnostic d = await Squiggle.Single("IST017", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("up"), [|Slot|]] public partial Linear<Model, Ffn> Up { get; }
            }
            """);
        Assert.Equal("'Up' has [Slot] but 'Mlp' has no type parameter for the PEFT method; declare it as 'Mlp<P> where P : IPeft<P>'", d.GetMessage());
    }

    [Theory]
    [InlineData("Input", "[From] means the part's own input by it")]
    [InlineData("@event", "it is a keyword")]
    [InlineData("Activations", "the generated code uses it")]
    [InlineData("BackwardInput", "the generated code uses it")]
    [InlineData("run", "the generated code uses it")]
    [InlineData("UpSlot", "the generated code uses it for 'Up'")]
    [InlineData("UpSaved", "the generated code uses it for 'Up'")]
    [InlineData("UpToX", "the generated code uses it for 'Up'")]
    [InlineData("up", "it differs from 'Up' in the case of one letter alone")]
    public async Task IST018_a_name_that_is_taken(string name, string why)
    {
        Diagnostic d = await Squiggle.Single("IST018", $$"""
            [Branch]
            public sealed partial class Mlp<P> where P : IPeft<P>
            {
                [Weight("up"), Slot] public partial Linear<Model, Ffn> Up { get; }
                [Weight("norm")] public partial RmsNorm<Ffn> [|{{name}}|] { get; }
            }
            """);
        Assert.Equal($"'{name.TrimStart('@')}' can't be a member's name: {why}; name the member by its role", d.GetMessage());
    }

    [Fact]
    public async Task IST018_a_name_that_models_have() => await Squiggle.Single("IST018", """
        [CausalLm]
        public sealed partial class Bigram
        {
            [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
            [Weight("head")] public partial Linear<Model, Vocab> [|Logits|] { get; }
        }
        """);

    [Fact]
    public async Task IST019_a_part_inside_a_class() => await Squiggle.Single("IST019", """
        public static partial class Parts
        {
            [Branch]
            public sealed partial class [|Mlp|]
            {
                [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
            }
        }
        """);

    [Fact]
    public async Task IST020_two_roles()
    {
        Diagnostic d = await Squiggle.Single("IST020", """
            [Branch, [|Block|]]
            public sealed partial class Mlp
            {
                [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
            }
            """);
        Assert.Equal("'Mlp' is a [Branch] already; keep one of the attributes", d.GetMessage());
    }

    [Fact]
    public async Task IST021_a_block_that_contains_itself() => await Squiggle.Single("IST021", """
        [Block]
        public sealed partial class Layer
        {
            [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
            public partial Layer [|Next|] { get; }
        }
        """);

    [Fact]
    public async Task IST022_a_weight_of_a_layer_that_loads_nothing()
    {
        Diagnostic d = await Squiggle.Single("IST022", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("gate")] public partial Linear<Model, Ffn> Gate { get; }
                [[|Weight("act")|], From(nameof(Gate), nameof(Gate))] public partial SwiGlu<Ffn> Act { get; }
            }
            """);
        Assert.Equal("[Weight] does nothing on 'Act', because SwiGlu<Ffn> loads nothing; remove it or add what it needs", d.GetMessage());
    }

    [Fact]
    public async Task IST022_a_tie_without_a_name() => await Squiggle.Single("IST022", """
        [CausalLm]
        public sealed partial class Bigram
        {
            [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
            [[|TiedTo(nameof(Tokens))|]] public partial Linear<Model, Vocab> Head { get; }
        }
        """);

    [Fact]
    public async Task IST022_a_from_that_names_nothing()
    {
        Diagnostic d = await Squiggle.Single("IST022", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("up"), [|From|]] public partial Linear<Model, Ffn> Up { get; }
            }
            """);
        Assert.Equal("[From] does nothing on 'Up', because it names nothing; remove it or add what it needs", d.GetMessage());
    }

    [Fact]
    public async Task IST021_parts_that_contain_each_other()
    {
        const string parts = """
            [Branch]
            public sealed partial class Left
            {
                public partial Right [|Other|] { get; }
            }

            [Branch]
            public sealed partial class Right
            {
                public partial Left Other { get; }
            }
            """;
        IReadOnlyList<Diagnostic> found = await Squiggle.All(parts);
        Assert.Equal(["IST021", "IST021"], found.Select(d => d.Id));
        Assert.Contains(found, d => d.Location.SourceSpan == Squiggle.Mark(parts));
    }

    [Fact]
    public async Task IST023_a_model_without_a_head()
    {
        Diagnostic d = await Squiggle.Single("IST023", """
            [CausalLm]
            public sealed partial class [|Headless|]
            {
                [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
            }
            """);
        Assert.Equal("'Headless' turns Ids into Act<Model> for each token; a [CausalLm] turns Ids into Act<Vocab> for each token: an embedding first, the output head last", d.GetMessage());
    }

    private const string Sign = """
        public sealed class Sign<D> where D : IWidth;

        public static class Sign
        {
            public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x) where D : IWidth { }
        }

        """;

    [Fact]
    public async Task IST024_a_part_that_gives_its_input_no_gradient()
    {
        Diagnostic d = await Squiggle.Single("IST024", Sign + """
            [Branch]
            public sealed partial class [|Signs|]
            {
                public partial Sign<Model> Act { get; }
                [Weight("down")] public partial Linear<Model, Model> Down { get; }
            }
            """);
        Assert.Equal("Nothing passes a gradient back to 'Input' of 'Signs'; a layer that reads it needs a BackwardSet method that gives its gradient", d.GetMessage());
    }

    [Fact]
    public async Task IST024_a_residual_that_adds_to_no_gradient()
    {
        Diagnostic d = await Squiggle.Single("IST024", Sign + """
            [Branch]
            public sealed partial class Signs
            {
                [Weight("up")] public partial Linear<Model, Model> Up { get; }
                [Residual] public partial Sign<Model> [|Act|] { get; }
            }
            """);
        Assert.Equal("Nothing passes a gradient back to 'Up', which 'Act' is added to; a layer that reads it needs a BackwardSet method that gives its gradient", d.GetMessage());
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
    public async Task IST002_a_misspelt_result()
    {
        Diagnostic d = await Squiggle.Single("IST002", Halves + """
            [Branch]
            public sealed partial class Fused
            {
                public partial Halves<Ffn, Model> Split { get; }
                [[|From("Split.Left", "Split.Rigth")|]] public partial SwiGlu<Model> Act { get; }
            }
            """);
        Assert.Equal("'Act' reads 'Split.Rigth', which is not a member above it; did you mean 'Split.Right'?", d.GetMessage());
    }

    [Fact]
    public async Task IST007_a_result_that_is_never_read()
    {
        Diagnostic d = await Squiggle.Single("IST007", Halves + """
            [Branch]
            public sealed partial class Fused
            {
                public partial Halves<Ffn, Model> [|Split|] { get; }
                [Weight("down"), From("Split.Left")] public partial Linear<Model, Model> Down { get; }
            }
            """);
        Assert.Equal("Nothing reads 'Split.Right'; only the last member's value leaves the part. Remove it, or read it with [From(\"Split.Right\")]", d.GetMessage());
    }

    [Fact]
    public async Task IST024_a_result_that_gets_no_gradient()
    {
        Diagnostic d = await Squiggle.Single("IST024", Halves + """
            public sealed class Gated<D> where D : IWidth;

            public static class Gated
            {
                public static void Forward<D>(Run run, [Result] Act<D> y, Act<D> x, Act<D> mask) where D : IWidth { }
                public static void BackwardSet<D>(Run run, Act<D> dx, Act<D> dy, Act<D> mask) where D : IWidth { }
            }

            [Branch]
            public sealed partial class Fused
            {
                public partial Halves<Ffn, Model> [|Split|] { get; }
                [From("Split.Left", "Split.Right")] public partial Gated<Model> Out { get; }
            }
            """);
        Assert.Equal("Nothing passes a gradient back to 'Split.Right', which 'Split' waits for; a layer that reads it needs a BackwardSet method that gives its gradient", d.GetMessage());
    }

    [Fact]
    public async Task IST025_several_values_read_as_one()
    {
        Diagnostic d = await Squiggle.Single("IST025", Halves + """
            [Branch]
            public sealed partial class Fused
            {
                public partial Halves<Ffn, Model> Split { get; }
                [Weight("down")] public partial Linear<Model, Model> [|Down|] { get; }
            }
            """);
        Assert.Equal("'Split' gives several values (\"Split.Left\", \"Split.Right\"); name the one that 'Down' reads with [From]", d.GetMessage());
    }

    [Fact]
    public async Task IST025_several_values_at_the_end() => await Squiggle.Single("IST025", Halves + """
        [Branch]
        public sealed partial class Fused
        {
            [Weight("up")] public partial Linear<Model, Ffn> Up { get; }
            public partial Halves<Ffn, Model> [|Split|] { get; }
        }
        """);

    [Fact]
    public async Task IST026_a_value_of_tokens_beside_one_of_sequences()
    {
        Diagnostic d = await Squiggle.Single("IST026", WiringTests.First + """
            [SequenceClassifier]
            public sealed partial class Classifier
            {
                [Weight("embed")] public partial Embedding<Vocab, Model> Tokens { get; }
                public partial First<Model> Pooled { get; }
                [[|From(nameof(Pooled), nameof(Tokens))|]] public partial SwiGlu<Model> Joined { get; }
                [Weight("head")] public partial Linear<Model, Labels> Head { get; }
            }
            """);
        Assert.Equal("'Joined' reads 'Pooled', which has a row for each sequence: the others have one for each token", d.GetMessage());
    }

    [Fact]
    public async Task IST026_a_part_that_ends_in_sequences() => await Squiggle.Single("IST026", WiringTests.First + """
        [Branch]
        public sealed partial class Pooler
        {
            [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
            public partial First<Model> [|Pooled|] { get; }
        }
        """);

    [Fact]
    public async Task IST027_tiles_of_a_stack()
    {
        Diagnostic d = await Squiggle.Single("IST027", WiringTests.TiledHead.Replace("Ist]", "[|Tiled|]]", StringComparison.Ordinal).Replace(", Tiled]", "]", StringComparison.Ordinal));
        Assert.Equal("'Blocks' can't work on tiles of rows: it is no layer; put [Tiled] on the first layer after it", d.GetMessage());
    }

    [Fact]
    public async Task IST027_tiles_within_tiles() => await Squiggle.Single("IST027", WiringTests.TiledHead.Replace(
        "public partial SoftCap", "[[|Tiled|]] public partial SoftCap", StringComparison.Ordinal));

    [Fact]
    public async Task IST027_tiles_of_token_ids()
    {
        Diagnostic d = await Squiggle.Single("IST027", """
            [CausalLm]
            public sealed partial class Decoder
            {
                [Weight("embed"), [|Tiled|]] public partial Embedding<Vocab, Model> Tokens { get; }
                [Weight("head")] public partial Linear<Model, Vocab> Head { get; }
            }
            """);
        Assert.Equal("'Tokens' can't work on tiles of rows: it reads the whole numbers of 'Input'; put [Tiled] on a layer after it", d.GetMessage());
    }

    [Fact]
    public async Task IST027_tiles_of_a_branch()
    {
        Diagnostic d = await Squiggle.Single("IST027", """
            [Branch]
            public sealed partial class Mlp
            {
                [Weight("up"), [|Tiled|]] public partial Linear<Model, Ffn> Up { get; }
                [Weight("down")] public partial Linear<Ffn, Model> Down { get; }
            }
            """);
        Assert.Equal("'Up' can't work on tiles of rows: 'Mlp' is no [CausalLm]", d.GetMessage());
    }

    [Fact]
    public async Task IST023_a_classifier_that_ends_in_tokens() => await Squiggle.Single("IST023", """
        [SequenceClassifier]
        public sealed partial class [|Classifier|]
        {
            [Weight("embed")] public partial Embedding<Vocab, Model> Tokens { get; }
            [Weight("head")] public partial Linear<Model, Labels> Head { get; }
        }
        """);

    [Fact]
    public async Task Nothing_is_said_of_a_right_part()
    {
        (Compilation compilation, ImmutableArray<Diagnostic> found) = await Squiggle.Analyze(Compilations.OfParts("""
            [Branch]
            public sealed partial class Mlp<P> where P : IPeft<P>
            {
                [Weight("norm")] public partial RmsNorm<Model> Norm { get; }
                [Weight("gate"), Slot] public partial Linear<Model, Ffn> Gate { get; }
                [Weight("up"), Slot, From(nameof(Norm))] public partial Linear<Model, Ffn> Up { get; }
                [From(nameof(Gate), nameof(Up))] public partial SwiGlu<Ffn> Act { get; }
                [Weight("down"), Slot] public partial Linear<Ffn, Model> Down { get; }
            }
            """));
        Assert.Empty(found);
        Assert.Empty(compilation.Complaints());
    }

    [Fact]
    public void Every_diagnostic_has_a_page_a_release_row_and_a_test()
    {
        string[] releases = [.. new[] { "Shipped", "Unshipped" }
            .SelectMany(kind => File.ReadAllLines(Path.Combine(SharedFolder.Root, "src", "Ist.Generators", $"AnalyzerReleases.{kind}.md")))
            .Where(line => line.StartsWith("IST", StringComparison.Ordinal))];
        string[] list = [.. File.ReadAllLines(Path.Combine(SharedFolder.Root, "docs", "diagnostics", "README.md")).Where(line => line.StartsWith("| [IST", StringComparison.Ordinal))];
        Assert.Equal(Descriptors.All.Select(d => d.Id), releases.Select(row => row[..row.IndexOf(' ', StringComparison.Ordinal)]));
        Assert.Equal(Descriptors.All.Length, list.Length);
        Assert.Equal(Descriptors.All.Length, Directory.GetFiles(Path.Combine(SharedFolder.Root, "docs", "diagnostics"), "IST*.md").Length);
        string tests = File.ReadAllText(Path.Combine(SharedFolder.Root, "tests", "Ist.Generators.Tests", "DiagnosticTests.cs"));
        foreach (DiagnosticDescriptor descriptor in Descriptors.All)
        {
            Assert.True(File.Exists(Path.Combine(SharedFolder.Root, descriptor.HelpLinkUri)), $"{descriptor.HelpLinkUri} is missing");
            Assert.Contains($" Task {descriptor.Id}_", tests, StringComparison.Ordinal);
            string title = descriptor.Title.ToString();
            Assert.Contains(releases, row => row.StartsWith(descriptor.Id, StringComparison.Ordinal) && row.EndsWith("| " + title, StringComparison.Ordinal));
            string page = File.ReadAllText(Path.Combine(SharedFolder.Root, descriptor.HelpLinkUri)).Replace("`", "", StringComparison.Ordinal);
            Assert.StartsWith($"# {descriptor.Id}: {title}\n", page, StringComparison.Ordinal);
            Assert.Contains(list, row => row.Replace("`", "", StringComparison.Ordinal).StartsWith($"| [{descriptor.Id}]({descriptor.Id}.md) | {title} |", StringComparison.Ordinal));
        }
    }
}
