using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Models.Tests;

/// <summary>Every method on Llama and on Qwen2 with its biases, and LoRA on every family, against the numbers of peft and of AdapterHub: logits, gradients, three AdamW steps, merged weights, files.</summary>
[Collection(GpuCollection.Name)]
public sealed class PeftGoldenTests(GpuFixture card)
{
    public static TheoryData<string, string> Adapters => new()
    {
        { "llama-mha", "lora" },
        { "llama-mha", "lora_qv" },
        { "llama-mha", "lora_patterns" },
        { "llama-mha", "rslora" },
        { "llama-mha", "dora" },
        { "llama-mha", "dora_rs" },
        { "llama-mha", "ia3" },
        { "llama-mha", "ln" },
        { "llama-mha", "vera" },
        { "llama-mha", "lora_modules_to_save" },
        { "llama-mha", "lora_embed" },
        { "llama-gqa-tied-rope3", "lora" },
        { "llama-gqa-tied-rope3", "rslora" },
        { "llama-gqa-tied-rope3", "dora" },
        { "llama-gqa-tied-rope3", "ia3" },
        { "llama-gqa-tied-rope3", "vera" },
        { "mistral", "lora" },
        { "mistral", "dora" },
        { "mistral-swa", "lora" },
        { "qwen2", "lora" },
        { "qwen2", "dora" },
        { "qwen2", "ia3" },
        { "qwen2", "lora_bias_b" },
        { "qwen3", "lora" },
        { "gemma", "lora" },
        { "gemma", "dora" },
        { "gemma", "ia3" },
        { "gemma2", "lora" },
        { "phi3", "lora" },
        { "phi3", "dora" },
        { "gpt2", "lora" },
        { "gpt2", "dora" },
        { "gpt2", "ia3" },
        { "gpt2", "vera" },
        { "gpt2", "lora_bias_all" },
        { "gptj", "lora" },
        { "gptj", "dora" },
        { "gptj", "ia3" },
        { "gptneox", "lora" },
        { "gptneox", "ia3" },
        { "gptneox-seq", "lora" },
        { "bloom", "lora" },
        { "bloom", "dora" },
        { "bloom", "ia3" },
        { "opt", "lora" },
        { "mixtral", "lora" },
        { "bert-cls", "lora" },
        { "bert-cls", "dora" },
        { "bert-cls", "ia3" },
        { "bert-cls", "lora_bias_all" },
        { "roberta-cls", "lora" },
    };

    /// <summary>Those whose adapters stand beside the weights, and can't become a part of them.</summary>
    public static TheoryData<string, string> VirtualTokens => new()
    {
        { "llama-mha", "prefix" },
        { "llama-mha", "prompt" },
        { "llama-gqa-tied-rope3", "prefix" },
        { "llama-gqa-tied-rope3", "prompt" },
        { "qwen2", "prefix" },
        { "gpt2", "prefix" },
        { "gpt2", "prompt" },
        { "gptj", "prefix" },
        { "gptneox", "prefix" },
        { "bloom", "prefix" },
        { "bloom", "prompt" },
        { "bert-cls", "prefix" },
        { "bert-cls", "prompt" },
        { "roberta-cls", "prefix" },
    };

    /// <summary>
    /// Those and AdapterHub's, which neither merge nor begin as nothing. Its numbers of LLaMA and Mistral are left out: adapters 1.2
    /// does not turn the heads of their eager attention back ([heads, time] is read as [time, heads]; done so, a plain reference gives
    /// the stored logits to five digits), so they are of another model. <see cref="BranchAdapterTests"/> has these families.
    /// </summary>
    public static TheoryData<string, string> AllAdapters
    {
        get
        {
            TheoryData<string, string> all = Adapters;
            foreach (string checkpoint in (string[])["gpt2", "gptj", "bert-cls", "roberta-cls"])
            {
                all.Add(checkpoint, "adapters/houlsby");
                all.Add(checkpoint, "adapters/pfeiffer");
                all.Add(checkpoint, "adapters/parallel");
            }
            all.Add("bert-cls", "adapters/parallel_learned");
            return all;
        }
    }

    public static TheoryData<string, string> AllFiles
    {
        get
        {
            TheoryData<string, string> all = AllAdapters;
            all.Add("llama-mha", "adapters/houlsby");
            all.Add("llama-mha", "adapters/pfeiffer");
            all.Add("llama-mha", "adapters/parallel");
            return all;
        }
    }

    /// <summary>More of the same kind, of which there is no copy in the tests.</summary>
    public static TheoryData<string, string> SharedFiles => new()
    {
        { "llama-gqa-tied-rope3", "adapters/houlsby" },
        { "llama-gqa-tied-rope3", "adapters/pfeiffer" },
        { "llama-gqa-tied-rope3", "adapters/parallel" },
        { "mistral", "adapters/pfeiffer" },
    };

    public static TheoryData<string, string, string> Computed => GpuSets.With(AllAdapters, VirtualTokens);

    public static TheoryData<string, string, string> Saved => GpuSets.With(AllFiles, SharedFiles, VirtualTokens);

    [Theory]
    [MemberData(nameof(Computed))]
    public void Logits_loss_and_gradients(string checkpoint, string adapter, string device)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest model = PeftCase.Load(checkpoint, golden, device: card.On(device));

        double loss = model.Forward();
        model.AssertLogits(golden, "logits64", golden.Error("logits"));
        Assert.Equal(golden.Doubles("loss64")[0], loss, golden.Doubles("loss64")[0] * Tolerance.RelativeLoss);

        model.ForwardBackward();
        foreach (FileTensor tensor in model.Parameters.Tensors)
        {
            string name = golden.NameOf(tensor.Key);
            double[] expected = golden.Doubles("grad." + name);
            // Under a softmax a key's bias has no gradient: what is left of it is rounding.
            if (golden.NearZeroGradients.Contains(name))
                Tolerance.Within(1e-6, expected, model.Gradients(tensor), tensor.Key);
            else
                Tolerance.Near(Tolerance.GradientOf(golden), expected, model.Gradients(tensor), tensor.Key);
        }
    }

    [Theory]
    [MemberData(nameof(Computed))]
    public unsafe void Three_steps_of_AdamW(string checkpoint, string adapter, string device)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest model = PeftCase.Load(checkpoint, golden, device: card.On(device));
        var adamW = new AdamW(weightDecay: 0.01);
        using Arena moments = Arena.Create(model.Device, Purpose.Training, model.Widths, 1, 1, arena => adamW.Reserve(arena, model.Parameters.All));
        double[] losses = golden.Doubles("losses");

        for (int step = 0; step < 3; step++)
        {
            Assert.Equal(losses[step], model.ForwardBackward(), losses[step] * 1e-5);
            adamW.Step(model.Run, model.Parameters.All, 0.01);
        }
        Assert.Equal(losses[3], model.Forward(), losses[3] * 1e-5);

        // AdamW divides a gradient by its own size, so where that is near zero rounding noise becomes a step of the size of
        // the learning rate. PyTorch's F32 is up to after_worst_abs from its F64 for the same reason.
        double allowed = Math.Max(2e-5, 8 * golden.Error("after_worst_abs"));
        foreach (FileTensor tensor in model.Parameters.Tensors)
        {
            string name = golden.NameOf(tensor.Key);
            if (golden.NearZeroGradients.Contains(name))
                continue;
            Tolerance.Within(allowed, Stepped(golden, name, model.Values(tensor)), model.Values(tensor), "after." + name);
            Tolerance.Near(4 * Tolerance.GradientOf(golden), golden.Doubles("adam_m." + name), model.Gather(tensor, p => (nint)adamW.First(p)), "adam_m." + name);
            Tolerance.Near(4 * Tolerance.GradientOf(golden), golden.Doubles("adam_v." + name), model.Gather(tensor, p => (nint)adamW.Second(p)), "adam_v." + name);
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Merged_weights_give_the_same_logits(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest model = PeftCase.Load(checkpoint, golden);
        model.Model.Contents.Merge();
        // An adapter begins as nothing (DoRA's magnitude as the norms of the merged weights), so what is left comes from these.
        model.Parameters.Initialise(seed: 1);

        model.Forward();

        model.AssertLogits(golden, "merged_logits64", golden.Error("merged_vs_adapter_logits"));
    }

    /// <summary>Weights are merged on the processor, whatever trained the adapter.</summary>
    [Theory]
    [InlineData("llama-mha", "lora")]
    [InlineData("llama-mha", "lora_modules_to_save")]
    [InlineData("gpt2", "dora")]
    public void What_a_card_has_trained_can_be_merged(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest trained = PeftCase.Load(checkpoint, golden, device: card.Device);
        var adamW = new AdamW(weightDecay: 0.01);
        using Arena moments = Arena.Create(trained.Device, Purpose.Training, trained.Widths, 1, 1, arena => adamW.Reserve(arena, trained.Parameters.All));
        trained.ForwardBackward();
        adamW.Step(trained.Run, trained.Parameters.All, 0.01);
        trained.Forward();
        using ModelUnderTest merged = PeftCase.Load(checkpoint, golden);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            trained.Parameters.Save(path);
            merged.Parameters.Load(path);
        }
        finally
        {
            File.Delete(path);
        }
        merged.Model.Contents.Merge();
        merged.Parameters.Initialise(seed: 1);

        merged.Forward();

        double[] expected = Array.ConvertAll(trained.Logits.ToArray(), z => (double)z);
        Tolerance.Within(Tolerance.Logits(golden.Error("merged_vs_adapter_logits")), expected, merged.Logits, "logits");
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void Weights_in_BF16_carry_the_adapter_like_merged_ones(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        string folder = Directory.CreateTempSubdirectory("ist-bf16-").FullName;
        try
        {
            InBFloat16(GoldenSet.CheckpointPath(checkpoint), folder);
            using ModelUnderTest model = PeftCase.Load(folder, golden);
            model.Forward();
            double[] expected = [.. model.Logits.ToArray().Select(z => (double)z)];
            model.Model.Contents.Merge();
            model.Parameters.Initialise(seed: 1);

            model.Forward();

            Tolerance.Within(Tolerance.Logits(golden.Error("merged_vs_adapter_logits")), expected, model.Logits, "logits");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Adapters))]
    public void An_adapter_that_has_learnt_nothing_changes_no_bit(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using var bare = new ModelUnderTest(checkpoint, new NoPeftOptions(), golden);
        using var fresh = new ModelUnderTest(checkpoint, PeftCase.Options(golden), golden);

        bare.Forward();
        fresh.Forward();

        Assert.True(bare.Logits.SequenceEqual(fresh.Logits));
    }

    [Theory]
    [MemberData(nameof(Saved))]
    public void What_is_saved_is_what_peft_saved(string checkpoint, string adapter, string device)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        using ModelUnderTest model = PeftCase.Load(checkpoint, golden, device: card.On(device));
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            model.Parameters.Save(path);
            using var saved = new SafeTensorsFile(path);
            using var stored = new SafeTensorsFile(Path.Combine(golden.Folder, model.Peft.TensorFile));
            Assert.Equal(stored.Tensors.Keys.Where(key => !IsSecondCopy(key)).Order(StringComparer.Ordinal), saved.Tensors.Keys.Order(StringComparer.Ordinal));
            foreach (TensorEntry expected in stored.Tensors.Values.Where(entry => !IsSecondCopy(entry.Name)))
            {
                TensorEntry actual = saved.Tensors[expected.Name];
                Assert.Equal(expected.DType, actual.DType);
                Assert.Equal(expected.Shape, actual.Shape);
                float[] one = new float[expected.Count], other = new float[expected.Count];
                stored.CopyTo(expected, one);
                saved.CopyTo(actual, other);
                Assert.Equal(one, other);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    // Of a tensor some entries may have a true gradient of zero, as the keys' part of GPT-2's fused bias: they take what they took.
    private static double[] Stepped(GoldenSet golden, string name, ReadOnlySpan<float> actual)
    {
        double[] after = golden.Doubles("after." + name), gradient = golden.Doubles("grad." + name);
        for (int i = 0; i < after.Length; i++)
            after[i] = Math.Abs(gradient[i]) < 1e-7 ? actual[i] : after[i];
        return after;
    }

    // With bias=all peft also writes the biases of saved modules under the names that they have inside its wrapper.
    private static bool IsSecondCopy(string key) =>
        key.Contains(".modules_to_save.", StringComparison.Ordinal) || key.Contains(".original_module.", StringComparison.Ordinal);

    private static unsafe void InBFloat16(string from, string to)
    {
        File.Copy(Path.Combine(from, "config.json"), Path.Combine(to, "config.json"));
        using var file = new SafeTensorsFile(Path.Combine(from, "model.safetensors"));
        var writer = new SafeTensorsWriter();
        var kept = new List<float[]>();
        foreach (TensorEntry entry in file.Tensors.Values)
        {
            float[] values = GC.AllocateArray<float>((int)entry.Count, pinned: true);
            kept.Add(values);
            file.CopyTo(entry, values);
            writer.AddNarrowed(entry.Name, DType.BF16, entry.Shape.AsSpan(), (float*)System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(values, 0));
        }
        writer.Save(Path.Combine(to, "model.safetensors"));
        GC.KeepAlive(kept);
    }
}
