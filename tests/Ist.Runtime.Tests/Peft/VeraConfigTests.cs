using System.Text;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tests.Checkpoints;

namespace Ist.Runtime.Tests.Peft;

public sealed class VeraConfigTests
{
    [Theory]
    [InlineData("""{"peft_type": "LORA"}""", "'peft_type' is 'LORA'", "VERA")]
    [InlineData("""{"peft_type": "VERA"}""", "'target_modules' is missing")]
    [InlineData("""{"peft_type": "VERA", "target_modules": ["q"], "save_projection": false}""", "'save_projection' is false", "PyTorch", "set save_projection to true")]
    [InlineData("""{"peft_type": "VERA", "target_modules": ["q"], "r": 0}""", "'r' is 0")]
    [InlineData("""{"peft_type": "VERA", "target_modules": ["q"], "vera_dropout": 1}""", "'vera_dropout' is 1")]
    [InlineData("""{"peft_type": "VERA", "target_modules": ["q"], "bias": "lora_only"}""", "'bias' is 'lora_only'", "vera_only")]
    [InlineData("""{"peft_type": "VERA", "target_modules": "q", "layers_to_transform": [1]}""", "'layers_to_transform'", "list")]
    [InlineData("""{"peft_type": "VERA", "target_modules": ["q"], "layers_pattern": "h"}""", "'layers_pattern' is set")]
    public void What_can_not_be_computed_is_refused(string json, params string[] expected) =>
        Bad.Input(() => Parse(json, out _), ["adapter_config.json", .. expected]);

    [Fact]
    public void Every_field_survives_writing_and_reading()
    {
        var config = new VeraConfig
        {
            BaseModelNameOrPath = "größe",
            Revision = "main",
            TaskType = "CAUSAL_LM",
            R = 12,
            DInitial = 0.25,
            ProjectionPrngKey = 7,
            VeraDropout = 0.125,
            TargetModules = ModuleSelector.OfNames(["v_proj", "down_proj"]),
            Bias = BiasTraining.Adapted,
            ModulesToSave = new ModulesToSave(["lm_head"]),
            FanInFanOut = true,
            LayersToTransform = [1, 2],
            LayersPattern = ["h"],
        };
        VeraConfig read = Parse(config.ToJson(), out IReadOnlyList<string> warnings);
        Assert.Empty(warnings);
        Assert.Equal(config.ToJson(), read.ToJson());
        Assert.Equal((12, 0.25, 7, 0.125, BiasTraining.Adapted, true), (read.R, read.DInitial, read.ProjectionPrngKey, read.VeraDropout, read.Bias, read.FanInFanOut));
        Assert.Equal(["down_proj", "v_proj"], read.TargetModules.Names);
        Assert.Equal(("größe", "main", "CAUSAL_LM"), (read.BaseModelNameOrPath, read.Revision, read.TaskType));
        Assert.Equal([1, 2], read.LayersToTransform);
        Assert.Equal(["h"], read.LayersPattern);
        Assert.Equal(["lm_head"], read.ModulesToSave.Names);
    }

    [Fact]
    public void What_is_left_out_is_as_peft_has_it()
    {
        VeraConfig config = Parse("""{"peft_type": "VERA", "target_modules": ["q"], "exclude_modules": ["k"]}""", out IReadOnlyList<string> warnings);
        Assert.Equal((256, 0.1, 0, 0.0, BiasTraining.None), (config.R, config.DInitial, config.ProjectionPrngKey, config.VeraDropout, config.Bias));
        Assert.Equal("adapter_config.json: the field 'exclude_modules' is unknown and ignored", Assert.Single(warnings));
    }

    [Theory]
    [InlineData(BiasTraining.None, "q", false, null)]
    [InlineData(BiasTraining.Adapted, "q", false, "base_model.model.q.base_layer.bias")]
    [InlineData(BiasTraining.Adapted, "k", false, null)]
    [InlineData(BiasTraining.All, "k", false, "base_model.model.k.bias")]
    [InlineData(BiasTraining.All, "head", true, "base_model.model.head.bias")]
    public void Biases_are_trained_as_peft_does_and_a_file_may_lack_them(BiasTraining bias, string module, bool isSaved, string? key)
    {
        var options = new VeraOptions(
            new VeraConfig { TargetModules = ModuleSelector.OfNames(["q"]), Bias = bias, ModulesToSave = new ModulesToSave(isSaved ? ["head"] : []) }, "the test");
        WeightUse use = options.Use(new BaseTensor(module, "bias", IsAdaptable: true));
        Assert.Equal((key, key is not null, key is not null && !isSaved), (use.Key, use.IsTrained, use.IsOptional));
        Assert.Equal(isSaved, options.Use(new BaseTensor(module, "weight", IsAdaptable: true)).IsTrained);
    }

    private static VeraConfig Parse(string json, out IReadOnlyList<string> warnings) =>
        VeraConfig.Parse(JsonConfig.Parse(Encoding.UTF8.GetBytes(json), "adapter_config.json"), out warnings);
}
