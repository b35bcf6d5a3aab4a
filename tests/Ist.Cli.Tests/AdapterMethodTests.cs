using Ist.Cli.Tests.Support;
using Ist.Runtime.Checkpoints;

namespace Ist.Cli.Tests;

/// <summary>Methods beside LoRA from the command line: what they write is read again, and a resumed run equals one that was never stopped.</summary>
public sealed class AdapterMethodTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _model;
    private readonly string _data;

    public AdapterMethodTests()
    {
        _model = TinyModel.Create(_folder);
        _data = _folder.Write("d.jsonl", TinyModel.Rows(40));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("bottleneck", "adapter_model.safetensors", "base_model.model.model.layers.0.mlp.down_proj.adapter_up.weight", "--bottleneck-size", "8")]
    [InlineData("bottleneck", "adapter_model.safetensors", "base_model.model.model.layers.2.self_attn.k_proj.adapter_down.weight", "--bottleneck-size", "8", "--use-parallel-adapter")]
    [InlineData("houlsby", "adapter.safetensors", "model.layers.1.attention_adapters.adapters.houlsby.adapter_down.0.weight", "--reduction-factor", "6", "--dropout", "0.1")]
    [InlineData("pfeiffer", "adapter.safetensors", "model.layers.2.output_adapters.adapters.pfeiffer.adapter_up.bias", "--non-linearity", "gelu")]
    [InlineData("parallel", "adapter.safetensors", "model.layers.0.output_adapters.adapters.parallel.adapter_up.weight", "--scaling", "2")]
    [InlineData("ln", "adapter_model.safetensors", "base_model.model.model.norm.ln_tuning_layers.weight")]
    [InlineData("vera", "adapter_model.safetensors", "base_model.vera_A", "--rank", "12", "--dropout", "0.1", "--modules-to-save", "lm_head", "--bias", "vera_only")]
    [InlineData("lora", "adapter_model.safetensors", "base_model.model.lm_head.weight", "--modules-to-save", "lm_head", "--bias", "all")]
    public void What_is_trained_is_saved_and_read_again(string method, string file, string key, params string[] more)
    {
        string[] options = ["--method", method, "--steps", "20", "--lr", "1e-2", "--sparse", "ist", .. more];
        Finetune("run", options).Succeeded();
        using (var tensors = new SafeTensorsFile(_folder["run", file]))
            Assert.Contains(key, tensors.Tensors.Keys);

        double before = Loss(), after = Loss("--adapter", _folder["run"]);
        Assert.True(after < before - 0.05, $"{before} and {after}");

        Finetune("resumed", [.. options, "--save-every", "10"]).Succeeded();
        Directory.Delete(_folder["resumed", "checkpoint-20"], recursive: true);
        Finetune("resumed", [.. options, "--save-every", "10", "--resume"]).Succeeded();
        Assert.Equal(File.ReadAllBytes(_folder["run", file]), File.ReadAllBytes(_folder["resumed", file]));
    }

    private Result Finetune(string output, params string[] more) =>
        Command.Run(["finetune", "--model", _model, "--data", _data, "--output", _folder[output], .. more]);

    private double Loss(params string[] more)
    {
        Result result = Command.Run(["evaluate", "--model", _model, "--data", _data, "--json", .. more]).Succeeded();
        return System.Text.Json.Nodes.JsonNode.Parse(result.Output)!["loss"]!.GetValue<double>();
    }
}
