using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Evaluation;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
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
    private float[] _copy = [];
    private int[] _order = [];

    internal Evaluator(IModel model, Run run, Act<One> losses, int sequences, int maxLength)
    {
        _model = model;
        _run = run;
        _losses = losses;
        _rows = new int[sequences];
        _maxLength = maxLength;
    }

    /// <summary>The loss over all examples, in their order; token losses are added up in double precision.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="progress">Is told what share of the examples is done.</param>
    /// <exception cref="InputException">An example is longer than the buffers.</exception>
    public EvaluationResult Evaluate(DataSet data, IProgress<double>? progress = null)
    {
        RequireFits(data, _maxLength);
        double sum = 0;
        long tokens = 0;
        ConfusionMatrix? labels = _model is ISequenceClassifier ? new ConfusionMatrix(_model.Logits.Width) : null;
        for (int first = 0; first < data.Examples.Count; first += _rows.Length)
        {
            int count = Math.Min(_rows.Length, data.Examples.Count - first);
            for (int i = 0; i < count; i++)
                _rows[i] = first + i;
            sum += Sum(data, _rows.AsSpan(0, count), ref tokens);
            for (int i = 0; i < count && labels is not null; i++)
            {
                if (data.Examples[first + i].Class != Batch.Ignored)
                    labels.Add(data.Examples[first + i].Class, Likeliest(i));
            }
            progress?.Report((double)(first + count) / data.Examples.Count);
        }
        return new EvaluationResult(sum / tokens, tokens, labels?.Accuracy.Value, labels);
    }

    /// <summary>For each example the sum of ln p over its trained tokens. They pass through the model with others of their length.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="progress">Is told what share of the tokens is done.</param>
    /// <exception cref="InputException">An example is longer than the buffers.</exception>
    public double[] LogLikelihoods(DataSet data, IProgress<double>? progress = null)
    {
        RequireFits(data, _maxLength);
        double[] sums = new double[data.Rows];
        long tokens = 0;
        foreach (int[] rows in LongestFirst(data, progress))
        {
            Sum(data, rows, ref tokens);
            for (int i = 0; i < rows.Length; i++)
                sums[rows[i]] = LogLikelihood(i);
        }
        return sums;
    }

    /// <summary>For each example the label that a classifier gives it; the first of equally likely ones.</summary>
    /// <param name="data">The examples.</param>
    /// <param name="progress">Is told what share of the tokens is done.</param>
    /// <exception cref="InputException">An example is longer than the buffers.</exception>
    /// <exception cref="RunException">The logits are not numbers.</exception>
    public int[] Classify(DataSet data, IProgress<double>? progress = null)
    {
        RequireFits(data, _maxLength);
        int[] labels = new int[data.Rows];
        long tokens = 0;
        foreach (int[] rows in LongestFirst(data, progress))
        {
            double loss = Sum(data, rows, ref tokens);
            if (!double.IsFinite(loss))
                throw new RunException($"The loss is {loss}; the model or its adapter is damaged.");
            for (int i = 0; i < rows.Length; i++)
                labels[rows[i]] = Likeliest(i);
        }
        return labels;
    }

    /// <summary>The tokens that the loss over all examples is the mean of.</summary>
    public long TrainedTokensOf(DataSet data) => data.Examples.Sum(example => (long)_run.Batch.TrainedTokensOf(example));

    /// <summary>Refuses data with examples that do not fit into buffers.</summary>
    internal static void RequireFits(DataSet data, int maxLength)
    {
        if (data.Longest > maxLength)
            throw new InputException($"The longest example has {data.Longest} tokens, but the run is laid out for {maxLength}; raise max-length or cut the data.");
    }

    /// <summary>
    /// The losses of some examples with the adapters of each layer scaled in several ways. Layers that two neighbours have in common are
    /// computed once, so the bits are those of passes of their own. Allocates nothing after its first call.
    /// </summary>
    /// <param name="data">The examples.</param>
    /// <param name="rows">Those to measure.</param>
    /// <param name="adapterScales">For each loss the scale of each layer.</param>
    /// <param name="lowestKept">The lowest layer whose input a forward pass leaves.</param>
    /// <param name="losses">The losses, nats per trained token.</param>
    internal void Losses(DataSet data, ReadOnlySpan<int> rows, float[][] adapterScales, int lowestKept, Span<double> losses)
    {
        if (_order.Length != adapterScales.Length)
            _order = new int[adapterScales.Length];
        SharedLayers.Order(adapterScales, _order);
        losses.Clear();
        long tokens = 0;
        for (int first = 0; first < rows.Length; first += _rows.Length)
        {
            Fill(data, rows.Slice(first, Math.Min(_rows.Length, rows.Length - first)));
            float[]? before = null;
            foreach (int k in _order)
            {
                losses[k] += Pass(adapterScales[k], SharedLayers.First(before, adapterScales[k], lowestKept));
                before = adapterScales[k];
            }
            tokens += _model.RowsOf(_run).Trained;
        }
        foreach (ref double loss in losses)
            loss /= tokens;
    }

    private IEnumerable<int[]> LongestFirst(DataSet data, IProgress<double>? progress)
    {
        long done = 0;
        foreach (int[] rows in Enumerable.Range(0, data.Rows).OrderByDescending(i => data.Examples[i].Tokens.Length).Chunk(_rows.Length))
        {
            yield return rows;
            done += rows.Sum(row => (long)data.Examples[row].Tokens.Length);
            progress?.Report((double)done / data.Tokens);
        }
    }

    private unsafe double LogLikelihood(int sequence)
    {
        int time = _run.Batch.Time;
        double sum = 0;
        foreach (float loss in OnHost(_losses.Data + (long)sequence * time, time))
            sum -= loss;
        return sum;
    }

    private unsafe int Likeliest(int sequence)
    {
        int width = _model.Logits.Width, best = 0;
        ReadOnlySpan<float> logits = OnHost(_model.Logits.Data + (long)sequence * width, width);
        for (int label = 1; label < width; label++)
            best = logits[label] > logits[best] ? label : best;
        return best;
    }

    private unsafe ReadOnlySpan<float> OnHost(float* values, int count)
    {
        if (_copy.Length < count)
            _copy = new float[count];
        _run.Device.Download(values, _copy.AsSpan(0, count));
        return _copy.AsSpan(0, count);
    }

    private double Sum(DataSet data, ReadOnlySpan<int> rows, ref long tokens)
    {
        Fill(data, rows);
        double sum = Pass(adapterScales: null, firstLayer: 0);
        tokens += _model.RowsOf(_run).Trained;
        return sum;
    }

    private void Fill(DataSet data, ReadOnlySpan<int> rows)
    {
        _run.Training = false;
        _run.Batch.Fill(data.Examples, rows);
    }

    /// <summary>The sum of the batch's losses; layers below the first are as the pass before left them.</summary>
    private double Pass(float[]? adapterScales, int firstLayer)
    {
        _run.AdapterScales = adapterScales;
        _run.Device.Profile?.Read(_run.Rows);
        if (firstLayer == 0)
            _model.Forward(_run);
        else
            _model.ForwardFrom(_run, firstLayer);
        Run predicted = _model.RowsOf(_run);
        foreach (Run tile in new Tiles(predicted, _model.TileRows))
            CrossEntropy.Forward(tile, _losses.From(tile.FirstRow), _model.ForwardTile(tile));
        _run.AdapterScales = null;
        return CrossEntropy.Sum(predicted, _losses) + predicted.Trained * _model.Contents.AuxiliaryLoss;
    }
}
