using Ist.Models.Tests.Golden;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Models.Tests;

/// <summary>Sums of ln p over a text's last tokens, against Hugging Face's logits in double precision, and batched against alone.</summary>
public sealed class LogLikelihoodTests
{
    [Theory]
    [InlineData("llama-mha")]
    [InlineData("mistral-swa")]
    [InlineData("gpt2")]
    [InlineData("bloom")]
    public void Those_of_the_stored_logits(string checkpoint)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath(checkpoint), _ => new NoPeftOptions());
        (DataSet data, double[] expected) = Continuations(golden, loaded.Config.Widths.Of<Vocab>());

        double[] together = Measure(loaded, data, data.Rows), alone = Measure(loaded, data, 1);

        Assert.True(data.Examples.Select(example => example.Tokens.Length).Distinct().Count() > 1);
        for (int i = 0; i < expected.Length; i++)
        {
            // Measured: at most 7e-6, in sums down to -135.
            Assert.Equal(expected[i], together[i], 2.5e-5);
            // Measured: the same bits, with up to twelve rows and one.
            Assert.Equal(alone[i], together[i], 1e-6);
        }
    }

    // Each row of the batch with one token given, with half of them, and with all but the last.
    private static (DataSet Data, double[] Expected) Continuations(GoldenSet golden, int vocabulary)
    {
        long[] ids = golden.Longs("input_ids"), mask = golden.Longs("attention_mask");
        double[] logits = golden.Doubles("logits64");
        (int sequences, int time) = ((int)golden.Shape("input_ids")[0], (int)golden.Shape("input_ids")[1]);
        var examples = new List<Example>();
        var expected = new List<double>();
        for (int s = 0; s < sequences; s++)
        {
            int real = (int)mask.AsSpan(s * time, time).ToArray().Sum();
            foreach (int given in new[] { 1, real / 2, real - 1 })
            {
                int[] tokens = [.. ids.Skip(s * time).Take(real).Select(id => (int)id)];
                examples.Add(new Example(tokens, [.. tokens.Select((id, t) => t < given ? Example.Ignored : id)]));
                expected.Add(Enumerable.Range(given, real - given).Sum(t => LogProbability(logits.AsSpan((s * time + t - 1) * vocabulary, vocabulary), tokens[t])));
            }
        }
        return (new DataSet(examples), [.. expected]);
    }

    private static double LogProbability(ReadOnlySpan<double> logits, int token)
    {
        double max = double.NegativeInfinity, sum = 0;
        foreach (double logit in logits)
            max = Math.Max(max, logit);
        foreach (double logit in logits)
            sum += Math.Exp(logit - max);
        return logits[token] - max - Math.Log(sum);
    }

    private static double[] Measure(LoadedModel loaded, DataSet data, int sequences)
    {
        using var device = new CpuDevice(2);
        using var session = new EvaluationSession(device, loaded.Model, loaded.Config.Widths, sequences, data.Longest);
        return session.Evaluator.LogLikelihoods(data);
    }
}
