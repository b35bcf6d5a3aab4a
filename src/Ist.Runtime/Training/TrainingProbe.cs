using Ist.Runtime.Data;
using Ist.Runtime.Numerics;
using Ist.Runtime.Sparse;

namespace Ist.Runtime.Training;

/// <summary>Probes the model for a selection policy, on training rows in a shuffled order of their own.</summary>
internal sealed class TrainingProbe : IProbe
{
    private readonly Evaluator _evaluator;
    private readonly DataSet _data;
    private readonly BatchOrder _order;
    private readonly int[] _rows;
    private readonly int _lowestKept;
    private int _step;

    public TrainingProbe(Evaluator evaluator, DataSet data, int rows, ulong seed, int lowestKept)
    {
        _lowestKept = lowestKept;
        _evaluator = evaluator;
        _data = data;
        _order = new BatchOrder(data.Examples.Count, RandomKey.For(seed, RandomUse.ProbeRows));
        _rows = new int[rows];
    }

    /// <summary>Goes on behind the rows of earlier events.</summary>
    public void Seek(long events) => _order.Seek(events * _rows.Length);

    /// <summary>Takes the rows of the next event.</summary>
    /// <param name="step">Optimizer steps done so far.</param>
    public void Begin(int step)
    {
        _step = step;
        _order.Next(_rows);
    }

    /// <inheritdoc/>
    public void Measure(float[][] adapterScales, Span<double> losses)
    {
        _evaluator.Losses(_data, _rows, adapterScales, _lowestKept, losses);
        foreach (double loss in losses)
        {
            if (!double.IsFinite(loss))
                throw new RunException($"Step {_step + 1}: the loss of a probe is {loss}; lower the learning rate or check the data; checkpoints written before are whole.");
        }
    }
}
