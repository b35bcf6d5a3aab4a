using System.Text.Json.Nodes;
using Ist.Cli.Tests.Support;

namespace Ist.Cli.Tests;

/// <summary>Model and adapter folders with each kind of damage: exit code 2, one line that names file, place and remedy.</summary>
public sealed class BadModelTests : IDisposable
{
    private const string Norm = "model.norm.weight";

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _weights;

    public BadModelTests()
    {
        _model = TinyModel.Create(_folder);
        _weights = Path.Combine(_model, "model.safetensors");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_is_missing()
    {
        Command.Run("generate", "--model", _folder["none"], "--prompt", "a").Failed(2, _folder["none"], "there is no such folder");
    }

    [Fact]
    public void Weights_that_are_missing()
    {
        File.Delete(_weights);
        AssertRefused(_model, "there are no weights here; looked for model.safetensors");
    }

    [Fact]
    public void Weights_that_are_a_pickle()
    {
        File.Move(_weights, Path.Combine(_model, "pytorch_model.bin"));
        AssertRefused("pytorch_model.bin", "pickle", "convert");
    }

    [Fact]
    public void A_truncated_file()
    {
        RawSafeTensors.EditBytes(_weights, bytes => bytes[..^1000]);
        AssertRefused(_weights);
    }

    [Fact]
    public void A_file_of_a_few_bytes()
    {
        RawSafeTensors.EditBytes(_weights, bytes => bytes[..5]);
        AssertRefused(_weights);
    }

    [Theory]
    [InlineData(0xFF)]
    [InlineData(0x7F)]
    public void A_wrong_header_length(int highest)
    {
        RawSafeTensors.EditBytes(_weights, bytes =>
        {
            bytes[4] = (byte)highest;
            return bytes;
        });
        AssertRefused(_weights, "header");
    }

    [Fact]
    public void Overlapping_offsets()
    {
        RawSafeTensors.EditHeader(_weights, header => header[Norm]!["data_offsets"] = new JsonArray(0, 192));
        AssertRefused(_weights);
    }

    [Fact]
    public void Short_offsets()
    {
        RawSafeTensors.EditHeader(_weights, header =>
        {
            int begin = (int)header[Norm]!["data_offsets"]![0]!;
            header[Norm]!["data_offsets"] = new JsonArray(begin, begin + 100);
        });
        AssertRefused(_weights, Norm);
    }

    [Fact]
    public void An_unknown_dtype()
    {
        RawSafeTensors.EditHeader(_weights, header => header[Norm]!["dtype"] = "F13");
        AssertRefused(_weights, Norm, "F13");
    }

    [Fact]
    public void A_dtype_that_is_no_weight_s()
    {
        RawSafeTensors.EditHeader(_weights, header => header[Norm]!["dtype"] = "I32");
        AssertRefused(_weights, Norm, "I32", "F32, F16 or BF16");
    }

    [Fact]
    public void A_weight_that_is_not_a_number()
    {
        int offset = RawSafeTensors.Offset(_weights, Norm);
        RawSafeTensors.EditBytes(_weights, bytes =>
        {
            BitConverter.TryWriteBytes(bytes.AsSpan(offset + 4 * 5), float.NaN);
            return bytes;
        });
        AssertRefused(_weights, Norm, "NaN");
    }

    [Fact]
    public void A_shape_that_contradicts_the_configuration()
    {
        EditConfig(config => config["intermediate_size"] = 96);
        AssertRefused(_weights, "mlp.gate_proj.weight", "[88, 48]", "[96, 48]", "config.json");
    }

    [Fact]
    public void More_layers_than_the_weights_have()
    {
        EditConfig(config => config["num_hidden_layers"] = 4);
        AssertRefused(_weights, "model.layers.3.", "is missing");
    }

    [Fact]
    public void Fewer_layers_than_the_weights_have()
    {
        EditConfig(config => config["num_hidden_layers"] = 2);
        AssertRefused(_model, "model.layers.2.", "does not use");
    }

    [Fact]
    public void A_tensor_of_another_name()
    {
        RawSafeTensors.EditHeader(_weights, header =>
        {
            JsonNode entry = header[Norm]!;
            header.Remove(Norm);
            header["model.nrom.weight"] = entry;
        });
        AssertRefused(_weights, "'model.norm.weight' is missing; did you mean 'model.nrom.weight'?");
    }

    [Fact]
    public void An_unknown_model_type()
    {
        EditConfig(config => config["model_type"] = "llamma");
        AssertRefused("config.json", "'model_type' is 'llamma', which is not supported; supported: bert, bloom, ");
    }

    [Fact]
    public void Heads_that_do_not_divide()
    {
        EditConfig(config => config["num_key_value_heads"] = 3);
        AssertRefused("config.json", "num_key_value_heads");
    }

    [Fact]
    public void A_bias_that_the_checkpoint_lacks()
    {
        EditConfig(config => config["attention_bias"] = true);
        AssertRefused("self_attn.q_proj.bias");
    }

    [Fact]
    public void A_configuration_that_is_no_json()
    {
        File.WriteAllText(Path.Combine(_model, "config.json"), "{\"model_type\": \"llama\",\n oops}");
        AssertRefused("config.json", "JSON");
    }

    [Fact]
    public void A_tokenizer_that_is_missing()
    {
        File.Delete(Path.Combine(_model, "tokenizer.json"));
        AssertRefused(_model, "no tokenizer here, expected tokenizer.json, tokenizer.model, vocab.json with merges.txt, or vocab.txt");
    }

    [Fact]
    public void A_tokenizer_of_another_kind()
    {
        File.WriteAllText(Path.Combine(_model, "tokenizer.json"), """{"model": {"type": "Unigram", "vocab": []}}""");
        AssertRefused("tokenizer.json", "Unigram");
    }

    [Fact]
    public void A_tokenizer_without_an_end_of_text()
    {
        File.WriteAllText(Path.Combine(_model, "tokenizer_config.json"), "{}");
        File.Delete(Path.Combine(_model, "generation_config.json"));
        EditConfig(config => config.Remove("eos_token_id"));
        AssertRefused(_model, "no EOS token");
    }

    [Fact]
    public void An_adapter_that_is_missing() =>
        Command.Run("generate", "--model", _model, "--adapter", _folder["none"], "--prompt", "a").Failed(2, _folder["none"], "there is no such folder");

    [Fact]
    public void A_model_given_as_an_adapter() =>
        Command.Run("generate", "--model", _model, "--adapter", _model, "--prompt", "a").Failed(2, _model, "there is no adapter_config.json here");

    [Fact]
    public void An_adapter_given_as_a_model() =>
        Command.Run("generate", "--model", TinyModel.Golden("llama-mha", "peft", "lora"), "--prompt", "a").Failed(2, "this is an adapter folder");

    [Fact]
    public void An_adapter_of_another_model() => Command.Run(
        "generate", "--model", _model, "--adapter", TinyModel.Golden("llama-gqa-tied-rope3", "peft", "lora"), "--prompt", "a")
        .Failed(2, "adapter_model.safetensors", "lora_A.weight", "this model needs [");

    [Theory]
    [InlineData("peft_type", "\"ADALORA\"", "which is not supported; supported: BOTTLENECK, IA3, LN_TUNING, LORA")]
    [InlineData("use_qalora", "true", "isn't supported")]
    [InlineData("bias", "\"some\"", "expected none, all or lora_only")]
    [InlineData("r", "0", "expected a rank of 1 or more")]
    [InlineData("target_modules", "[\"q_prj\"]", "did you mean")]
    public void An_adapter_configuration_that_asks_for_something_else(string key, string value, string expected)
    {
        string adapter = CopyAdapter(config => config[key] = JsonNode.Parse(value));
        Command.Run("generate", "--model", _model, "--adapter", adapter, "--prompt", "a").Failed(2, "adapter_config.json", key == "target_modules" ? "q_prj" : key, expected);
    }

    [Fact]
    public void An_unknown_field_of_an_adapter_is_told_and_ignored()
    {
        string adapter = CopyAdapter(config => config["lora_magic"] = 3);

        Result result = Command.Run("generate", "--model", _model, "--adapter", adapter, "--prompt", "a", "--max-new-tokens", "3");

        Assert.Equal(0, result.Code);
        Assert.Equal($"warning: {Path.Combine(adapter, "adapter_config.json")}: the field 'lora_magic' is unknown and ignored{Environment.NewLine}", result.Error);
    }

    [Fact]
    public void A_target_that_the_model_lacks() => Command.Run(
        "finetune", "--model", _model, "--data", _folder.Write("d.jsonl", TinyModel.Rows(3)), "--output", _folder["run"], "--target", "q_proj,k_prj")
        .Failed(2, "--target", "k_prj", "k_proj");

    [Fact]
    public void A_length_beyond_the_model_s_positions()
    {
        string data = _folder.Write("d.jsonl", TinyModel.Rows(3));
        Command.Run("finetune", "--model", _model, "--data", data, "--output", _folder["run"], "--max-length", "129").Failed(2, "max-length is 129", "128 positions", "give 128 or less");
        Command.Run("evaluate", "--model", _model, "--data", data, "--max-length", "129").Failed(2, "max-length is 129", "128 positions", "give 128 or less");
        Assert.False(Directory.Exists(_folder["run"]));
    }

    [Fact]
    public void More_active_layers_than_the_model_has() => Command.Run(
        "finetune", "--model", _model, "--data", _folder.Write("d.jsonl", TinyModel.Rows(3)), "--output", _folder["run"], "--sparse", "ist", "--active-layers", "4")
        .Failed(2, "active-layers is 4, but the model has 3 layers; give 1 to 3.");

    // Every command reads a model alike; that of the longest run must not have made its folder yet.
    private void AssertRefused(params string[] parts)
    {
        string data = _folder.Write("d.jsonl", TinyModel.Rows(3));
        Command.Run("finetune", "--model", _model, "--data", data, "--output", _folder["run"]).Failed(2, parts);
        Assert.False(Directory.Exists(_folder["run"]));
        Command.Run("evaluate", "--model", _model, "--data", data).Failed(2, parts);
    }

    private void EditConfig(Action<JsonObject> edit) => EditJson(Path.Combine(_model, "config.json"), edit);

    private string CopyAdapter(Action<JsonObject> edit)
    {
        string adapter = _folder["adapter"];
        Directory.CreateDirectory(adapter);
        foreach (string file in (string[])["adapter_config.json", "adapter_model.safetensors"])
            File.Copy(TinyModel.Golden("llama-mha", "peft", "lora", file), Path.Combine(adapter, file));
        EditJson(Path.Combine(adapter, "adapter_config.json"), edit);
        return adapter;
    }

    private static void EditJson(string path, Action<JsonObject> edit)
    {
        JsonObject json = JsonNode.Parse(File.ReadAllText(path))!.AsObject();
        edit(json);
        File.WriteAllText(path, json.ToJsonString());
    }
}
