using System.Text.Json.Nodes;
using Ist.Cli.Tests.Support;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;

namespace Ist.Cli.Tests;

/// <summary><c>ist merge</c>: the merged folder alone computes what peft's <c>merge_and_unload</c> does.</summary>
public sealed class MergeTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("llama-mha", "lora")]
    [InlineData("llama-mha", "dora")]
    [InlineData("llama-mha", "vera")]
    [InlineData("llama-mha", "ia3")]
    [InlineData("llama-mha", "ln")]
    [InlineData("llama-mha", "lora_modules_to_save")]
    [InlineData("llama-mha", "lora_embed")]
    [InlineData("llama-gqa-tied-rope3", "lora")]
    [InlineData("qwen2", "lora_bias_b")]
    [InlineData("gpt2", "lora_bias_all")]
    [InlineData("gpt2", "dora")]
    [InlineData("bert-cls", "lora")]
    public void The_merged_folder_has_pefts_logits(string checkpoint, string adapter)
    {
        string golden = TinyModel.Golden(checkpoint, "peft", adapter);
        Merge(checkpoint, golden).Succeeded();

        Command.Run("trace", "--model", _folder["merged"], "--input", Path.Combine(golden, "golden.safetensors"), "--output", _folder["out"]).Succeeded();

        using var expected = new SafeTensorsFile(Path.Combine(golden, "golden.safetensors"));
        using var actual = new SafeTensorsFile(_folder["out"]);
        double[] logits = new double[expected.Tensors["merged_logits64"].Count];
        float[] traced = new float[logits.Length];
        expected.CopyTo(expected.Tensors["merged_logits64"], logits);
        actual.CopyTo(actual.Tensors["logits"], traced);
        long[] mask = new long[expected.Tensors["attention_mask"].Count];
        expected.CopyTo(expected.Tensors["attention_mask"], mask);
        int width = (int)expected.Tensors["merged_logits64"].Shape[^1];
        bool perToken = logits.Length / width == mask.Length;
        for (int i = 0; i < logits.Length; i++)
        {
            if (!perToken || mask[i / width] == 1)
                Assert.Equal(logits[i], traced[i], 5e-5);
        }
    }

    [Fact]
    public void A_head_that_was_tied_gets_a_weight_of_its_own_when_it_alone_changes()
    {
        string adapter = _folder["adapter"];
        Directory.CreateDirectory(adapter);
        File.WriteAllText(Path.Combine(adapter, "adapter_config.json"), """{"peft_type": "LORA", "r": 2, "lora_alpha": 2, "target_modules": ["lm_head"]}""");
        string model = TinyModel.Golden("llama-gqa-tied-rope3");
        using var weights = new SafeTensorsFile(Path.Combine(model, "model.safetensors"));
        long[] shape = [.. weights.Tensors["model.embed_tokens.weight"].Shape];
        var writer = new SafeTensorsWriter();
        writer.Add<float>("base_model.model.lm_head.lora_A.weight", [2, shape[1]], Enumerable.Repeat(0.1f, (int)(2 * shape[1])).ToArray());
        writer.Add<float>("base_model.model.lm_head.lora_B.weight", [shape[0], 2], Enumerable.Repeat(0.2f, (int)(2 * shape[0])).ToArray());
        writer.Save(Path.Combine(adapter, "adapter_model.safetensors"));

        Merge("llama-gqa-tied-rope3", adapter).Succeeded();

        using var merged = new SafeTensorsFile(Path.Combine(_folder["merged"], "model.safetensors"));
        float[] head = new float[shape[0] * shape[1]], table = new float[head.Length], before = new float[head.Length];
        merged.CopyTo(merged.Tensors["lm_head.weight"], head);
        merged.CopyTo(merged.Tensors["model.embed_tokens.weight"], table);
        weights.CopyTo(weights.Tensors["model.embed_tokens.weight"], before);
        Assert.Equal(before, table);
        Assert.Equal(before.Select(v => v + 0.04f), head, (a, b) => Math.Abs(a - b) < 1e-6);
        Assert.False((bool)JsonNode.Parse(File.ReadAllText(Path.Combine(_folder["merged"], "config.json")))!["tie_word_embeddings"]!);
    }

    [Fact]
    public void The_precision_can_be_another()
    {
        Merge("llama-mha", TinyModel.Golden("llama-mha", "peft", "lora"), "--dtype", "bfloat16").Succeeded();

        using var merged = new SafeTensorsFile(Path.Combine(_folder["merged"], "model.safetensors"));
        Assert.All(merged.Tensors.Values, tensor => Assert.Equal(DType.BF16, tensor.DType));
        JsonNode config = JsonNode.Parse(File.ReadAllText(Path.Combine(_folder["merged"], "config.json")))!;
        Assert.Equal("bfloat16", (string?)(config["torch_dtype"] ?? config["dtype"]));
    }

    [Fact]
    public void What_is_not_linear_is_refused()
    {
        Merge("llama-mha", TinyModel.Golden("llama-mha", "adapters", "houlsby"))
            .Failed(2, "model.layers.0.attention_adapters has adapter 8 of the output, which can't be folded into weights");
        Assert.False(Directory.Exists(_folder["merged"]));
    }

    [Fact]
    public void A_folder_that_holds_a_model_is_refused()
    {
        string adapter = TinyModel.Golden("llama-mha", "peft", "lora");
        Merge("llama-mha", adapter).Succeeded();
        Merge("llama-mha", adapter).Failed(2, "holds model.safetensors already");
    }

    private Result Merge(string checkpoint, string adapter, params string[] more) =>
        Command.Run(["merge", "--model", TinyModel.Golden(checkpoint), "--adapter", adapter, "--output", _folder["merged"], .. more]);
}
