using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// Trains a model. An optimizer step chooses its layers, adds up the gradients of its micro-batches, clips them by their
/// global norm and lets AdamW change the parameters of the chosen layers; nothing is allocated in it. The gradient is that of
/// the mean loss per trained token over all micro-batches, so how a batch is cut does not change what is learnt; an auxiliary loss,
/// which is one of a micro-batch as a whole, counts as much as the micro-batch has trained tokens.
/// </summary>
public sealed class Trainer : IDisposable
{
    private readonly IModel _model;
    private readonly DataSet _data;
    private readonly Arena _arena;
    private readonly DeviceWeights _weights;
    private readonly Batch _batch;
    private readonly Run _run;
    private readonly Act<One> _losses;
    private readonly PackedRows _packed;
    private readonly BatchOrder _order;
    private readonly int[] _rows;
    private readonly TrainingProbe _probe;
    private readonly LearningRateSchedule _schedule;
    private readonly long[] _layerCounts;
    private readonly double[] _layerNumbers;
    private readonly ScaleGradients? _scaleGradients;
    private readonly SavedBytes _saved;

    /// <summary>Takes all memory of the run and gives the parameters their first values.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="model">The model.</param>
    /// <param name="widths">Its widths.</param>
    /// <param name="data">The training set.</param>
    /// <param name="options">The run's numbers.</param>
    /// <param name="policy">Chooses the layers of each step.</param>
    /// <exception cref="InputException">
    /// An option means nothing, the model has nothing to train, an example is too long, or examples are to share rows of a classifier.
    /// </exception>
    /// <exception cref="RunException">The device has not so much memory.</exception>
    public Trainer(Device device, IModel model, Widths widths, DataSet data, TrainingOptions options, ISelectionPolicy policy)
    {
        options.Check();
        Evaluator.RequireFits(data, options.MaxLength);
        Options = options;
        Policy = policy;
        _model = model;
        _data = data;
        Parameters = new ParameterSet(model.Contents);
        if (Parameters.All.IsEmpty)
            throw new InputException("Nothing is trained: the method has no parameters in this model; give the method lora or full, and targets that the model has.");
        _scaleGradients = policy.ObservesScales ? new ScaleGradients(model.Contents, model.LayerCount) : null;
        Optimizer = TrainingLayout.OptimizerOf(model, options, policy);
        device.Require(options.Precision);
        KernelSurvey.RequireTraining(device, model, widths, options);
        _saved = new SavedBytes(model, widths, Parameters, options, policy);
        var layout = new TrainingLayout(model, Parameters, Optimizer, options.PackWeights);
        KeptLayers kept = TrainingLayout.Kept(model, Parameters, options, policy);
        _arena = Arena.Create(device, Purpose.Training, widths, options.Sequences, TrainingLayout.TimeOf(model, options), layout.Reserve, kept, precision: options.Precision);
        _weights = new DeviceWeights(device, model.Contents, options.Precision);
        _losses = layout.Losses;
        _batch = new Batch(options.Sequences, options.MaxLength, model.Contents.VirtualTokens);
        _run = new Run(device, _batch) { Seed = options.Seed, Precision = options.Precision };
        Evaluator = new Evaluator(model, _run, _losses, options.Sequences, options.MaxLength);
        _packed = RowsOf(model, data, options);
        _order = new BatchOrder(_packed.Count, options.DataSeed ?? options.Seed);
        _rows = new int[options.BatchSize];
        _probe = new TrainingProbe(Evaluator, data, policy.ProbeRows, options.DataSeed ?? options.Seed, kept.Lowest);
        _schedule = new LearningRateSchedule(options.Schedule, options.LearningRate, options.WarmupSteps, options.Steps);
        _layerCounts = new long[model.LayerCount];
        _layerNumbers = new double[model.LayerCount];
        Selected = new LayerPlan(model.LayerCount, Parameters.TrainsInput);
        Parameters.Initialise(options.Seed);
    }

    /// <summary>The run's numbers.</summary>
    public TrainingOptions Options { get; }

    /// <summary>Chooses the layers of each step.</summary>
    public ISelectionPolicy Policy { get; }

    /// <summary>The layers of the last step.</summary>
    public LayerPlan Selected { get; }

    /// <summary>The tensors that are trained.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>The optimizer and its moments.</summary>
    public AdamW Optimizer { get; }

    /// <summary>Measures losses over the training run's buffers.</summary>
    public Evaluator Evaluator { get; }

    /// <summary>Optimizer steps done, as Hugging Face's <c>global_step</c>.</summary>
    public int StepsDone { get; private set; }

    /// <summary>Tokens read so far, padding left out.</summary>
    public long TokensRead { get; private set; }

    /// <summary>For each layer, the steps that trained it.</summary>
    public ReadOnlySpan<long> LayerCounts => _layerCounts;

    /// <summary>Passes over the training set so far.</summary>
    public double Epoch => (double)StepsDone * Options.BatchSize / _packed.Count;

    /// <summary>Passes over the training set that the whole run makes, the last one perhaps in part.</summary>
    public int Epochs => (int)(((long)Options.Steps * Options.BatchSize + _packed.Count - 1) / _packed.Count);

    /// <summary>
    /// What a run needs, by kind, without taking it, whatever layers its policy chooses. Called before the trainer is made, since it
    /// lays the model out.
    /// </summary>
    /// <exception cref="InputException">The model's stack is not made for gradient checkpointing, which the options ask for.</exception>
    public static MemoryPlan Plan(IModel model, Widths widths, TrainingOptions options, ISelectionPolicy policy)
    {
        var parameters = new ParameterSet(model.Contents);
        return TrainingLayout.Measure(model, widths, options, policy, TrainingLayout.Kept(model, parameters, options, policy));
    }

    /// <summary>Which examples share a row: each has one of its own unless the options say otherwise.</summary>
    /// <exception cref="InputException">The model is a classifier, which gives one answer for a row, and examples are to share them.</exception>
    public static PackedRows RowsOf(IModel model, DataSet data, TrainingOptions options)
    {
        if (!options.Packing)
            return PackedRows.Apart(data);
        return model is not ISequenceClassifier
            ? PackedRows.Of(data, options.MaxLength, model.Contents.VirtualTokens.Prompt, options.DataSeed ?? options.Seed)
            : throw new InputException("packing is on, but the model classifies texts and gives one label for a row; leave it out.");
    }

    /// <summary>Bytes of the run's memory: what <see cref="Plan"/> says of all kinds but the base weights, which stay in their files.</summary>
    public long ArenaBytes => _arena.Size;

    /// <summary>Does one optimizer step.</summary>
    /// <exception cref="RunException">The loss or the gradient is not a number; the parameters are those of the step before.</exception>
    public StepResult Step()
    {
        int step = StepsDone;
        WorkProfile? profile = _run.Device.Profile;
        profile?.BeginStep();
        if (Policy.NeedsProbe(step))
        {
            _probe.Begin(step);
            Policy.Probe(step, _probe);
        }
        Policy.Select(step, Selected);
        ReadOnlySpan<Parameter> active = Parameters.Active(Selected);
        Parameters.ClearGradients(active);
        _order.Next(_rows);
        long trained = TrainedTokens();
        double loss = Accumulate(step, trained, out long tokens);
        RequireNumber(step, loss, "loss");
        profile?.Begin(StepPhase.Clipping);
        Observe(loss);
        double norm = GradientClipping.Clip(_run, active, Options.MaxGradNorm);
        RequireNumber(step, norm, "gradient's norm");
        double learningRate = _schedule.At(step);
        profile?.Begin(StepPhase.Optimizer);
        Optimizer.Step(_run, active, learningRate);
        for (int l = 0; l < _layerCounts.Length; l++)
            _layerCounts[l] += Selected.Trains(l) ? 1 : 0;
        TokensRead += tokens;
        StepsDone = step + 1;
        profile?.Begin(StepPhase.Between);
        return new StepResult(StepsDone, loss, learningRate, norm, tokens, trained, Selected.Active, Selected.Depth, _saved[Selected]);
    }

    /// <summary>Gives the memory back; the model can't be used until it is laid out anew.</summary>
    public void Dispose()
    {
        _model.Contents.Unpack();
        _batch.Dispose();
        _weights.Dispose();
        _arena.Dispose();
    }

    /// <summary>Stands where a checkpoint was written; parameters and optimizer have been loaded.</summary>
    internal void Resume(string selectionState, int step, long tokensRead)
    {
        SelectionState.Read(selectionState, Policy, step, _layerCounts);
        StepsDone = step;
        TokensRead = tokensRead;
        _order.Seek((long)step * Options.BatchSize);
        long events = 0;
        for (int done = 0; done < step; done++)
            events += Policy.NeedsProbe(done) ? 1 : 0;
        _probe.Seek(events);
    }

    /// <summary>Tells the policy what it asks for: the mean gradient norm of each layer, the gradients by their scales.</summary>
    private void Observe(double loss)
    {
        if (Policy.ObservesGradients)
        {
            for (int l = 0; l < _layerNumbers.Length; l++)
                _layerNumbers[l] = Selected.Trains(l) ? GradientClipping.RootMeanSquare(_run, Parameters.Of(l)) : 0;
            Policy.Observe(Selected, _layerNumbers);
        }
        if (_scaleGradients is null)
            return;
        _scaleGradients.Measure(_run, Selected, _layerNumbers);
        Policy.ObserveScales(Selected, loss, _layerNumbers);
    }

    private long TrainedTokens()
    {
        long tokens = 0;
        foreach (int row in _rows)
        {
            foreach (int example in _packed[row])
                tokens += _batch.TrainedTokensOf(_data.Examples[example]);
        }
        return tokens;
    }

    /// <summary>Adds up the gradients of the step's micro-batches; gives the mean loss.</summary>
    private double Accumulate(int step, long trained, out long tokens)
    {
        double sum = 0;
        tokens = 0;
        float scale = (float)(1.0 / trained);
        _run.Step = step;
        WorkProfile? profile = _run.Device.Profile;
        for (int first = 0; first < _rows.Length; first += Options.Sequences)
        {
            _run.MicroBatch = first / Options.Sequences;
            _run.Training = true;
            profile?.Begin(StepPhase.Forward);
            _batch.Fill(_data.Examples, _packed, _rows.AsSpan(first, Math.Min(Options.Sequences, _rows.Length - first)));
            profile?.Read(_run.Rows);
            _model.Forward(_run, Selected);
            Run predicted = _model.RowsOf(_run);
            foreach (Run tile in new Tiles(predicted, _model.TileRows))
            {
                profile?.Begin(StepPhase.Forward);
                Act<Own> logits = _model.ForwardTile(tile);
                profile?.Begin(StepPhase.Loss);
                CrossEntropy.ForwardBackward(tile, _losses.From(tile.FirstRow), logits, scale);
                profile?.Begin(StepPhase.Backward);
                _model.BackwardTile(tile);
            }
            sum += CrossEntropy.Sum(predicted, _losses) + predicted.Trained * _model.Contents.AuxiliaryLoss;
            _run.AuxiliaryWeight = predicted.Trained * scale;
            _model.Backward(_run, Selected);
            tokens += _batch.RealTokens;
        }
        return sum / trained;
    }

    private static void RequireNumber(int step, double value, string what)
    {
        if (!double.IsFinite(value))
            throw new RunException($"Step {step + 1}: the {what} is {value}; lower the learning rate or check the data; checkpoints written before are whole.");
    }
}
