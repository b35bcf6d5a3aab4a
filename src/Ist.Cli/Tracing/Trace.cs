using Ist.Cli.Loading;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Cli.Tracing;

/// <summary>A model's forward pass on a batch, and its backward pass where gradients are wanted; without dropout.</summary>
internal sealed unsafe class Trace : IDisposable
{
    private readonly Device _device;
    private readonly ParameterSet _parameters;
    private readonly Arena _arena;
    private readonly DeviceWeights _weights;
    private readonly float[] _logits;
    private readonly long[] _shape;
    private readonly float _loss;
    private readonly bool _gradients;
    private readonly Func<string, string> _nameInModel;

    /// <summary>Computes it.</summary>
    /// <param name="device">Where to compute; has kernels for it.</param>
    /// <param name="adapted">The model.</param>
    /// <param name="batch">The batch.</param>
    /// <param name="gradients">Whether there is a backward pass.</param>
    /// <param name="precision">How factors of the base model's products are rounded, and activations.</param>
    /// <exception cref="InputException">The adapter's file is of another model.</exception>
    /// <exception cref="RunException">There is not enough memory, or the loss is not a number.</exception>
    public Trace(Device device, AdaptedModel adapted, Batch batch, bool gradients, Precision precision)
    {
        IModel model = adapted.Loaded.Model;
        _device = device;
        _gradients = gradients;
        _nameInModel = adapted.Loaded.Peft.NameInModel;
        _parameters = new ParameterSet(model.Contents);
        Act<One> losses = default;
        _arena = Arena.Create(device, gradients ? Purpose.Training : Purpose.Evaluation, adapted.Loaded.Config.Widths, batch.Sequences, batch.Time, arena =>
        {
            _parameters.Reserve(arena);
            model.Allocate(arena);
            losses = arena.Scratch<One>();
        }, precision: precision);
        _weights = new DeviceWeights(device, model.Contents, precision);
        _parameters.Initialise(seed: 42);
        adapted.Fill(_parameters);

        var run = new Run(device, batch) { Precision = precision };
        LayerPlan plan = gradients ? new LayerPlan(model.LayerCount, _parameters.TrainsInput) : LayerPlan.Nothing(model.LayerCount);
        model.Forward(run, plan);
        Run predicted = model.RowsOf(run);
        _shape = predicted == run ? [batch.Sequences, batch.Time, model.Logits.Width] : [batch.Sequences, model.Logits.Width];
        _logits = new float[checked(predicted.Rows * model.Logits.Width)];
        foreach (Run tile in new Tiles(predicted, model.TileRows))
        {
            Act<Own> logits = model.ForwardTile(tile);
            // The gradient takes the logits' place.
            device.Download(logits.Data, _logits.AsSpan(tile.FirstRow * logits.Width, tile.Rows * logits.Width));
            Act<One> ofTile = losses.From(tile.FirstRow);
            if (!gradients)
            {
                CrossEntropy.Forward(tile, ofTile, logits);
                continue;
            }
            CrossEntropy.ForwardBackward(tile, ofTile, logits, 1f / predicted.Trained);
            model.BackwardTile(tile);
        }
        _loss = (float)(CrossEntropy.Sum(predicted, losses) / predicted.Trained + model.Contents.AuxiliaryLoss);
        if (!float.IsFinite(_loss))
            throw new RunException($"The loss is {_loss}; the model or its adapter is damaged.");
        if (gradients)
            model.Backward(run, plan);
    }

    /// <summary>Writes <c>logits</c>, <c>loss</c> and <c>grad.KEY</c>, also by the name that a peft model has for it where that is another.</summary>
    /// <exception cref="RunException">The file can't be written; an old one is then unchanged.</exception>
    public void Save(string path)
    {
        var writer = new SafeTensorsWriter();
        writer.Add<float>("logits", _shape, _logits);
        writer.Add<float>("loss", [], new[] { _loss });
        if (_gradients)
        {
            foreach (FileTensor tensor in _parameters.Tensors)
            {
                float[] values = tensor.Gradients(_device);
                // Once by the name in the adapter's file, and once by that in a peft model where it is another, to compare with either.
                foreach (string name in new[] { tensor.Key, _nameInModel(tensor.Key) }.Distinct())
                    writer.Add<float>("grad." + name, [.. tensor.Shape], values);
            }
        }
        writer.Save(path);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _weights.Dispose();
        _arena.Dispose();
    }
}
