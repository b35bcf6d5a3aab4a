using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.SideBySide;

/// <summary>What both sides read: a Hugging Face folder with random weights, an adapter, and a batch of random tokens.</summary>
internal static class Fixture
{
    /// <summary>The adapter's file.</summary>
    public const string AdapterFile = "adapter.safetensors";

    /// <summary>Writes the folder.</summary>
    public static void Write(string folder, LlamaShape shape)
    {
        var config = new Dictionary<string, object>
        {
            ["architectures"] = (string[])["LlamaForCausalLM"],
            ["model_type"] = "llama",
            ["hidden_act"] = "silu",
            ["hidden_size"] = shape.Hidden,
            ["intermediate_size"] = shape.Intermediate,
            ["num_attention_heads"] = shape.Heads,
            ["num_hidden_layers"] = shape.Layers,
            ["num_key_value_heads"] = shape.KeyValueHeads,
            ["max_position_embeddings"] = 2048,
            ["rms_norm_eps"] = LlamaShape.Epsilon,
            ["rope_theta"] = LlamaShape.Theta,
            ["tie_word_embeddings"] = false,
            ["torch_dtype"] = "float32",
            ["vocab_size"] = shape.Vocabulary,
        };
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(config));
        var random = new Random(1);
        var model = new SafeTensorsWriter();
        model.Add<float>("model.embed_tokens.weight", [shape.Vocabulary, shape.Hidden], Normal(random, (long)shape.Vocabulary * shape.Hidden, 0.02));
        model.Add<float>("lm_head.weight", [shape.Vocabulary, shape.Hidden], Normal(random, (long)shape.Vocabulary * shape.Hidden, 0.02));
        model.Add<float>("model.norm.weight", [shape.Hidden], Ones(shape.Hidden));
        var adapter = new SafeTensorsWriter();
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            model.Add<float>(prefix + "input_layernorm.weight", [shape.Hidden], Ones(shape.Hidden));
            model.Add<float>(prefix + "post_attention_layernorm.weight", [shape.Hidden], Ones(shape.Hidden));
            foreach ((string module, int outputs, int inputs) in shape.Linears)
            {
                model.Add<float>($"{prefix}{module}.weight", [outputs, inputs], Normal(random, (long)outputs * inputs, 0.02));
                if (!LlamaShape.Targets.Contains(module.Split('.')[^1]))
                    continue;
                string key = $"base_model.model.{prefix}{module}.";
                adapter.Add<float>(key + "lora_A.weight", [LlamaShape.Rank, inputs], Normal(random, (long)LlamaShape.Rank * inputs, 0.02));
                adapter.Add<float>(key + "lora_B.weight", [outputs, LlamaShape.Rank], Normal(random, (long)outputs * LlamaShape.Rank, 0.02));
            }
        }
        model.Save(Path.Combine(folder, "model.safetensors"));
        adapter.Save(Path.Combine(folder, AdapterFile));
    }

    /// <summary>The batch that every step trains.</summary>
    public static int[][] Tokens(LlamaShape shape, int rows, int length)
    {
        var random = new Random(2);
        return [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, length).Select(_ => random.Next(shape.Vocabulary)).ToArray())];
    }

    private static float[] Ones(int count)
    {
        float[] ones = new float[count];
        Array.Fill(ones, 1);
        return ones;
    }

    private static float[] Normal(Random random, long count, double deviation)
    {
        float[] values = new float[count];
        for (long i = 0; i < count; i++)
            values[i] = (float)(deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }
}
