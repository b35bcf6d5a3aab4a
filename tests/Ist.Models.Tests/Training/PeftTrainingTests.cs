using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;
using Ist.TestSupport;

namespace Ist.Models.Tests.Training;

/// <summary>The methods beside LoRA in the hands of a trainer with IST.</summary>
public sealed class PeftTrainingTests
{
    private static TrainingOptions Numbers => TrainedLlama.Options with { MicroBatchSize = 3 };

    public static TheoryData<string> Methods => ["dora", "vera", "ia3", "ln", "bottleneck"];

    [Theory]
    [MemberData(nameof(Methods))]
    public void The_loss_falls_with_IST(string method)
    {
        using var llama = new TrainedLlama(Numbers with { LearningRate = .03 }, TrainedLlama.Ist, Options(method, dropout: 0));
        double before = llama.Trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss;
        while (llama.Trainer.StepsDone < Numbers.Steps)
            llama.Trainer.Step();
        double fall = before - llama.Trainer.Evaluator.Evaluate(TrainedLlama.Data).Loss;
        Assert.True(fall > .1, $"{method}: {fall}");
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_layer_that_is_not_active_in_a_step_does_not_change_in_it(string method)
    {
        using var llama = new TrainedLlama(Numbers, TrainedLlama.Ist, Options(method));
        for (int step = 0; step < 12; step++)
        {
            float[][] before = llama.Values();
            llama.Trainer.Step();
            float[][] after = llama.Values();
            for (int i = 0; i < before.Length; i++)
            {
                Parameter parameter = llama.Trainer.Parameters.All[i];
                if (parameter.Layer >= 0 && !llama.Trainer.Selected.Trains(parameter.Layer))
                    Assert.Equal(before[i], after[i]);
                // What zeros are multiplied with has no gradient before these have changed: LoRA's A, VeRA's d.
                else if (parameter.Initial != Initial.KaimingUniform && !parameter.Key.EndsWith("vera_lambda_d", StringComparison.Ordinal))
                    Assert.NotEqual(before[i], after[i]);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void One_thread_and_two_give_the_same_bits(string method)
    {
        Assert.Equal(Trained(1), Trained(2));

        float[][] Trained(int threads)
        {
            using var llama = new TrainedLlama(Numbers, TrainedLlama.Ist, Options(method), threads);
            while (llama.Trainer.StepsDone < Numbers.Steps)
                llama.Trainer.Step();
            return llama.Values();
        }
    }

    [Theory]
    [MemberData(nameof(Methods))]
    public void A_step_allocates_nothing_after_warm_up(string method)
    {
        using var llama = new TrainedLlama(Numbers, TrainedLlama.Ist, Options(method), threads: 2);
        for (int step = 0; step < 8; step++)
            llama.Trainer.Step();
        Assert.Equal(0, Allocations.Of(() =>
        {
            for (int step = 8; step < 16; step++)
                llama.Trainer.Step();
        }));
    }

    private static PeftOptions Options(string method, double dropout = .1) => method switch
    {
        "dora" => new LoraOptions(TrainedLlama.Lora(dropout).Config with { UseDora = true }, "the test"),
        "vera" => new VeraOptions(new VeraConfig { TargetModules = ModuleSelector.AllLinear, R = 16, VeraDropout = dropout }, "the test"),
        "ln" => new LnTuningOptions(new LnTuningConfig { TargetModules = ModuleSelector.OfNames(LnTuningDefaults.Of("llama")!) }, "the test"),
        "bottleneck" => new BottleneckOptions(
            new BottleneckConfig { TargetModules = ModuleSelector.OfNames(["up_proj", "down_proj"]), BottleneckSize = 8, AdapterDropout = dropout }, "the test"),
        _ => new Ia3Options(new Ia3Config { TargetModules = ModuleSelector.AllLinear, FeedforwardModules = ModuleSelector.OfNames(["down_proj"]) }, "the test"),
    };
}
