using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// Finds out before a run begins whether a GPU has kernels for it. The model's passes are made over a device that launches nothing, where a
/// layer without a kernel is refused by name.
/// </summary>
public static class KernelSurvey
{
    /// <summary>Refuses a training run that a device can't do. Parameters have no memory yet.</summary>
    /// <param name="device">Where it is to compute; the processor can do every run.</param>
    /// <param name="model">The model, which is laid out anew.</param>
    /// <param name="widths">Its widths.</param>
    /// <param name="options">The run's numbers.</param>
    /// <exception cref="InputException">An option or a layer has no kernel; names it.</exception>
    public static void RequireTraining(Device device, IModel model, Widths widths, TrainingOptions options)
    {
        if (!device.IsHost)
            RequireTrainingOnGpu(model, widths, options);
    }

    /// <summary>Refuses a training run that no GPU can do yet. Parameters have no memory yet.</summary>
    /// <param name="model">The model, which is laid out anew.</param>
    /// <param name="widths">Its widths.</param>
    /// <param name="options">The run's numbers.</param>
    /// <exception cref="InputException">An option or a layer has no kernel; names it.</exception>
    public static void RequireTrainingOnGpu(IModel model, Widths widths, TrainingOptions options)
    {
        if (options.PackWeights)
            throw new InputException("pack-weights lays weights out for the processor's kernels; leave it out on a GPU.");
        Survey(model, widths, Purpose.Training, options.Precision);
    }

    /// <summary>Refuses to measure losses on a device that can't. Parameters have no memory yet.</summary>
    /// <param name="device">Where to compute; the processor has every kernel.</param>
    /// <param name="model">The model, which is laid out anew.</param>
    /// <param name="widths">Its widths.</param>
    /// <exception cref="InputException">A layer has no kernel; names it.</exception>
    public static void RequireEvaluation(Device device, IModel model, Widths widths)
    {
        if (!device.IsHost)
            Survey(model, widths, Purpose.Evaluation);
    }

    /// <summary>Refuses to compute gradients on a device that can't. Parameters have no memory yet.</summary>
    /// <param name="device">Where to compute; the processor has every kernel.</param>
    /// <param name="model">The model, which is laid out anew.</param>
    /// <param name="widths">Its widths.</param>
    /// <exception cref="InputException">A layer has no kernel; names it.</exception>
    public static void RequireGradients(Device device, IModel model, Widths widths)
    {
        if (!device.IsHost)
            Survey(model, widths, Purpose.Training);
    }

    /// <summary>Refuses to continue texts on a device that can't. Parameters have no memory yet.</summary>
    /// <param name="device">Where to compute; the processor has every kernel.</param>
    /// <param name="model">The model, which is laid out anew.</param>
    /// <param name="widths">Its widths.</param>
    /// <exception cref="InputException">A layer has no kernel; names it.</exception>
    public static void RequireGeneration(Device device, IModel model, Widths widths)
    {
        if (!device.IsHost)
            Survey(model, widths, Purpose.Generation);
    }

    private static unsafe void Survey(IModel model, Widths widths, Purpose purpose, Precision precision = Precision.F32)
    {
        const int time = 2;
        bool trains = purpose == Purpose.Training;
        var parameters = new ParameterSet(model.Contents);
        Arena.Measure(
            purpose, widths, 1, time + model.Contents.VirtualTokens.Prompt,
            arena =>
            {
                parameters.Reserve(arena);
                model.Allocate(arena);
            },
            precision: precision);
        // Kernels tell by its address whether a gradient is wanted; nothing is written there.
        foreach (Parameter parameter in parameters.All)
            parameter.Bind(null, trains ? (float*)sizeof(float) : null);
        try
        {
            Rehearse(model, parameters, time, trains, precision);
        }
        finally
        {
            foreach (Parameter parameter in parameters.All)
                parameter.Bind(null, null);
        }
    }

    private static void Rehearse(IModel model, ParameterSet parameters, int time, bool trains, Precision precision)
    {
        using var batch = new Batch(1, time, model.Contents.VirtualTokens);
        batch.Fill([new Example(new int[time], new int[time])], [0]);
        using IlgpuDevice nothing = IlgpuDevice.Rehearsing();
        var run = new Run(nothing, batch) { Training = trains, Precision = precision };
        var plan = new LayerPlan(model.LayerCount, parameters.TrainsInput);
        if (trains)
            model.Forward(run, plan);
        else
            model.Forward(run);
        foreach (Run tile in new Tiles(model.RowsOf(run), model.TileRows))
        {
            model.ForwardTile(tile);
            if (trains)
                model.BackwardTile(tile);
        }
        if (trains)
            model.Backward(run, plan);
    }
}
