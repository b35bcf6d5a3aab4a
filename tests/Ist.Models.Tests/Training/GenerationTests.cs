using Ist.Models.Tests.Golden;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Generation;
using Ist.Runtime.Peft;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Training;

[Collection(GpuCollection.Name)]
public sealed class GenerationTests(GpuFixture fixture)
{
    public static TheoryData<string, string> Checkpoints => GpuSets.With(GoldenSet.Checkpoints);

    [Theory]
    [MemberData(nameof(Checkpoints))]
    public void Greedy_ids_are_those_of_transformers(string checkpoint, string where)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        int[] prompt = Array.ConvertAll(golden.Longs("greedy.prompt"), id => (int)id);
        int[] expected = Array.ConvertAll(golden.Longs("greedy.ids"), id => (int)id);
        int news = expected.Length - prompt.Length;
        using var cpu = new CpuDevice(2);
        using LoadedModel loaded = LoadedModel.Load(golden.Folder, _ => new NoPeftOptions());
        using var generator = new TextGenerator(
            (Device?)fixture.On(where) ?? cpu, loaded.RequireCausalLm(), loaded.Config.Widths, TextGenerator.CapacityFor(prompt.Length, news, loaded.Config.MaxPositions));

        IEnumerable<int> ids = generator.Generate(prompt, new GenerationOptions { MaxNewTokens = news });

        Assert.Equal(expected, prompt.Concat(ids));
    }

    [Theory]
    [InlineData("llama-mha", 0)]
    [InlineData("llama-mha", 1.5)]
    [InlineData("llama-gqa-tied-rope3", 0)]
    [InlineData("llama-gqa-tied-rope3", 1.5)]
    [InlineData("mistral-swa", 1.5)]
    [InlineData("qwen2", 1.5)]
    [InlineData("qwen3", 1.5)]
    [InlineData("gemma", 1.5)]
    [InlineData("gemma2", 1.5)]
    [InlineData("phi3", 1.5)]
    [InlineData("gpt2", 1.5)]
    [InlineData("gptj", 1.5)]
    [InlineData("gptneox", 1.5)]
    [InlineData("gptneox-seq", 1.5)]
    [InlineData("bloom", 1.5)]
    [InlineData("opt", 1.5)]
    [InlineData("mixtral", 1.5)]
    [InlineData("llama-gqa-tied-rope3", 1.5, "prefix")]
    [InlineData("llama-gqa-tied-rope3", 1.5, "prompt")]
    public void The_cache_changes_no_token(string checkpoint, double temperature, string? adapter = null)
    {
        int[] prompt = [1, 17, 230, 42, 99];
        var options = new GenerationOptions { MaxNewTokens = 40, Temperature = temperature, TopP = .95 };
        using var device = new CpuDevice(2);
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath(checkpoint), _ => Options(checkpoint, adapter));
        int[] cached;
        using (var generator = new TextGenerator(device, loaded.RequireCausalLm(), loaded.Config.Widths, TextGenerator.CapacityFor(prompt.Length, 40, loaded.Config.MaxPositions)))
            cached = [.. generator.Generate(prompt, options)];

        using var session = new EvaluationSession(device, loaded.Model, loaded.Config.Widths, sequences: 1, maxLength: 64);
        var sampler = new TokenSampler(options);
        var ids = new List<int>(prompt);
        for (int n = 0; n < 40; n++)
        {
            session.Run.Batch.Fill([new Example([.. ids], [.. ids])], [0]);
            loaded.Model.Forward(session.Run);
            ids.Add(sampler.Choose(loaded.Model.ForwardTile(session.Run.Tile(session.Run.Rows - 1, rows: 1)).Row(0), n));
        }
        Assert.Equal(ids.Skip(prompt.Length), cached);
    }

    private static PeftOptions Options(string checkpoint, string? adapter)
    {
        if (adapter is null)
            return new NoPeftOptions();
        using GoldenSet golden = GoldenSet.Open(checkpoint, adapter);
        return PeftCase.Options(golden);
    }
}
