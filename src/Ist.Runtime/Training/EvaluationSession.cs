using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>A model laid out for evaluation alone: forward only, all layers in one set of buffers.</summary>
public sealed class EvaluationSession : IDisposable
{
    private readonly Arena _arena;
    private readonly DeviceWeights _weights;
    private readonly Batch _batch;

    /// <summary>Takes the memory. The parameters get their first values; an adapter's are then loaded into <see cref="Parameters"/>.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="model">The model.</param>
    /// <param name="widths">Its widths.</param>
    /// <param name="sequences">Examples that pass through it at once.</param>
    /// <param name="maxLength">Tokens of the longest example.</param>
    /// <param name="seed">Decides the first values of parameters that begin at random, as a training run of this seed does.</param>
    /// <param name="precision">How factors of the base model's products are rounded, and activations.</param>
    /// <exception cref="InputException">The device does not have the precision.</exception>
    /// <exception cref="RunException">The device has not so much memory.</exception>
    public EvaluationSession(Device device, IModel model, Widths widths, int sequences, int maxLength, ulong seed = 42, Precision precision = Precision.F32)
    {
        Parameters = new ParameterSet(model.Contents);
        device.Require(precision);
        KernelSurvey.RequireEvaluation(device, model, widths);
        Act<One> losses = default;
        _arena = Arena.Create(
            device, Purpose.Evaluation, widths, sequences, TimeOf(model, maxLength), arena => losses = Reserve(arena, model, Parameters), precision: precision);
        _weights = new DeviceWeights(device, model.Contents, precision);
        _batch = new Batch(sequences, maxLength, model.Contents.VirtualTokens);
        Run = new Run(device, _batch) { Precision = precision };
        Evaluator = new Evaluator(model, Run, losses, sequences, maxLength);
        Parameters.Initialise(seed);
    }

    /// <summary>The parameters, which are part of the model but not trained here.</summary>
    public ParameterSet Parameters { get; }

    /// <summary>The run, for callers that fill its batch and call the model themselves.</summary>
    public Run Run { get; }

    /// <summary>Measures losses.</summary>
    public Evaluator Evaluator { get; }

    /// <summary>What a session needs, by kind, without taking it. Called before the session is made, since it lays the model out.</summary>
    public static MemoryPlan Plan(IModel model, Widths widths, int sequences, int maxLength, Precision precision = Precision.F32) => BaseWeights.AddTo(
        Arena.Measure(
            Purpose.Evaluation, widths, sequences, TimeOf(model, maxLength), arena => Reserve(arena, model, new ParameterSet(model.Contents)), precision: precision),
        model.Contents, precision);

    /// <summary>Gives the memory back; the model can't be used until it is laid out anew.</summary>
    public void Dispose()
    {
        _batch.Dispose();
        _weights.Dispose();
        _arena.Dispose();
    }

    private static int TimeOf(IModel model, int maxLength) => maxLength + model.Contents.VirtualTokens.Prompt;

    private static Act<One> Reserve(Arena arena, IModel model, ParameterSet parameters)
    {
        parameters.Reserve(arena);
        model.Allocate(arena);
        return arena.Scratch<One>();
    }
}
