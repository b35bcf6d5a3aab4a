using Ist.Models.Tests.Golden;
using Ist.Models.Tests.Training;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Models.Tests;

/// <summary>AdapterHub's adapters beside the stored numbers: derivatives, suppression, layers left out, files.</summary>
public sealed class BranchAdapterTests
{
    /// <summary>It is a factor that the host reads, and has no value before there is a run.</summary>
    [Fact]
    public void A_learned_scaling_can_be_planned()
    {
        using GoldenSet golden = GoldenSet.Open("bert-cls", "adapters/parallel_learned");
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath("bert-cls"), _ => PeftCase.Options(golden));
        RunPlan plan = RunPlan.Of(loaded.Model, loaded.Config.Widths, TrainedLlama.Options, new AllLayers(loaded.Model.LayerCount));
        Assert.True(plan.Work.Total > 0);
        KernelSurvey.RequireTrainingOnGpu(loaded.Model, loaded.Config.Widths, TrainedLlama.Options);
    }

    [Theory]
    [InlineData("llama-mha", "houlsby", 0.0)]
    [InlineData("llama-mha", "houlsby", 0.3)]
    [InlineData("llama-mha", "pfeiffer", 0.0)]
    [InlineData("llama-mha", "pfeiffer", 0.3)]
    [InlineData("llama-mha", "parallel", 0.0)]
    [InlineData("llama-mha", "parallel", 0.3)]
    [InlineData("bert-cls", "pfeiffer", 0.3)]
    [InlineData("gptj", "parallel", 0.3)]
    public unsafe void Slope_along_the_gradient(string checkpoint, string adapter, double dropout)
    {
        const double epsilon = 2e-3;
        using GoldenSet golden = GoldenSet.Open(checkpoint, "adapters/" + adapter);
        using ModelUnderTest test = PeftCase.Load(checkpoint, golden, dropout);
        test.Run.Training = true;
        test.ForwardBackward();
        Parameter[] parameters = test.Parameters.All.ToArray();
        float[][] direction = [.. parameters.Select(p => new ReadOnlySpan<float>(p.Gradient, (int)p.Count).ToArray())];
        double norm = Math.Sqrt(direction.Sum(d => d.Sum(g => (double)g * g)));

        Assert.Equal(norm, (LossAt(+epsilon) - LossAt(-2 * epsilon)) / (2 * epsilon), norm * 5e-3);

        double LossAt(double step)
        {
            for (int i = 0; i < parameters.Length; i++)
            {
                for (int j = 0; j < direction[i].Length; j++)
                    parameters[i].Value[j] += (float)(step * direction[i][j] / norm);
            }
            return test.Forward();
        }
    }

    [Theory]
    [InlineData("llama-mha", "houlsby")]
    [InlineData("llama-mha", "pfeiffer")]
    [InlineData("gptj", "parallel")]
    [InlineData("bert-cls", "pfeiffer")]
    [InlineData("bert-cls", "parallel_learned")]
    public unsafe void Suppression_damps_what_an_adapter_adds(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, "adapters/" + adapter);
        using ModelUnderTest plain = PeftCase.Load(checkpoint, golden), suppressed = PeftCase.Load(checkpoint, golden), weaker = PeftCase.Load(checkpoint, golden);
        suppressed.Run.AdapterScales = [1, 0.25f, 1];
        foreach (Parameter parameter in weaker.Parameters.All)
        {
            for (int i = 0; i < parameter.Count && parameter.Layer == 1 && parameter.Key.Contains("adapter_up", StringComparison.Ordinal); i++)
                parameter.Value[i] *= 0.25f;
        }
        double expected = weaker.Forward(), actual = suppressed.Forward();
        Assert.Equal(expected, actual, 1e-6 * expected);
        Assert.True(Math.Abs(plain.Forward() - actual) > 1e-4);
    }

    [Fact]
    public void A_layer_that_is_left_out_has_no_adapter_and_shares_buffers_with_those_that_have()
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha", "adapters/pfeiffer");
        var all = (BranchAdapterOptions)PeftCase.Options(golden);
        var some = new BranchAdapterOptions(all.Config with { LeaveOut = [0, 2] }, all.Source);
        using var model = new ModelUnderTest("llama-mha", some, golden);
        Assert.All(model.Parameters.All.ToArray(), parameter => Assert.Equal(1, parameter.Layer));
        Assert.Equal(["model.layers.1.output_adapters"], model.Model.Contents.Slots.Where(s => s.Description is not null).Select(s => s.Module));
        model.ForwardBackward();

        var none = new BranchAdapterOptions(all.Config with { LeaveOut = [0, 1, 2] }, all.Source);
        Assert.Contains("no adapter behind any", Assert.Throws<InputException>(() => new ModelUnderTest("llama-mha", none, golden)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-mha", "houlsby")]
    [InlineData("llama-mha", "pfeiffer")]
    [InlineData("llama-mha", "parallel")]
    [InlineData("bert-cls", "parallel_learned")]
    public void A_configuration_is_rewritten_letter_for_letter(string checkpoint, string adapter)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint, "adapters/" + adapter);
        Assert.Equal(File.ReadAllText(Path.Combine(golden.Folder, AdapterFolder.ConfigFile)), PeftCase.Options(golden).ToAdapterConfig([]));
    }

    [Theory]
    [InlineData("\"ln_before\": false", "\"ln_before\": true", "'config.ln_before' is 'true', only false is supported")]
    [InlineData("\"residual_before_ln\": true", "\"residual_before_ln\": \"post_add\"", "'config.residual_before_ln' is '\"post_add\"'")]
    [InlineData("\"phm_layer\": false", "\"phm_layer\": true", "'config.phm_layer'")]
    [InlineData("\"scaling\": 1.0", "\"scaling\": \"channel\"", "'config.scaling' is 'channel', expected a number or 'learned'")]
    [InlineData("\"non_linearity\": \"relu\"", "\"non_linearity\": \"leakyrelu\"", "'config.non_linearity' is 'leakyrelu', expected one of")]
    [InlineData("\"ln_after\": false", "\"architecture\": \"prefix_tuning\"", "'config.architecture' is 'prefix_tuning'")]
    public void What_can_not_be_computed_is_refused(string stored, string changed, string expected)
    {
        using GoldenSet golden = GoldenSet.Open("llama-mha", "adapters/pfeiffer");
        string json = File.ReadAllText(Path.Combine(golden.Folder, AdapterFolder.ConfigFile)).Replace(stored, changed, StringComparison.Ordinal);
        var config = JsonConfig.Parse(System.Text.Encoding.UTF8.GetBytes(json), "adapter_config.json");
        Assert.Contains(expected, Assert.Throws<InputException>(() => PeftTypes.Read(config, out _)).Message, StringComparison.Ordinal);
    }
}
