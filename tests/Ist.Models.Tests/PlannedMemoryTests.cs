using Ist.Models.Tests.Golden;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests;

/// <summary>However buffers share space, what is computed has the same bits, and the plan says what is taken.</summary>
public sealed class PlannedMemoryTests
{
    public static TheoryData<string, string> Models
    {
        get
        {
            var models = new TheoryData<string, string>();
            foreach (TheoryDataRow<string> checkpoint in GoldenSet.Checkpoints)
            {
                models.Add(checkpoint.Data, "full");
                foreach (string method in (string[])["lora", "dora", "vera", "ia3"])
                {
                    if (Directory.Exists(Path.Combine(GoldenSet.CheckpointPath(checkpoint.Data), "peft", method)))
                        models.Add(checkpoint.Data, method);
                }
            }
            return models;
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void Fewer_buffers_give_the_same_bits(string checkpoint, string method)
    {
        using GoldenSet golden = Open(checkpoint, method);
        Result all = Compute(checkpoint, method, golden, null);
        Result recomputed = Compute(checkpoint, method, golden, KeptLayers.All with { Recomputed = true });

        Assert.Equal(all.Loss, recomputed.Loss);
        Assert.True(all.Logits.SequenceEqual(recomputed.Logits));
        Assert.Equal(all.Gradients, recomputed.Gradients);
        Assert.True(recomputed.Saved < all.Saved, $"{recomputed.Saved} bytes are not less than {all.Saved}");
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("dora")]
    [InlineData("vera")]
    [InlineData("ia3")]
    public void A_step_that_trains_one_layer_gives_that_layers_bits(string method)
    {
        using GoldenSet golden = Open("llama-gqa-tied-rope3", method);
        for (int layer = 0; layer < 3; layer++)
        {
            Result all = Compute("llama-gqa-tied-rope3", method, golden, null, layer);
            Result one = Compute("llama-gqa-tied-rope3", method, golden, new KeptLayers(1), layer);
            Result above = Compute("llama-gqa-tied-rope3", method, golden, new KeptLayers(1, layer), layer);
            Result recomputed = Compute("llama-gqa-tied-rope3", method, golden, new KeptLayers(1, layer, Recomputed: true), layer);

            Assert.All(new[] { one, above, recomputed }, fewer => Assert.Equal(all.Gradients, fewer.Gradients));
            Assert.True(one.Saved < all.Saved && above.Saved <= one.Saved && recomputed.Saved < one.Saved);
        }
    }

    [Theory]
    [InlineData("lora")]
    [InlineData("dora")]
    [InlineData("vera")]
    [InlineData("ia3")]
    public void Layers_that_share_buffers_may_have_adapters_of_other_kinds(string method)
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        Result all = Compute(null), one = Compute(new KeptLayers(1)), recomputed = Compute(new KeptLayers(1, 0, Recomputed: true));

        Assert.Contains(all.Gradients, value => value != 0);
        Assert.All(new[] { one, recomputed }, fewer => Assert.Equal(all.Gradients, fewer.Gradients));

        Result Compute(KeptLayers? kept)
        {
            using ModelUnderTest model = SharedBufferTests.Make(golden, method, Purpose.Training, kept);
            model.Plan.TrainOnly([1]);
            return Of(model);
        }
    }

    [Fact]
    public void Nothing_that_stood_in_a_shared_buffer_before_counts()
    {
        using GoldenSet golden = GoldenSet.Open("llama-gqa-tied-rope3", "lora");
        using ModelUnderTest model = PeftCase.Load("llama-gqa-tied-rope3", golden, dropout: 0.2);
        model.Run.Training = true;
        model.Plan.TrainOnly([1]);
        double loss = model.ForwardBackward();
        float[] gradients = Gradients(model);

        model.FillActivations(float.NaN);

        Assert.Equal(loss, model.ForwardBackward());
        Assert.Equal(gradients, Gradients(model));
    }

    [Theory]
    [InlineData(Purpose.Evaluation)]
    [InlineData(Purpose.Generation)]
    public void Without_a_backward_pass_layers_share_all_their_buffers(Purpose purpose)
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        using ModelUnderTest trained = new("llama-mha", new NoPeftOptions(), golden), read = new("llama-mha", new NoPeftOptions(), golden, purpose: purpose);

        Assert.Equal(0, read.Memory.Plan[MemoryKind.SavedActivations]);
        Assert.True(read.Memory.Plan[MemoryKind.Scratch] <= trained.Memory.Plan[MemoryKind.Scratch]);
        Assert.Equal(read.Memory.Plan.Total, read.Memory.Size);
    }

    [Fact]
    public void An_arena_refuses_a_plan_that_it_was_not_made_for()
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha");
        using var model = new ModelUnderTest("llama-mha", new FullOptions(), golden, kept: new KeptLayers(1, 2));
        var plan = new Runtime.Sparse.LayerPlan(model.Model.LayerCount, trainsInput: false);

        plan.TrainOnly([1]);
        Assert.Throws<InvalidOperationException>(() => model.Model.Forward(model.Run, plan));
        plan.TrainAll();
        Assert.Throws<InvalidOperationException>(() => model.Model.Forward(model.Run, plan));
        plan.TrainOnly([2]);
        model.Model.Forward(model.Run);
        Assert.Throws<InvalidOperationException>(() => model.Model.Backward(model.Run, plan));
    }

    private static GoldenSet Open(string checkpoint, string method) => method == "full" ? GoldenSet.Open(checkpoint) : GoldenSet.Open(checkpoint, method);

    private static Result Compute(string checkpoint, string method, GoldenSet golden, KeptLayers? kept, int? layer = null)
    {
        using ModelUnderTest model = method == "full"
            ? new ModelUnderTest(checkpoint, new FullOptions(), golden, kept: kept)
            : PeftCase.Load(checkpoint, golden, dropout: 0, kept);
        if (layer is int only)
            model.Plan.TrainOnly([only]);
        return Of(model);
    }

    private static Result Of(ModelUnderTest model)
    {
        double loss = model.Forward();
        float[] logits = model.Logits.ToArray();
        model.ForwardBackward();
        Assert.Equal(model.Memory.Plan.Total, model.Memory.Size);
        return new Result(loss, logits, Gradients(model), model.Memory.Plan[MemoryKind.SavedActivations]);
    }

    private static unsafe float[] Gradients(ModelUnderTest model)
    {
        var all = new List<float>();
        foreach (Parameter parameter in model.Parameters.All)
            all.AddRange(new ReadOnlySpan<float>(parameter.Gradient, (int)parameter.Count));
        return [.. all];
    }

    private sealed record Result(double Loss, float[] Logits, float[] Gradients, long Saved);
}
