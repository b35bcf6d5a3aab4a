using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// Measures the mean loss per trained token, in evaluation mode: no dropout. It runs the forward pass over buffers that are
/// there already, so a training run evaluates without further memory.
/// </summary>
public sealed class Evaluator
{
    private readonly IModel _model;
    private readonly Run _run;
    private readonly Act<One> _losses;
    private readonly int[] _rows;
    private readonly int _maxLength;

    internal Evaluator(IModel model, Run run, Act<One> losses, int sequences, int maxLength)
    {
        _model = model;
        _run = run;
        _losses = losses;
        _rows = new int[sequences];
        _maxLength = maxLength;
    }

    /// <summary>The loss over all examples, in their order; token losses are added up in double precision.</summary>
    /// <exception cref="InputException">An example is longer than the buffers.</exception>
    public EvaluationResult Evaluate(DataSet data)
    {
        RequireFits(data, _maxLength);
        double sum = 0;
        long tokens = 0, right = 0;
        for (int first = 0; first < data.Examples.Count; first += _rows.Length)
        {
            int count = Math.Min(_rows.Length, data.Examples.Count - first);
            for (int i = 0; i < count; i++)
                _rows[i] = first + i;
            sum += Sum(data, _rows.AsSpan(0, count), null, ref tokens);
            right += _model is ISequenceClassifier ? RightLabels() : 0;
        }
        return new EvaluationResult(sum / tokens, tokens, _model is ISequenceClassifier ? (double)right / tokens : null);
    }

    /// <summary>The tokens that the loss over all examples is the mean of.</summary>
    public long TrainedTokensOf(DataSet data) => data.Examples.Sum(example => (long)_run.Batch.TrainedTokensOf(example));

    /// <summary>Refuses data with examples that do not fit into buffers.</summary>
    internal static void RequireFits(DataSet data, int maxLength)
    {
        if (data.Longest > maxLength)
            throw new InputException($"The longest example has {data.Longest} tokens, but the run is laid out for {maxLength}; raise max-length or cut the data.");
    }

    /// <summary>The loss of some examples, with the adapters of each layer scaled. Allocates nothing.</summary>
    internal double Loss(DataSet data, ReadOnlySpan<int> rows, float[]? adapterScales)
    {
        double sum = 0;
        long tokens = 0;
        for (int first = 0; first < rows.Length; first += _rows.Length)
            sum += Sum(data, rows.Slice(first, Math.Min(_rows.Length, rows.Length - first)), adapterScales, ref tokens);
        return sum / tokens;
    }

    private unsafe int RightLabels()
    {
        int right = 0;
        for (int row = 0; row < _run.Batch.Sequences; row++)
        {
            Span<float> logits = _model.Logits.Row(row);
            int best = 0;
            for (int label = 1; label < logits.Length; label++)
                best = logits[label] > logits[best] ? label : best;
            right += best == _run.Batch.Classes[row] ? 1 : 0;
        }
        return right;
    }

    private double Sum(DataSet data, ReadOnlySpan<int> rows, float[]? adapterScales, ref long tokens)
    {
        _run.Training = false;
        _run.AdapterScales = adapterScales;
        _run.Batch.Fill(data.Examples, rows);
        _run.Device.Profile?.Read(_run.Rows);
        _model.Forward(_run);
        _run.AdapterScales = null;
        Run predicted = _model.RowsOf(_run);
        foreach (Run tile in new Tiles(predicted, _model.TileRows))
            CrossEntropy.Forward(tile, _losses.From(tile.FirstRow), _model.ForwardTile(tile));
        tokens += predicted.Trained;
        return CrossEntropy.Sum(predicted, _losses) + predicted.Trained * _model.Contents.AuxiliaryLoss;
    }
}
