using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;

namespace Ist.GpuBench;

/// <summary>A Hugging Face folder of a shape, with random weights in BF16. Speed does not depend on their values.</summary>
internal static class RandomCheckpoint
{
    private const double Deviation = 0.02;

    /// <summary>Writes it.</summary>
    public static void Write(string folder, BenchShape shape)
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
            ["rms_norm_eps"] = 1e-5,
            ["rope_theta"] = 10000.0,
            ["tie_word_embeddings"] = false,
            ["torch_dtype"] = "bfloat16",
            ["vocab_size"] = shape.Vocabulary,
        };
        File.WriteAllText(Path.Combine(folder, "config.json"), JsonSerializer.Serialize(config));
        (int keys, int inner) = (shape.KeyValueHeads * shape.HeadSize, shape.Intermediate);
        byte[] weights = Block(new Random(1), normal: true), ones = Block(new Random(1), normal: false);
        var writer = new SafeTensorsWriter();
        Add("model.embed_tokens", weights, shape.Vocabulary, shape.Hidden);
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            string prefix = $"model.layers.{layer}.";
            Add(prefix + "input_layernorm", ones, shape.Hidden);
            Add(prefix + "self_attn.q_proj", weights, shape.Hidden, shape.Hidden);
            Add(prefix + "self_attn.k_proj", weights, keys, shape.Hidden);
            Add(prefix + "self_attn.v_proj", weights, keys, shape.Hidden);
            Add(prefix + "self_attn.o_proj", weights, shape.Hidden, shape.Hidden);
            Add(prefix + "post_attention_layernorm", ones, shape.Hidden);
            Add(prefix + "mlp.gate_proj", weights, inner, shape.Hidden);
            Add(prefix + "mlp.up_proj", weights, inner, shape.Hidden);
            Add(prefix + "mlp.down_proj", weights, shape.Hidden, inner);
        }
        Add("model.norm", ones, shape.Hidden);
        Add("lm_head", weights, shape.Vocabulary, shape.Hidden);
        writer.Save(Path.Combine(folder, "model.safetensors"));

        void Add(string name, byte[] block, params long[] tensor) => writer.Add(name + ".weight", DType.BF16, tensor, stream =>
        {
            for (long left = 2 * tensor.Aggregate(1L, (count, size) => count * size); left > 0; left -= Math.Min(left, block.Length))
                stream.Write(block, 0, (int)Math.Min(left, block.Length));
        });
    }

    // A million values, again and again: a model of 7B is written as fast as the disk takes it.
    private static byte[] Block(Random random, bool normal)
    {
        byte[] block = new byte[2 << 20];
        for (int at = 0; at < block.Length; at += 2)
        {
            double value = normal ? Deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()) : 1;
            BitConverter.TryWriteBytes(block.AsSpan(at), (ushort)(BitConverter.SingleToUInt32Bits((float)value) >> 16));
        }
        return block;
    }
}
