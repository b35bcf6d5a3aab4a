using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Checkpoints;

public sealed class AdapterFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_saved_adapter_is_read_back()
    {
        var config = new LoraAdapterConfig { TargetModules = ModuleSelector.OfNames(["q"]), R = 1 };
        var writer = new SafeTensorsWriter();
        writer.Add(LoraKeys.A("m.q"), [1, 2], new ReadOnlyMemory<float>([3, 4]));
        writer.Add(LoraKeys.B("m.q"), [1, 1], new ReadOnlyMemory<float>([5]));
        writer.Save(Path.Combine(_folder.Path, AdapterFolder.TensorFile));
        AtomicFile.WriteAllText(Path.Combine(_folder.Path, AdapterFolder.ConfigFile), config.ToJson());

        using var adapter = AdapterFolder.Open(_folder.Path);
        Assert.Equal(1, LoraAdapterConfig.Parse(adapter.Config, out _).R);
        float[] a = new float[2];
        adapter.Take("base_model.model.m.q.lora_A.weight", 1, 2).CopyTo(a);
        Assert.Equal([3, 4], a);
        Assert.Equal(["base_model.model.m.q.lora_B.weight"], adapter.Untaken);
        Assert.Equal(2, Directory.GetFiles(_folder.Path).Length);
    }

    [Fact]
    public void Folders_that_are_no_adapters_are_refused()
    {
        Bad.Input(() => AdapterFolder.Open(_folder.File("none")), "no such folder");
        Bad.Input(() => AdapterFolder.Open(_folder.Path), _folder.Path, "no adapter_config.json");
        _folder.Write("adapter_config.json", "{}");
        Bad.Input(() => AdapterFolder.Open(_folder.Path), _folder.Path, "no adapter_model.safetensors");
        _folder.Write("adapter_model.bin", "pickle");
        Bad.Input(() => AdapterFolder.Open(_folder.Path), "adapter_model.bin", "pickle", "safe_serialization=True");
    }

    [Fact]
    public void Stored_adapters_have_exactly_the_tensors_that_their_configurations_target()
    {
        var compared = new List<string>();
        foreach (string path in Directory.GetDirectories(SharedFolder.Require("golden"), "*lora*", SearchOption.AllDirectories))
        {
            using var adapter = AdapterFolder.Open(path);
            string? embedding = adapter.Names.FirstOrDefault(n => n.Contains("lora_embedding_A", StringComparison.Ordinal));
            if (IsRefused(adapter.Config) || embedding is not null)
                continue;
            LoraAdapterConfig config = LoraAdapterConfig.Parse(adapter.Config, out _);
            using var model = CheckpointFolder.Open(Path.GetFullPath(Path.Combine(path, "..", "..")));
            Dictionary<string, CheckpointTensor> matrices = model.Names
                .Select(n => (Name: n, Tensor: model.TryGet(n, out CheckpointTensor? t) ? t : throw new KeyNotFoundException(n)))
                .Where(n => n.Name.EndsWith(".weight", StringComparison.Ordinal) && n.Tensor.Shape.Length == 2)
                .ToDictionary(n => n.Name[..^".weight".Length], n => n.Tensor);
            foreach ((string module, LoraTarget target) in new LoraTargets(config, adapter.Config.Source).Resolve(matrices.Keys))
            {
                (int inputs, int outputs) = config.FanInFanOut ? (0, 1) : (1, 0);
                adapter.Take(LoraKeys.A(module), target.Rank, matrices[module].Shape[inputs]).RequireFinite();
                adapter.Take(LoraKeys.B(module), matrices[module].Shape[outputs], target.Rank).RequireFinite();
            }
            Assert.True(adapter.Untaken.Count == 0, $"{path}: {string.Join(", ", adapter.Untaken)}");
            compared.Add(Path.GetRelativePath(SharedFolder.Require("golden"), path).Replace('\\', '/'));
        }
        Assert.Superset(new HashSet<string>
        {
            "llama-mha/peft/lora", "llama-mha/peft/lora_qv", "llama-mha/peft/lora_patterns", "llama-mha/peft/rslora",
            "llama-gqa-tied-rope3/peft/lora", "mixtral/peft/lora", "phi3/peft/lora", "bloom/peft/lora", "gpt2/peft/lora",
        }, compared.ToHashSet());
    }

    [Fact]
    public void The_patterns_of_the_stored_adapter_give_its_ranks_and_scalings()
    {
        using var adapter = AdapterFolder.Open(SharedFolder.Require("golden", "llama-mha", "peft", "lora_patterns"));
        var targets = new LoraTargets(LoraAdapterConfig.Parse(adapter.Config, out _), adapter.Config.Source);
        Assert.Null(targets.Match("model.layers.0.self_attn.q_proj"));
        Assert.Equal(new LoraTarget(2, 8, 4), targets.Match("model.layers.1.self_attn.q_proj"));
        Assert.Equal(new LoraTarget(2, 6, 3), targets.Match("model.layers.2.self_attn.q_proj"));
        Assert.Equal(new LoraTarget(4, 16, 4), targets.Match("model.layers.1.self_attn.v_proj"));
        Assert.Equal(new LoraTarget(6, 8, 8 / 6.0), targets.Match("model.layers.2.mlp.down_proj"));
        Assert.Equal(new LoraTarget(4, 8, 2), targets.Match("model.layers.2.mlp.up_proj"));
    }

    private static bool IsRefused(JsonConfig config) =>
        config.GetString("peft_type") != "LORA"
        || config.GetString("bias") != "none"
        || config.GetBool("lora_bias") || config.Kind("modules_to_save") == JsonValueKind.Array;
}
