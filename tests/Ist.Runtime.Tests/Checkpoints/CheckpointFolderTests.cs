using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Checkpoints;

public sealed class CheckpointFolderTests : IDisposable
{
    private const string Index = "model.safetensors.index.json";

    private readonly TemporaryFolder _folder = new();

    public CheckpointFolderTests()
    {
        _folder.Write("config.json", """{"model_type": "llama", "hidden_size": 2}""");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_single_file_is_opened_and_each_tensor_accounted_for()
    {
        Save("model.safetensors", "model.embed.weight", "model.norm.weight");
        Save("other.safetensors", "unrelated");
        using var folder = CheckpointFolder.Open(_folder.Path, "model.");
        Assert.Equal("llama", folder.Config.GetString("model_type"));
        Assert.Equal(["model.embed.weight", "model.norm.weight"], folder.Names.Order());
        CheckpointTensor norm = folder.Take("model.norm.weight", 2);
        Assert.Equal(DType.F32, norm.DType);
        float[] values = new float[2];
        norm.CopyTo(values);
        Assert.Equal([1, 2], values);
        Assert.Equal(["model.embed.weight"], folder.Untaken);
        Assert.True(folder.TryGet("model.embed.weight", out CheckpointTensor? embed));
        Assert.Equal(["model.embed.weight"], folder.Untaken);
        folder.MarkTaken(embed);
        Assert.Empty(folder.Untaken);
    }

    [Theory]
    [InlineData("model.norm.weight", "norm.weight")]
    [InlineData("norm.weight", "model.norm.weight")]
    public void Names_are_found_with_the_base_models_prefix_and_without(string stored, string asked)
    {
        Save("model.safetensors", stored);
        using (var folder = CheckpointFolder.Open(_folder.Path, "model."))
        {
            Assert.Equal(stored, folder.Take(asked, 2).Name);
            Assert.Empty(folder.Untaken);
        }
        using (var folder = CheckpointFolder.Open(_folder.Path))
            Assert.False(folder.TryGet(asked, out _));
    }

    [Fact]
    public void A_missing_tensor_and_a_wrong_shape_are_refused()
    {
        Save("model.safetensors", "model.layers.0.q_proj.weight");
        using var folder = CheckpointFolder.Open(_folder.Path, "model.");
        Bad.Input(() => folder.Take("model.layers.0.k_proj.weight", 2), "model.safetensors", "'model.layers.0.k_proj.weight' is missing", "did you mean 'model.layers.0.q_proj.weight'?");
        Bad.Input(() => folder.Take("model.layers.0.q_proj.weight", 2, 1), "model.safetensors", "shape [2]", "[2, 1]", "config.json");
        Assert.Single(folder.Untaken);
    }

    [Fact]
    public void Weights_that_are_not_finite_are_named()
    {
        var writer = new SafeTensorsWriter();
        writer.Add("good", [3], new ReadOnlyMemory<float>([1, 2, 3]));
        writer.Add("bad", [3], new ReadOnlyMemory<BFloat16>([default, default, (BFloat16)float.NaN]));
        writer.Save(_folder.File("model.safetensors"));
        using var folder = CheckpointFolder.Open(_folder.Path);
        folder.Take("good", 3).RequireFinite();
        Assert.False(folder.Take("good", 3).ContainsNonFinite());
        Assert.True(folder.Take("bad", 3).ContainsNonFinite());
        Bad.Input(folder.Take("bad", 3).RequireFinite, "model.safetensors", "'bad'", "element 2 of 3");
    }

    [Fact]
    public void Shards_are_opened_by_their_index()
    {
        Save("m-1.safetensors", "a", "b");
        Save("m-2.safetensors", "c");
        _folder.Write(Index, """{"metadata": {"total_size": 24}, "weight_map": {"c": "m-2.safetensors", "a": "m-1.safetensors", "b": "m-1.safetensors"}}""");
        using var folder = CheckpointFolder.Open(_folder.Path);
        Assert.Equal(["a", "b", "c"], folder.Names.Order());
        Assert.EndsWith("m-2.safetensors", folder.Take("c", 2).File, StringComparison.Ordinal);
        Assert.Equal(["a", "b"], folder.Untaken);
    }

    [Theory]
    [InlineData("""{"a": "m-1.safetensors", "b": "m-1.safetensors", "x": "m-1.safetensors"}""", "m-1.safetensors", "lacks 'x'")]
    [InlineData("""{"a": "m-1.safetensors"}""", "m-1.safetensors", "has 'b'")]
    [InlineData("""{"a": "m-1.safetensors", "b": "m-2.safetensors"}""", "m-1.safetensors", "has 'b'")]
    [InlineData("""{"a": "m-1.safetensors", "b": "m-1.safetensors", "c": "m-3.safetensors"}""", "m-3.safetensors", "is missing")]
    [InlineData("""{"a": "../m-1.safetensors"}""", Index, "'weight_map.a'", "plain name")]
    [InlineData("""{"a": 3}""", Index, "'weight_map.a'", "expected a string")]
    [InlineData("{}", Index, "'weight_map' is empty")]
    [InlineData("null", Index, "'weight_map'", "expected an object")]
    public void An_index_that_contradicts_the_shards_is_refused(string map, params string[] expected)
    {
        Save("m-1.safetensors", "a", "b");
        Save("m-2.safetensors", "b");
        _folder.Write(Index, $$"""{"weight_map": {{map}}}""");
        Bad.Input(() => CheckpointFolder.Open(_folder.Path), expected);
    }

    [Fact]
    public void A_single_file_of_another_name_will_do_but_not_several()
    {
        Save("weights.safetensors", "a");
        using (var folder = CheckpointFolder.Open(_folder.Path))
            Assert.Equal(["a"], folder.Names);
        Save("more.safetensors", "b");
        Bad.Input(() => CheckpointFolder.Open(_folder.Path), _folder.Path, "2 safetensors files", "'more.safetensors'", Index);
    }

    [Fact]
    public void Folders_without_weights_say_what_to_do()
    {
        Bad.Input(() => CheckpointFolder.Open(_folder.Path), _folder.Path, "looked for model.safetensors", Index);
        _folder.Write("pytorch_model.bin", "pickle");
        Bad.Input(() => CheckpointFolder.Open(_folder.Path), "pytorch_model.bin", "pickle", "save_pretrained(DIR, safe_serialization=True)");
        File.Delete(_folder.File("config.json"));
        Bad.Input(() => CheckpointFolder.Open(_folder.Path), _folder.Path, "no config.json");
        _folder.Write("adapter_config.json", "{}");
        Bad.Input(() => CheckpointFolder.Open(_folder.Path), "adapter folder");
        Bad.Input(() => CheckpointFolder.Open(_folder.File("none")), _folder.File("none"), "no such folder");
    }

    [Theory]
    [InlineData("llama-mha", 30)]
    [InlineData("llama-gqa-tied-rope3", 1)]
    [InlineData("bert-cls", 1)]
    [InlineData("gpt2", 1)]
    public void Hugging_face_folders_are_read(string name, int atLeast)
    {
        using var folder = CheckpointFolder.Open(SharedFolder.Require("golden", name));
        Assert.True(folder.Names.Count >= atLeast, $"{folder.Names.Count} tensors");
        foreach (string tensor in folder.Names)
        {
            Assert.True(folder.TryGet(tensor, out CheckpointTensor? found));
            folder.Take(tensor, found.Shape.AsSpan()).RequireFinite();
        }
        Assert.Empty(folder.Untaken);
    }

    private void Save(string file, params string[] names)
    {
        var writer = new SafeTensorsWriter();
        foreach (string name in names)
            writer.Add(name, [2], new ReadOnlyMemory<float>([1, 2]));
        writer.Save(_folder.File(file));
    }
}
