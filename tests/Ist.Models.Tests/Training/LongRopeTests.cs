using System.Text.Json.Nodes;
using Ist.Models.Tests.Golden;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Generation;
using Ist.Runtime.Peft;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

/// <summary>A text that grows beyond the original context while it is being generated: its keys were turned as those of a short one.</summary>
public sealed class LongRopeTests : IDisposable
{
    private const int Original = 16, Prompt = 5, New = 30;

    private readonly string _folder = Directory.CreateTempSubdirectory("ist-longrope-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(0)]
    [InlineData(1.5)]
    public void The_cache_changes_no_token(double temperature)
    {
        Save("""{"rope_type": "longrope", "short_factor": [1, 1.5, 2, 2.5, 3, 4], "long_factor": [2, 4, 8, 16, 32, 64]}""");
        var options = new GenerationOptions { MaxNewTokens = New, Temperature = temperature, TopP = .95 };
        int[] prompt = [1, 17, 230, 42, 99];
        using var device = new CpuDevice(2);
        using LoadedModel loaded = LoadedModel.Load(_folder, _ => new NoPeftOptions());
        int[] cached;
        using (var generator = new TextGenerator(device, loaded.RequireCausalLm(), loaded.Config.Widths, Prompt + New))
            cached = [.. generator.Generate(prompt, options)];

        using var session = new EvaluationSession(device, loaded.Model, loaded.Config.Widths, sequences: 1, maxLength: Prompt + New);
        var sampler = new TokenSampler(options);
        var ids = new List<int>(prompt);
        for (int n = 0; n < New; n++)
        {
            session.Run.Batch.Fill([new Example([.. ids], [.. ids])], [0]);
            loaded.Model.Forward(session.Run);
            ids.Add(sampler.Choose(loaded.Model.ForwardTile(session.Run.Tile(ids.Count - 1, rows: 1)).Row(0), n));
        }
        Assert.True(prompt.Length < Original && ids.Count > Original + 1);
        Assert.Equal(ids.Skip(Prompt), cached);
    }

    private void Save(string scaling)
    {
        string from = GoldenSet.CheckpointPath("phi3");
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(from, "config.json")))!.AsObject();
        config["original_max_position_embeddings"] = Original;
        config["rope_scaling"] = JsonNode.Parse(scaling);
        File.WriteAllText(Path.Combine(_folder, "config.json"), config.ToJsonString());
        File.Copy(Path.Combine(from, "model.safetensors"), Path.Combine(_folder, "model.safetensors"));
    }
}
