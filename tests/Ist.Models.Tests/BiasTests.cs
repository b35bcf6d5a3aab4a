using Ist.Models.Tests.Golden;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>Biases of the base model that are trained: those that peft trains and forgets to save, and all of them alone.</summary>
public sealed class BiasTests
{
    [Fact]
    public unsafe void Lora_only_trains_what_peft_trains_and_saves_the_biases_too()
    {
        using GoldenSet golden = GoldenSet.Open("qwen2", "lora_bias_only");
        using ModelUnderTest model = new("qwen2", PeftCase.Options(golden), golden);
        IReadOnlyList<string> missing = model.Parameters.Load(Path.Combine(golden.Folder, AdapterFolder.TensorFile));
        Assert.Equal([.. Keys(model).Where(key => key.EndsWith(".base_layer.bias", StringComparison.Ordinal))], missing);
        Assert.Equal(golden.Names.Where(n => n.StartsWith("grad.", StringComparison.Ordinal)).Select(n => n[5..]).Order(StringComparer.Ordinal), Keys(model).Order(StringComparer.Ordinal));

        // What the biases were before training is in no file of peft's; what they were after it is among the numbers.
        foreach (Parameter parameter in model.Parameters.All)
            golden.CopyTo("after." + parameter.Key, new Span<float>(parameter.Value, (int)parameter.Count));
        double loss = golden.Doubles("losses")[3];
        Assert.Equal(loss, model.Forward(), loss * 1e-5);

        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            model.Parameters.Save(path);
            model.Parameters.Initialise(seed: 1);
            Assert.Empty(model.Parameters.Load(path));
            Assert.Equal(loss, model.Forward(), loss * 1e-5);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void BitFit_has_the_biases_gradients_of_full_fine_tuning_and_a_file_that_LoRA_reads()
    {
        using GoldenSet golden = GoldenSet.Open("qwen2");
        using var full = new ModelUnderTest("qwen2", new FullOptions(), golden);
        using var bitFit = new ModelUnderTest("qwen2", new BitFitOptions("qwen2", "CAUSAL_LM", ModuleSelector.OfNames(["q_proj"])), golden);
        full.ForwardBackward();
        bitFit.ForwardBackward();
        string[] biases = [.. Keys(full).Where(key => key.EndsWith(".bias", StringComparison.Ordinal))];
        Assert.Equal(9, biases.Length);
        Assert.Equal(biases, Keys(bitFit).Select(key => key["base_model.model.".Length..].Replace(".base_layer", "", StringComparison.Ordinal)));
        foreach ((string plain, string key) in biases.Zip(Keys(bitFit)))
            Assert.True(full.Gradient(plain).SequenceEqual(bitFit.Gradient(key)), key);

        string folder = Directory.CreateTempSubdirectory("ist-bitfit-").FullName;
        try
        {
            string config = Path.Combine(folder, AdapterFolder.ConfigFile), tensors = Path.Combine(folder, AdapterFolder.TensorFile);
            Move(bitFit);
            double loss = bitFit.Forward();
            File.WriteAllText(config, bitFit.Peft.ToAdapterConfig(bitFit.Model.Contents.Slots));
            bitFit.Parameters.Save(tensors);
            PeftOptions read = PeftTypes.Read(JsonConfig.Load(config), out IReadOnlyList<string> warnings);
            Assert.Empty(warnings);
            using var lora = new ModelUnderTest("qwen2", read, golden);
            Assert.Empty(lora.Parameters.Load(tensors));
            Assert.Equal(loss, lora.Forward());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void BitFit_of_a_model_without_biases_is_refused()
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        var refused = Assert.Throws<InputException>(() =>
            new ModelUnderTest("llama-mha", new BitFitOptions(null, null, ModuleSelector.OfNames(["q_proj"])), golden));
        Assert.Contains("bitfit, which trains biases, but this model has none", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void LN_TUNING_of_a_linear_layer_is_refused()
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        var options = new LnTuningOptions(new LnTuningConfig { TargetModules = ModuleSelector.OfNames(["norm", "q_proj"]) }, "the test");
        Assert.Contains("q_proj, which is a linear layer", Assert.Throws<InputException>(() => new ModelUnderTest("llama-mha", options, golden)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_module_to_save_that_is_also_a_target_or_none_at_all_is_refused()
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        Assert.Contains("both mean model.layers.0.self_attn.q_proj", Refused("q_proj"), StringComparison.Ordinal);
        Assert.Contains("'lm_haed' is no module of this model; did you mean 'lm_head'", Refused("lm_haed"), StringComparison.Ordinal);

        string Refused(string saved) => Assert.Throws<InputException>(() => new ModelUnderTest("llama-mha", new LoraOptions(
            new LoraAdapterConfig { TargetModules = ModuleSelector.OfNames(["q_proj"]), ModulesToSave = new ModulesToSave([saved]) }, "the test"), golden)).Message;
    }

    private static string[] Keys(ModelUnderTest model) => [.. model.Parameters.All.ToArray().Select(parameter => parameter.Key)];

    private static unsafe void Move(ModelUnderTest model)
    {
        var random = new Random(1);
        foreach (Parameter parameter in model.Parameters.All)
        {
            for (int i = 0; i < parameter.Count; i++)
                parameter.Value[i] += random.NextSingle() * 0.2f - 0.1f;
        }
    }
}
