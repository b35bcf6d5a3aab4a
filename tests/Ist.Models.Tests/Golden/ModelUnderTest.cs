using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Models.Tests.Golden;

/// <summary>A golden checkpoint with a method in its slots, laid out for one of its batches.</summary>
internal sealed class ModelUnderTest : IDisposable
{
    private readonly LoadedModel _loaded;
    private readonly CpuDevice? _cpu;
    private readonly Arena _arena;
    private readonly DeviceWeights _weights;
    private readonly bool _keeps;
    private readonly float[] _logits;

    public ModelUnderTest(string checkpoint, PeftOptions peft, GoldenSet? set, string prefix = "", Purpose purpose = Purpose.Training, int threads = 2, Func<ModelUnderTest, Batch>? batch = null, KeptLayers? kept = null, int tileRows = TileRows, Device? device = null)
    {
        _loaded = LoadedModel.Load(GoldenSet.CheckpointPath(checkpoint), _ => peft);
        Device = device ?? (_cpu = new CpuDevice(threads));
        Vocab = _loaded.Config.Widths.Of<Vocab>();
        Batch = batch?.Invoke(this) ?? set!.Batch(Widths, prefix, Model.Contents.VirtualTokens);
        Parameters = new ParameterSet(Model.Contents);
        _arena = Arena.Create(Device, purpose, _loaded.Config.Widths, Batch.Sequences, Batch.Time, arena =>
        {
            Parameters.Reserve(arena);
            Model.Allocate(arena);
            Losses = arena.Scratch<One>();
        }, kept, tileRows);
        _weights = new DeviceWeights(Device, Model.Contents, Precision.F32);
        _keeps = purpose == Purpose.Training;
        Parameters.Initialise(seed: 42);
        Run = new Run(Device, Batch);
        Plan = new LayerPlan(Model.LayerCount, Parameters.TrainsInput);
        _logits = new float[Predicted.Rows * Model.Logits.Width];
    }

    /// <summary>Rows of a tile where a test asks for no others: less than the batches have, and the last tile is a smaller one.</summary>
    public const int TileRows = 7;

    /// <summary>Where it computes: a device that was given and outlives it, or a processor of its own.</summary>
    public Device Device { get; }

    public int Vocab { get; }

    public Batch Batch { get; }

    public IModel Model => _loaded.Model;

    public PeftOptions Peft => _loaded.Peft;

    public ParameterSet Parameters { get; }

    /// <summary>The memory that all of it is cut from.</summary>
    public Arena Memory => _arena;

    public Run Run { get; }

    /// <summary>The run over what the model predicts: tokens, or sequences.</summary>
    public Run Predicted => Model.RowsOf(Run);

    /// <summary>The logits of all that is predicted, padding included.</summary>
    public ReadOnlySpan<float> Logits => _logits;

    /// <summary>The logits of a row.</summary>
    public ReadOnlySpan<float> LogitsOf(int row) => _logits.AsSpan(row * Model.Logits.Width, Model.Logits.Width);

    public LayerPlan Plan { get; }

    public Act<One> Losses { get; private set; }

    public Widths Widths => _loaded.Config.Widths;

    /// <summary>Fills all buffers that share memory.</summary>
    public void FillActivations(float value) => _arena.SharedFloats.Fill(value);

    /// <summary>Forward; the mean loss over the trained tokens.</summary>
    public double Forward()
    {
        Model.Forward(Run, _keeps ? Plan : LayerPlan.Nothing(Model.LayerCount));
        foreach (Run tile in Tiles)
            CrossEntropy.Forward(tile, Losses.From(tile.FirstRow), ForwardTile(tile));
        return Loss;
    }

    /// <summary>Forward from this layer on; the mean loss over the trained tokens.</summary>
    public double ForwardFrom(int layer)
    {
        Model.ForwardFrom(Run, layer);
        foreach (Run tile in Tiles)
            CrossEntropy.Forward(tile, Losses.From(tile.FirstRow), ForwardTile(tile));
        return Loss;
    }

    /// <summary>Forward and backward into cleared gradients; the mean loss.</summary>
    public double ForwardBackward()
    {
        Parameters.ClearGradients(Parameters.All);
        Model.Forward(Run, Plan);
        foreach (Run tile in Tiles)
        {
            CrossEntropy.ForwardBackward(tile, Losses.From(tile.FirstRow), ForwardTile(tile), 1f / Predicted.Trained);
            Model.BackwardTile(tile);
        }
        Model.Backward(Run, Plan);
        return Loss;
    }

    /// <summary>Numbers that the parts of a tensor have on the device, as its file has them.</summary>
    public unsafe float[] Gather(FileTensor tensor, Func<Parameter, nint> of)
    {
        var copies = new List<float[]>();
        return tensor.Gather(part => (nint)Device.Read((float*)of(part), part.Count, copies));
    }

    public unsafe float[] Values(FileTensor tensor) => Gather(tensor, part => (nint)part.Value);

    public unsafe float[] Gradients(FileTensor tensor) => Gather(tensor, part => (nint)part.Gradient);

    public unsafe ReadOnlySpan<float> Gradient(string key)
    {
        foreach (Parameter parameter in Parameters.All)
        {
            if (parameter.Key != key)
                continue;
            float[] values = new float[parameter.Count];
            Device.Download(parameter.Gradient, values);
            return values;
        }
        throw new KeyNotFoundException(key);
    }

    /// <summary>Whether a row is a real token; what stands in padded rows means nothing.</summary>
    public unsafe bool IsReal(int row)
    {
        (int b, int t) = Math.DivRem(row, Batch.Time);
        return t >= Batch.Start[b] && t < Batch.End[b];
    }

    /// <summary>Fails unless the logits of all real tokens are the stored ones.</summary>
    public void AssertLogits(GoldenSet golden, string name, double measuredError)
    {
        double[] expected = golden.Doubles(name);
        int width = Model.Logits.Width;
        for (int row = 0; row < Predicted.Rows; row++)
        {
            if (Model is ISequenceClassifier || IsReal(row))
                Tolerance.Within(Tolerance.Logits(measuredError), expected.AsSpan(row * width, width), LogitsOf(row), $"{name} of row {row}");
        }
    }

    /// <summary>
    /// Forward; the mean loss that the F32 logits have, made of them in double, so that the differences between two of them have no rounding
    /// of its own.
    /// </summary>
    public double ForwardInDouble()
    {
        Model.Forward(Run, Plan);
        foreach (Run tile in Tiles)
            ForwardTile(tile);
        return LossOf(Array.ConvertAll(Logits.ToArray(), z => (double)z)) + Model.Contents.AuxiliaryLoss;
    }

    /// <summary>The mean loss that given logits have on the batch's targets, in double.</summary>
    public unsafe double LossOf(double[] logits)
    {
        (int width, double sum) = (Model.Logits.Width, 0);
        for (int row = 0; row < Predicted.Rows; row++)
        {
            if (Predicted.Targets[row] < 0)
                continue;
            ReadOnlySpan<double> z = logits.AsSpan(row * width, width);
            double exponentials = 0;
            foreach (double value in z)
                exponentials += Math.Exp(value);
            sum += Math.Log(exponentials) - z[Predicted.Targets[row]];
        }
        return sum / Predicted.Trained;
    }

    private double Loss => CrossEntropy.Sum(Predicted, Losses) / Predicted.Trained + Model.Contents.AuxiliaryLoss;

    private Tiles Tiles => new(Predicted, Model.TileRows);

    private unsafe Act<Own> ForwardTile(Run tile)
    {
        Act<Own> logits = Model.ForwardTile(tile);
        Device.Download(logits.Data, _logits.AsSpan(tile.FirstRow * logits.Width, tile.Rows * logits.Width));
        return logits;
    }

    public void Dispose()
    {
        _weights.Dispose();
        _arena.Dispose();
        Batch.Dispose();
        _cpu?.Dispose();
        _loaded.Dispose();
    }
}
