using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Tests.Training;
using Ist.Runtime.Training;

namespace Ist.Runtime.Tests.Evaluation;

public sealed class LogLikelihoodTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(20)]
    public void They_add_up_to_the_loss_in_any_batch(int sequences)
    {
        DataSet data = TinyData.Rows(13, seed: 6);
        using var device = new CpuDevice(2);
        using var session = new EvaluationSession(device, new TinyCausalLm(3), TinyCausalLm.Widths, sequences, TinyData.MaxLength);

        double[] sums = session.Evaluator.LogLikelihoods(data);

        EvaluationResult whole = session.Evaluator.Evaluate(data);
        // The same losses in F32, added up in another order.
        Assert.Equal(whole.Loss * whole.Tokens, -sums.Sum(), 1e-5);
        for (int i = 0; i < data.Rows; i++)
        {
            EvaluationResult one = session.Evaluator.Evaluate(new DataSet([data.Examples[i]]));
            Assert.Equal(one.Loss * one.Tokens, -sums[i], 1e-6);
        }
    }
}
