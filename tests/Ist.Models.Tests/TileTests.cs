using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>
/// However the rows of a batch are cut into tiles, what is computed for each has the same bits; gradients of what a head trains are sums over
/// rows, whose order may move the last bits.
/// </summary>
public sealed class TileTests
{
    // Sums over 40 rows in six tiles move by up to 2e-7 of a tensor's largest gradient.
    private const double Tolerance = 1e-6;

    public static TheoryData<string, string> Heads
    {
        get
        {
            var heads = new TheoryData<string, string>();
            // A head of its own, a tied one, one behind a cap, one with a bias, one whose input is the stack's last value.
            foreach (string checkpoint in (string[])["llama-mha", "llama-gqa-tied-rope3", "gemma2", "gptj", "opt"])
            {
                foreach (string method in (string[])["full", "lora", "dora", "ia3", "bottleneck", "vera"])
                    heads.Add(checkpoint, method);
            }
            return heads;
        }
    }

    [Theory]
    [MemberData(nameof(Heads))]
    public void Tiles_give_what_one_gives(string checkpoint, string method)
    {
        Result one = Compute(checkpoint, method, tileRows: 100), tiles = Compute(checkpoint, method, ModelUnderTest.TileRows);

        Assert.Equal(one.Loss, tiles.Loss);
        Assert.Equal(one.EvaluationLoss, tiles.EvaluationLoss);
        Assert.Equal(one.Logits, tiles.Logits);
        Assert.Equal(one.Gradients.Keys, tiles.Gradients.Keys);
        Assert.Contains(one.Gradients, g => IsOfHead(g.Key, checkpoint));
        foreach ((string key, float[] expected) in one.Gradients)
        {
            if (IsOfHead(key, checkpoint))
                Golden.Tolerance.Within(Tolerance * expected.Max(Math.Abs), Array.ConvertAll(expected, g => (double)g), tiles.Gradients[key], key);
            else
                Assert.Equal(expected, tiles.Gradients[key]);
        }
        Assert.True(tiles.Arena < one.Arena);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("lora")]
    public void Tiles_of_the_usual_size_add_up_a_heads_gradient_to_the_same_bits(string method)
    {
        Result one = Compute("llama-mha", method, tileRows: 1000, sequences: 6, time: 100), tiles = Compute("llama-mha", method, Tiles.MostRows, sequences: 6, time: 100);

        Assert.Equal(one.Loss, tiles.Loss);
        Assert.Equal(one.Gradients.Values, tiles.Gradients.Values);
    }

    [Theory]
    [InlineData("full")]
    [InlineData("lora")]
    public void Tiles_have_the_same_bits_at_any_thread_count(string method)
    {
        Result alone = Compute("gemma2", method, tileRows: 17, sequences: 3, time: 50, threads: 1);

        foreach (int threads in (int[])[2, 7])
        {
            Result team = Compute("gemma2", method, tileRows: 17, sequences: 3, time: 50, threads: threads);
            Assert.Equal(alone.Loss, team.Loss);
            Assert.Equal(alone.Gradients.Values, team.Gradients.Values);
        }
    }

    [Fact]
    public void A_step_over_tiles_allocates_nothing()
    {
        using ModelUnderTest model = Make("gemma2", "lora", ModelUnderTest.TileRows, 4, 10, 1);
        model.ForwardBackward();

        Assert.Equal(0, Ist.TestSupport.Allocations.Of(() => model.ForwardBackward()));
    }

    private static bool IsOfHead(string key, string checkpoint) =>
        key.Contains("lm_head", StringComparison.Ordinal)
        || (checkpoint is "llama-gqa-tied-rope3" or "gemma2" or "opt" && key.Contains("embed_tokens", StringComparison.Ordinal));

    private static Result Compute(string checkpoint, string method, int tileRows, int sequences = 4, int time = 10, int threads = 2)
    {
        using ModelUnderTest model = Make(checkpoint, method, tileRows, sequences, time, threads);
        // The mask of the head's dropout is the batch's, whatever the tiles.
        model.Run.Training = true;
        double loss = model.ForwardBackward();
        Assert.Equal(model.Memory.Plan.Total, model.Memory.Size);
        Dictionary<string, float[]> gradients = model.Parameters.All.ToArray().ToDictionary(p => p.Key, p => model.Gradient(p.Key).ToArray());
        model.Run.Training = false;
        return new Result(loss, model.Forward(), model.Logits.ToArray(), gradients, model.Memory.Size);
    }

    private static unsafe ModelUnderTest Make(string checkpoint, string method, int tileRows, int sequences, int time, int threads)
    {
        ModuleSelector targets = ModuleSelector.OfPattern(@"lm_head|.*\.(q_proj|fc1|fc_in|down_proj)", "the test");
        PeftOptions options = method switch
        {
            "full" => new FullOptions(),
            "bottleneck" => new BottleneckOptions(new BottleneckConfig { TargetModules = targets, BottleneckSize = 5, UseParallelAdapter = true }, "the test"),
            "ia3" => new Ia3Options(new Ia3Config { TargetModules = targets, FeedforwardModules = ModuleSelector.OfPattern(".*(fc1|fc_in|down_proj)", "the test") }, "the test"),
            "vera" => new VeraOptions(new VeraConfig { TargetModules = targets, R = 5, VeraDropout = 0.3 }, "the test"),
            _ => new LoraOptions(new LoraAdapterConfig { TargetModules = targets, UseDora = method == "dora", LoraDropout = 0.3 }, "the test"),
        };
        var model = new ModelUnderTest(checkpoint, options, null, threads: threads, batch: test => Batch(test, sequences, time), tileRows: tileRows);
        var random = new Random(1);
        foreach (Parameter parameter in model.Parameters.All)
        {
            for (int i = 0; i < parameter.Count; i++)
                parameter.Value[i] += random.NextSingle() * 0.2f - 0.1f;
        }
        return model;
    }

    // Some labels are ignored, and the rows of the second sequence are padded.
    private static Batch Batch(ModelUnderTest test, int sequences, int time)
    {
        var random = new Random(2);
        var batch = new Batch(sequences, time, test.Model.Contents.VirtualTokens);
        long[] ids = [.. Enumerable.Range(0, sequences * time).Select(_ => random.NextInt64(test.Vocab))];
        long[] mask = [.. ids.Select((_, i) => i >= 2 * time - 3 && i < 2 * time ? 0L : 1L)], labels = [.. ids.Select(id => id % 5 == 0 ? Runtime.Data.Batch.Ignored : id)];
        batch.Fill(ids, mask, labels, sequences, time, test.Vocab);
        return batch;
    }

    private sealed record Result(double Loss, double EvaluationLoss, float[] Logits, Dictionary<string, float[]> Gradients, long Arena);
}
