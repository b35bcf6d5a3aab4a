using Ist.Generators.Diagnostics;
using Ist.Generators.Tests.Harness;
using Ist.TestSupport;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Tests;

/// <summary>What an editor offers to do about each diagnostic. The result of every offer compiles, with its code generated.</summary>
public sealed class CodeFixTests
{
    private const string Up = """[Weight("up")] public partial Linear<Model, Ffn> Up { get; }""";

    [Theory]
    [InlineData("public partial class Mlp", "public sealed partial class Mlp", "sealed partial")]
    [InlineData("public sealed class Mlp", "public sealed partial class Mlp", "sealed partial")]
    [InlineData("class Mlp", "sealed partial class Mlp", "sealed partial")]
    [InlineData("public sealed partial record Mlp", "public sealed partial class Mlp", "sealed partial class")]
    [InlineData("public record class Mlp", "public sealed partial class Mlp", "sealed partial class")]
    public Task IST001_makes_a_part_sealed_and_partial(string head, string expected, string modifiers) => Mends("IST001", $"Make it '{modifiers}'",
        $"[Branch] {head}\n{{\n    {Up}\n}}\n", $"[Branch] {expected}\n{{\n    {Up}\n}}\n");

    [Theory]
    [InlineData("""[Weight("down")] public Linear<Ffn, Model> Down { get; }""")]
    [InlineData("""[Weight("down")] public Linear<Ffn, Model> Down { get; } = null!;""")]
    public Task IST001_makes_a_member_partial(string member) => MendsMembers("IST001", "Make it 'partial'",
        $"{Up} {member}", $$"""{{Up}} [Weight("down")] public partial Linear<Ffn, Model> Down { get; }""");

    [Fact]
    public Task IST002_reads_the_member_that_was_meant() => MendsMembers("IST002", "Read 'Up' and 'Gate'",
        Up + """[Weight("gate"), From(Part.Input)] public partial Linear<Model, Ffn> Gate { get; } [From("Up", "Gat")] public partial SwiGlu<Ffn> Act { get; }""",
        Up + """[Weight("gate"), From(Part.Input)] public partial Linear<Model, Ffn> Gate { get; } [From("Up", nameof(Gate))] public partial SwiGlu<Ffn> Act { get; }""");

    [Fact]
    public Task IST002_reads_the_input_that_was_meant() => MendsMembers("IST002", "Read 'Input'",
        """[Weight("up"), From("Inptu")] public partial Linear<Model, Ffn> Up { get; }""",
        """[Weight("up"), From(Part.Input)] public partial Linear<Model, Ffn> Up { get; }""");

    [Fact]
    public Task IST002_has_no_offer_where_nothing_is_near() => HasNoOffer("IST002",
        """[Weight("up"), From("Whatever")] public partial Linear<Model, Ffn> Up { get; }""");

    [Theory]
    [InlineData("""[Weight("gate")]""", """[Weight("gate"), From(nameof(Norm))]""")]
    [InlineData("""[Weight("gate"), From(nameof(Up))]""", """[Weight("gate"), From(nameof(Norm))]""")]
    public Task IST003_reads_the_member_that_fits(string attributes, string expected)
    {
        string text = """[Weight("norm")] public partial RmsNorm<Model> Norm { get; }""" + Up + " [] public partial Linear<Model, Ffn> Gate { get; }"
            + "[From(nameof(Up), nameof(Gate))] public partial SwiGlu<Ffn> Act { get; }";
        return MendsMembers("IST003", "Read 'Norm'", text.Replace("[]", attributes, StringComparison.Ordinal), text.Replace("[]", expected, StringComparison.Ordinal));
    }

    [Fact]
    public Task IST003_reads_the_input_where_that_fits() => MendsMembers("IST003", "Read 'Input'",
        Up + """[Weight("gate")] public partial Linear<Model, Ffn> Gate { get; } [From(nameof(Up), nameof(Gate))] public partial SwiGlu<Ffn> Act { get; }""",
        Up + """[Weight("gate"), From(Part.Input)] public partial Linear<Model, Ffn> Gate { get; } [From(nameof(Up), nameof(Gate))] public partial SwiGlu<Ffn> Act { get; }""");

    [Fact]
    public Task IST004_reads_what_nothing_else_does() => MendsMembers("IST004", "Read 'Up' and 'Gate'",
        Up + """[Weight("gate"), From(Part.Input)] public partial Linear<Model, Ffn> Gate { get; } public partial SwiGlu<Ffn> Act { get; }""",
        Up + """[Weight("gate"), From(Part.Input)] public partial Linear<Model, Ffn> Gate { get; } [From(nameof(Up), nameof(Gate))] public partial SwiGlu<Ffn> Act { get; }""");

    [Fact]
    public Task IST004_has_no_offer_where_the_members_do_not_fit() => HasNoOffer("IST004", Up + " public partial SwiGlu<Ffn> Act { get; }");

    [Fact]
    public Task IST005_removes_residual() => MendsMembers("IST005", "Remove [Residual]",
        """[Weight("up"), Residual] public partial Linear<Model, Ffn> Up { get; }""", Up);

    [Theory]
    [InlineData("[Weight(\"norm\"), Slot]", "[Weight(\"norm\")]")]
    [InlineData("[Slot, Weight(\"norm\")]", "[Weight(\"norm\")]")]
    [InlineData("[Slot]\n    [Weight(\"norm\")]", "[Weight(\"norm\")]")]
    public Task IST006_removes_slot(string attributes, string expected) => MendsMembers("IST006", "Remove [Slot]",
        attributes + " public partial RmsNorm<Model> Norm { get; }", expected + " public partial RmsNorm<Model> Norm { get; }");

    [Fact]
    public Task IST007_removes_the_member() => MendsMembers("IST007", "Remove 'Norm'",
        "// What nothing needs.\n    [Weight(\"norm\")] public partial RmsNorm<Model> Norm { get; }\n    [Weight(\"up\"), From(Part.Input)] public partial Linear<Model, Ffn> Up { get; }",
        "[Weight(\"up\"), From(Part.Input)] public partial Linear<Model, Ffn> Up { get; }");

    [Fact]
    public async Task IST008_moves_the_member_behind_the_others()
    {
        string first = $"{Compilations.Usings}[Branch]\npublic sealed partial class Mlp\n{{\n    {Up}\n", down = "    [Weight(\"down\")] public partial Linear<Ffn, Model> Down { get; }\n";
        string second = $"{Compilations.Usings}public sealed partial class Mlp\n{{\n";
        (string title, string[] texts) = Assert.Single(await Fixing.Offers("IST008", first + "}\n", second + down + "}\n"));
        Assert.Equal("Move 'Down' to Parts0.cs", title);
        Assert.Equal([first + down + "}\n", second + "}\n"], texts);
    }

    [Fact]
    public Task IST009_names_the_member_as_the_checkpoint_does() => MendsMembers("IST009", "Rename it to 'GateProj', as it is called in the checkpoint",
        """[Weight("mlp.gate_proj")] public partial Linear<Model, Ffn> Linear { get; } [Weight("down"), From(nameof(Linear))] public partial Linear<Ffn, Model> Down { get; }""",
        """[Weight("mlp.gate_proj")] public partial Linear<Model, Ffn> GateProj { get; } [Weight("down"), From(nameof(GateProj))] public partial Linear<Ffn, Model> Down { get; }""");

    [Fact]
    public Task IST011_removes_ist() => MendsMembers("IST011", "Remove [Ist]",
        """[Weight("up"), Ist] public partial Linear<Model, Ffn> Up { get; }""", Up);

    [Fact]
    public Task IST027_removes_tiled() => MendsMembers("IST027", "Remove [Tiled]",
        """[Weight("up"), Tiled] public partial Linear<Model, Ffn> Up { get; }""", Up);

    [Fact]
    public Task IST015_ties_to_the_member_that_was_meant()
    {
        const string model = """
            [CausalLm]
            public sealed partial class Bigram
            {
                [Weight("tokens")] public partial Embedding<Vocab, Model> Tokens { get; }
                [Weight("head"), TiedTo(@)] public partial Linear<Model, Vocab> Head { get; }
            }
            """;
        return Mends("IST015", "Tie it to 'Tokens'", model.Replace("@", "\"Token\"", StringComparison.Ordinal), model.Replace("@", "nameof(Tokens)", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("public sealed partial class Mlp", "public sealed partial class Mlp<P> where P : IPeft<P>")]
    [InlineData("public sealed partial class Mlp<T> : IDisposable where T : class", "public sealed partial class Mlp<T, P> : IDisposable where T : class where P : IPeft<P>")]
    [InlineData("public sealed partial class Mlp<P>", "public sealed partial class Mlp<P> where P : IPeft<P>")]
    public Task IST017_declares_the_method(string head, string expected) => Mends("IST017", "Declare 'Mlp<P> where P : IPeft<P>'",
        Part(head), Part(expected));

    [Fact]
    public async Task IST017_adds_the_namespace_of_the_method()
    {
        const string file = "using Ist.Runtime.Declaring;\nusing Ist.Runtime.Layers;\nusing Ist.Runtime.Tensors;\nnamespace Sample;\n";
        IReadOnlyList<(string Title, string[] Texts)> offers = await Fixing.Offers("IST017", file + Part("public sealed partial class Mlp"));
        Assert.Equal(["Declare 'Mlp<P> where P : IPeft<P>'", "Remove [Slot]"], offers.Select(o => o.Title));
        Assert.Contains("using Ist.Runtime.Tensors;\nusing Ist.Runtime.Peft;\nnamespace", offers[0].Texts[0], StringComparison.Ordinal);
    }

    [Fact]
    public Task IST018_names_the_member_as_the_checkpoint_does() => MendsMembers("IST018", "Rename it to 'InputLayernorm', as it is called in the checkpoint",
        """[Weight("input_layernorm")] public partial RmsNorm<Model> Input { get; }""",
        """[Weight("input_layernorm")] public partial RmsNorm<Model> InputLayernorm { get; }""");

    [Fact]
    public Task IST018_has_no_offer_where_that_name_is_taken() => HasNoOffer("IST018",
        Up + """ [Weight("of.up")] public partial RmsNorm<Ffn> Input { get; }""");

    [Theory]
    [InlineData("public", "public")]
    [InlineData("private", "internal")]
    [InlineData("protected internal", "internal")]
    public Task IST019_moves_the_part_out(string access, string expected) => Mends("IST019", "Move 'Mlp' out of 'Parts'", $$"""
        public partial class Parts
        {
            public int Other => 1;

            /// <summary>A part.</summary>
            [Branch]
            {{access}} sealed partial class Mlp
            {
                {{Up}}
            }
        }
        """, $$"""
        public partial class Parts
        {
            public int Other => 1;
        }

        /// <summary>A part.</summary>
        [Branch]
        {{expected}} sealed partial class Mlp
        {
            {{Up}}
        }
        """);

    [Fact]
    public Task IST020_keeps_the_first_role() => Mends("IST020", "Remove [Block]",
        $"[Branch, Block] public sealed partial class Mlp\n{{\n    {Up}\n}}\n", $"[Branch] public sealed partial class Mlp\n{{\n    {Up}\n}}\n");

    [Fact]
    public Task IST022_removes_what_has_no_effect() => MendsMembers("IST022", "Remove [Weight]",
        Up + """[Weight("act"), From(nameof(Up), nameof(Up))] public partial SwiGlu<Ffn> Act { get; }""",
        Up + """[From(nameof(Up), nameof(Up))] public partial SwiGlu<Ffn> Act { get; }""");

    private const string Halves = """
        public sealed class Halves<D> where D : IWidth;

        public static class Halves
        {
            public static void Forward<D>(Run run, [Result] Act<Query> left, [Result] Act<KeyValue> right, Act<D> x) where D : IWidth { }
            public static void BackwardSet<D>(Run run, Act<D> dx, Act<Query> dleft, Act<KeyValue> dright) where D : IWidth { }
        }

        [Branch]
        public sealed partial class Mlp
        {
            public partial Halves<Model> Halves2 { get; }
            [] public partial Linear<Query, Model> Left { get; }
            [Weight("right"), From("Halves2.Right")] public partial Linear<KeyValue, Model> Right { get; }
            [From(nameof(Left), nameof(Right))] public partial SwiGlu<Model> Act { get; }
        }
        """;

    [Theory]
    [InlineData("[Weight(\"left\")]")]
    [InlineData("[Weight(\"left\"), From(nameof(Halves2))]")]
    public Task IST025_names_the_result_that_fits(string attributes) => Mends("IST025", "Read 'Halves2.Left'",
        Halves.Replace("[]", attributes, StringComparison.Ordinal), Halves.Replace("[]", "[Weight(\"left\"), From(\"Halves2.Left\")]", StringComparison.Ordinal));

    [Fact]
    public void Every_page_says_whether_there_is_a_fix()
    {
        foreach (DiagnosticDescriptor descriptor in Descriptors.All)
        {
            string page = File.ReadAllText(Path.Combine(SharedFolder.Root, descriptor.HelpLinkUri));
            bool hasFix = Fixing.All.Any(p => p.FixableDiagnosticIds.Contains(descriptor.Id));
            Assert.Equal(hasFix, page.Contains("\nCode fix: ", StringComparison.Ordinal));
            Assert.Equal(!hasFix, page.Contains("\nNo code fix: ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Every_fix_has_a_test()
    {
        string tests = File.ReadAllText(Path.Combine(SharedFolder.Root, "tests", "Ist.Generators.Tests", "CodeFixTests.cs"));
        Assert.All(Fixing.All.SelectMany(p => p.FixableDiagnosticIds), id => Assert.Contains($" Task {id}_", tests, StringComparison.Ordinal));
    }

    private static string Part(string head) => $$"""
        [Branch]
        {{head}}
        {
            {{(head.Contains("IDisposable", StringComparison.Ordinal) ? "public void Dispose() { }" : "")}}
            [Weight("up"), Slot] public partial Linear<Model, Ffn> Up { get; }
        }
        """;

    private static async Task Mends(string id, string title, string before, string after)
    {
        IReadOnlyList<(string Title, string[] Texts)> offers = await Fixing.Offers(id, Compilations.Usings + before);
        (string _, string[] texts) = Assert.Single(offers, o => o.Title == title);
        Assert.Equal(Compilations.Usings + after, texts.Single());
    }

    private static Task MendsMembers(string id, string title, string before, string after) => Mends(id, title, Members(before), Members(after));

    private static async Task HasNoOffer(string id, string members) => Assert.Empty(await Fixing.Offers(id, Compilations.Usings + Members(members)));

    private static string Members(string members) => $"[Branch]\npublic sealed partial class Mlp<P> where P : IPeft<P>\n{{\n    {members}\n}}\n";
}
