using System.Text;
using Ist.Runtime.Checkpoints;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Checkpoints;

public class LoraAdapterConfigTests
{
    private const string Minimal = """{"peft_type": "LORA", "target_modules": ["q_proj"], "X": null}""";

    [Fact]
    public void Missing_fields_have_pefts_defaults()
    {
        LoraAdapterConfig config = Parse(Minimal, out IReadOnlyList<string> warnings);
        Assert.Equal(8, config.R);
        Assert.Equal(8, config.LoraAlpha);
        Assert.Equal(0, config.LoraDropout);
        Assert.Equal("true", config.InitLoraWeights);
        Assert.False(config.UseRslora);
        Assert.Equal(["q_proj"], config.TargetModules.Names);
        Assert.Contains("'X' is unknown", Assert.Single(warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"use_dora\": 1", "'use_dora'", "true or false")]
    [InlineData("\"use_qalora\": true", "'use_qalora'")]
    [InlineData("\"bias\": \"some\"", "'bias' is 'some', expected none, all or lora_only")]
    [InlineData("\"lora_bias\": true, \"use_dora\": true", "'lora_bias' and use_dora")]
    [InlineData("\"modules_to_save\": 1", "'modules_to_save'")]
    [InlineData("\"layer_replication\": [[0, 4]]", "'layer_replication'")]
    [InlineData("\"trainable_token_indices\": [1]", "'trainable_token_indices'")]
    [InlineData("\"target_parameters\": [\"w\"]", "'target_parameters'")]
    [InlineData("\"megatron_config\": {\"a\": 1}", "'megatron_config'")]
    [InlineData("\"alora_invocation_tokens\": [1]", "'alora_invocation_tokens'")]
    [InlineData("\"arrow_config\": {\"a\": 1}", "'arrow_config'")]
    [InlineData("\"ensure_weight_tying\": true", "'ensure_weight_tying'")]
    [InlineData("\"init_lora_weights\": \"pissa_niter_4\"", "'init_lora_weights' is 'pissa_niter_4'", "changes the base weights", "convert")]
    [InlineData("\"r\": 0", "'r' is 0", "1 or more")]
    [InlineData("\"r\": \"8\"", "'r'", "'8'", "expected an integer")]
    [InlineData("\"lora_dropout\": 1.0", "'lora_dropout' is 1", "less than 1")]
    [InlineData("\"rank_pattern\": {\"q\": 0}", "'rank_pattern.q'", "1 or more")]
    [InlineData("\"alpha_pattern\": {\"q\": \"x\"}", "'alpha_pattern.q'", "expected a number")]
    [InlineData("\"layers_pattern\": \"layers\"", "'layers_pattern'", "layers_to_transform")]
    [InlineData("\"exclude_modules\": \"(\"", "'exclude_modules'", "regular expression")]
    public void What_would_change_the_arithmetic_is_refused_by_name(string field, params string[] expected) =>
        Bad.Input(() => Parse(Minimal.Replace("\"X\": null", field, StringComparison.Ordinal), out _), ["adapter_config.json", .. expected]);

    [Theory]
    [InlineData("""{"target_modules": ["q"]}""", "'peft_type' is missing")]
    [InlineData("""{"peft_type": "IA3"}""", "'peft_type' is 'IA3'", "LORA")]
    [InlineData("""{"peft_type": "LORA"}""", "'target_modules'", "missing or null")]
    [InlineData("""{"peft_type": "LORA", "target_modules": []}""", "'target_modules' is empty")]
    [InlineData("""{"peft_type": "LORA", "target_modules": "q(", "r": 1}""", "'target_modules'", "regular expression")]
    [InlineData("""{"peft_type": "LORA", "target_modules": "q", "layers_to_transform": 1}""", "'layers_to_transform'", "list")]
    public void Other_methods_and_missing_targets_are_refused(string json, params string[] expected) => Bad.Input(() => Parse(json, out _), expected);

    [Fact]
    public void What_is_off_or_only_for_the_beginning_is_accepted()
    {
        LoraAdapterConfig config = Parse(
            """
            {"peft_type": "LORA", "target_modules": "ALL-linear", "use_dora": false, "modules_to_save": [], "megatron_config": null, "arrow_config": {},
             "init_lora_weights": "gaussian", "eva_config": {"rho": 2}, "peft_version": "0.18.0", "runtime_config": {"a": 1}}
            """, out IReadOnlyList<string> warnings);
        Assert.Same(ModuleSelector.AllLinear, config.TargetModules);
        Assert.Equal("gaussian", config.InitLoraWeights);
        Assert.Empty(warnings);
        Assert.Contains("\"target_modules\": \"all-linear\"", config.ToJson(), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_field_survives_writing_and_reading()
    {
        var config = new LoraAdapterConfig
        {
            TargetModules = ModuleSelector.OfNames(["v_proj", "q_proj", "q_proj"]),
            ExcludeModules = ModuleSelector.OfPattern(@".*\.1\..*", "test"),
            R = 3,
            LoraAlpha = 4.5,
            LoraDropout = 0.05,
            UseRslora = true,
            InitLoraWeights = "gaussian",
            LayersToTransform = [0, 2],
            LayersPattern = ["layers"],
            RankPattern = [new("b", 5), new("a", 2)],
            AlphaPattern = [new("a", 7), new("b", 0.5)],
            TaskType = "CAUSAL_LM",
            BaseModelNameOrPath = "größe",
            Revision = "main",
        };
        LoraAdapterConfig read = Parse(config.ToJson(), out IReadOnlyList<string> warnings);
        Assert.Empty(warnings);
        Assert.Equal(config.ToJson(), read.ToJson());
        Assert.Equal(["q_proj", "v_proj"], read.TargetModules.Names);
        Assert.Equal(@".*\.1\..*", read.ExcludeModules!.Pattern);
        Assert.Equal([0, 2], read.LayersToTransform);
        Assert.Equal([new("a", 2), new("b", 5)], read.RankPattern);
        Assert.Equal([new("a", 7), new("b", 0.5)], read.AlphaPattern);
        Assert.Equal((3, 4.5, 0.05, true, "gaussian", "größe", "main"),
            (read.R, read.LoraAlpha, read.LoraDropout, read.UseRslora, read.InitLoraWeights, read.BaseModelNameOrPath, read.Revision));
    }

    [Fact]
    public void Stored_configurations_are_rewritten_letter_for_letter_or_refused()
    {
        int rewritten = 0, refused = 0;
        foreach (string path in Directory.GetFiles(SharedFolder.Require("golden"), "adapter_config.json", SearchOption.AllDirectories).Where(p => p.Contains("peft")))
        {
            string text = File.ReadAllText(path);
            JsonConfig json = JsonConfig.Load(path);
            if (json.GetString("peft_type") != "LORA")
            {
                Bad.Input(() => LoraAdapterConfig.Parse(json, out _), path, "'peft_type'");
                refused++;
                continue;
            }
            LoraAdapterConfig config = LoraAdapterConfig.Parse(json, out IReadOnlyList<string> warnings);
            Assert.Empty(warnings);
            Assert.Equal(SortList(text, "target_modules"), config.ToJson());
            rewritten++;
        }
        Assert.True(rewritten >= 25 && refused >= 30, $"{rewritten} rewritten, {refused} refused");
    }

    /// <summary>peft writes a set in whatever order; ours is sorted.</summary>
    private static string SortList(string text, string key)
    {
        string open = $"\"{key}\": [\n";
        int start = text.IndexOf(open, StringComparison.Ordinal) + open.Length;
        int end = text.IndexOf("\n  ]", start, StringComparison.Ordinal);
        IEnumerable<string> lines = text[start..end].Split(",\n").Order(StringComparer.Ordinal);
        return text[..start] + string.Join(",\n", lines) + text[end..];
    }

    private static LoraAdapterConfig Parse(string json, out IReadOnlyList<string> warnings) =>
        LoraAdapterConfig.Parse(JsonConfig.Parse(Encoding.UTF8.GetBytes(json), "adapter_config.json"), out warnings);
}
