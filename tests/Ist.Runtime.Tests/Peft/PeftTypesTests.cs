using System.Text;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.Runtime.Tests.Checkpoints;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Peft;

public sealed class PeftTypesTests
{
    [Theory]
    [InlineData("""{"peft_type": "LORA", "target_modules": ["q"], "use_dora": true}""", typeof(LoraOptions))]
    [InlineData("""{"peft_type": "LN_TUNING", "target_modules": ["q"]}""", typeof(LnTuningOptions))]
    [InlineData("""{"peft_type": "IA3", "target_modules": ["q"], "feedforward_modules": []}""", typeof(Ia3Options))]
    [InlineData("""{"peft_type": "VERA", "target_modules": ["q"]}""", typeof(VeraOptions))]
    public void A_configuration_is_read_by_its_type(string json, Type expected)
    {
        PeftOptions options = PeftTypes.Read(Config(json), out IReadOnlyList<string> warnings);
        Assert.IsType(expected, options);
        Assert.Empty(warnings);
        Assert.Equal(["q"], options.TargetModules!.Names);
    }

    [Fact]
    public void Another_type_is_refused_by_name() =>
        Bad.Input(() => PeftTypes.Read(Config("""{"peft_type": "ADALORA"}"""), out _), "adapter_config.json: 'peft_type' is 'ADALORA'", "supported: BOTTLENECK, IA3, LN_TUNING, LORA");

    [Theory]
    [InlineData("IA3")]
    [InlineData("VERA")]
    public void Stored_configurations_are_rewritten(string type)
    {
        int rewritten = 0;
        foreach (string path in Directory.GetFiles(SharedFolder.Require("golden"), "adapter_config.json", SearchOption.AllDirectories))
        {
            JsonConfig json = JsonConfig.Load(path);
            if (json.Kind("peft_type") == System.Text.Json.JsonValueKind.Undefined || json.GetString("peft_type") != type)
                continue;
            PeftOptions options = PeftTypes.Read(json, out IReadOnlyList<string> warnings);
            Assert.Empty(warnings);
            // peft writes sets in whatever order; ours are sorted.
            Assert.Equal(File.ReadLines(path).Select(l => l.TrimEnd(',')).Order(), options.ToAdapterConfig([])!.Split('\n').Select(l => l.TrimEnd(',')).Order());
            rewritten++;
        }
        Assert.True(rewritten >= 3, $"{rewritten} rewritten");
    }

    private static JsonConfig Config(string json) => JsonConfig.Parse(Encoding.UTF8.GetBytes(json), "adapter_config.json");
}
