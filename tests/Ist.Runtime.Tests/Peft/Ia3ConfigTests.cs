using System.Text;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.Runtime.Tests.Checkpoints;

namespace Ist.Runtime.Tests.Peft;

public sealed class Ia3ConfigTests
{
    [Theory]
    [InlineData("""{"peft_type": "LORA"}""", "'peft_type' is 'LORA'", "IA3")]
    [InlineData("""{"peft_type": "IA3", "feedforward_modules": []}""", "'target_modules' is missing")]
    [InlineData("""{"peft_type": "IA3", "target_modules": ["k"]}""", "'feedforward_modules' is missing")]
    [InlineData("""{"peft_type": "IA3", "target_modules": ["k"], "feedforward_modules": ["down"]}""", "'feedforward_modules' has 'down'", "target_modules")]
    [InlineData("""{"peft_type": "IA3", "target_modules": ["k"], "feedforward_modules": [], "modules_to_save": 1}""", "'modules_to_save'")]
    [InlineData("""{"peft_type": "IA3", "target_modules": "k(", "feedforward_modules": []}""", "'target_modules'", "regular expression")]
    public void What_can_not_be_computed_is_refused(string json, params string[] expected) =>
        Bad.Input(() => Parse(json, out _), ["adapter_config.json", .. expected]);

    [Fact]
    public void Every_field_survives_writing_and_reading()
    {
        var config = new Ia3Config
        {
            BaseModelNameOrPath = "größe",
            Revision = "main",
            TaskType = "CAUSAL_LM",
            TargetModules = ModuleSelector.OfNames(["v_proj", "down_proj"]),
            ExcludeModules = ModuleSelector.OfPattern(@".*\.1\..*", "test"),
            FeedforwardModules = ModuleSelector.OfNames(["down_proj"]),
        };
        Ia3Config read = Parse(config.ToJson(), out IReadOnlyList<string> warnings);
        Assert.Empty(warnings);
        Assert.Equal(config.ToJson(), read.ToJson());
        Assert.Equal(["down_proj", "v_proj"], read.TargetModules.Names);
        Assert.Equal(["down_proj"], read.FeedforwardModules.Names);
        Assert.Equal((@".*\.1\..*", "größe", "main", "CAUSAL_LM"), (read.ExcludeModules!.Pattern, read.BaseModelNameOrPath, read.Revision, read.TaskType));
    }

    [Theory]
    [InlineData("\"mlp.down_proj\"", "layers.0.mlp.down_proj", true)]
    [InlineData("\"mlp.down_proj\"", "layers.0.attn.down_proj", false)]
    [InlineData("\"proj\"", "layers.0.mlp.down_proj", true)]
    public void A_feed_forward_module_is_one_that_ends_in_its_name(string name, string module, bool expected) =>
        Assert.Equal(expected, Options($$"""{"peft_type": "IA3", "target_modules": [{{name}}], "feedforward_modules": [{{name}}]}""").IsFeedForward(module));

    [Theory]
    [InlineData(@"layers\\.0\\..*", "layers.0.mlp", true)]
    [InlineData(@"layers\\.0", "layers.0.mlp", false)]
    public void A_pattern_must_match_the_whole_name(string pattern, string module, bool expected) =>
        Assert.Equal(expected, Options($$"""{"peft_type": "IA3", "target_modules": "all-linear", "feedforward_modules": "{{pattern}}"}""").IsFeedForward(module));

    [Fact]
    public void Chosen_targets_are_feed_forward_where_the_defaults_are()
    {
        Ia3Defaults llama = Ia3Defaults.Of("llama")!;
        Assert.Equal(["down_proj", "k_proj", "v_proj"], llama.TargetModules.Order());
        Assert.Equal(["down_proj"], llama.FeedforwardOf(ModuleSelector.AllLinear).Names);
        Assert.Equal(["mlp.down_proj"], llama.FeedforwardOf(ModuleSelector.OfNames(["q_proj", "mlp.down_proj"])).Names);
        Assert.Empty(llama.FeedforwardOf(ModuleSelector.OfNames(["q_proj"])).Names);
        Assert.Null(Ia3Defaults.Of("unheard_of"));
    }

    private static Ia3Options Options(string json) => new(Parse(json, out _), "test");

    private static Ia3Config Parse(string json, out IReadOnlyList<string> warnings) =>
        Ia3Config.Parse(JsonConfig.Parse(Encoding.UTF8.GetBytes(json), "adapter_config.json"), out warnings);
}
