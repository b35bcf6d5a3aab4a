using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;

namespace Ist.Models.Tests;

/// <summary>
/// Checkpoints as they were saved at other times: of the model without its head, whose names lack a prefix, with buffers or the heads of
/// other tasks, and with TensorFlow's names of norms.
/// </summary>
public sealed class EarlyCheckpointTests
{
    [Theory]
    [InlineData("gpt2", "transformer.", "h.1.attn.bias h.1.attn.masked_bias")]
    [InlineData("gptj", null, "transformer.h.0.attn.bias transformer.h.0.attn.masked_bias transformer.h.0.attn.embed_positions")]
    [InlineData("gptneox", null, "gpt_neox.layers.0.attention.bias gpt_neox.layers.0.attention.masked_bias gpt_neox.layers.0.attention.rotary_emb.inv_freq")]
    [InlineData("bloom", "transformer.", "")]
    [InlineData("opt", "model.", "lm_head.weight")]
    [InlineData("bert-cls", "bert.", "embeddings.position_ids cls.predictions.bias cls.seq_relationship.weight", "LayerNorm.weight>LayerNorm.gamma LayerNorm.bias>LayerNorm.beta")]
    [InlineData("roberta-cls", "roberta.", "embeddings.position_ids lm_head.dense.weight pooler.dense.weight pooler.dense.bias")]
    public void Give_the_same_logits(string checkpoint, string? prefix, string buffers, string renamed = "")
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        string folder = Directory.CreateTempSubdirectory("ist-early-").FullName;
        try
        {
            string Name(string name)
            {
                string bare = prefix is not null && name.StartsWith(prefix, StringComparison.Ordinal) ? name[prefix.Length..] : name;
                return renamed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(r => r.Split('>')).Aggregate(bare, (n, r) => n.Replace(r[0], r[1], StringComparison.Ordinal));
            }
            Write(golden.Folder, folder, Name, buffers.Split(' ', StringSplitOptions.RemoveEmptyEntries));
            using var model = new ModelUnderTest(folder, new NoPeftOptions(), golden);

            model.Forward();

            model.AssertLogits(golden, "logits64", golden.Error("fp32_vs_fp64_logits"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Write(string from, string to, Func<string, string> name, string[] buffers)
    {
        File.Copy(Path.Combine(from, "config.json"), Path.Combine(to, "config.json"));
        using var file = new SafeTensorsFile(Path.Combine(from, "model.safetensors"));
        var writer = new SafeTensorsWriter();
        foreach (TensorEntry entry in file.Tensors.Values)
        {
            float[] values = new float[entry.Count];
            file.CopyTo(entry, values);
            writer.Add<float>(name(entry.Name), entry.Shape.AsSpan(), values);
        }
        foreach (string buffer in buffers)
            writer.Add<float>(buffer, [2], new float[2]);
        writer.Save(Path.Combine(to, "model.safetensors"));
    }
}
