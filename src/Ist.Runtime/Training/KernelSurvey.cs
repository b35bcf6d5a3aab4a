using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// Finds out before a run begins whether a GPU has kernels for a model and its method: the passes are made over a device that launches
/// nothing, where a layer without a kernel is refused by name.
/// </summary>
public static class KernelSurvey
{
    /// <summary>Makes the passes. Parameters have no memory yet.</summary>
    /// <param name="device">Where the run will compute; one that is the processor has every kernel.</param>
    /// <param name="model">The model, which is laid out anew.</param>
    /// <param name="widths">Its widths.</param>
    /// <param name="trains">Whether the backward pass is made too.</param>
    /// <exception cref="InputException">A layer has no kernel.</exception>
    public static unsafe void Require(Device device, IModel model, Widths widths, bool trains)
    {
        if (device.IsHost)
            return;
        const int time = 2;
        var parameters = new ParameterSet(model.Contents);
        Arena.Measure(
            trains ? Purpose.Training : Purpose.Evaluation, widths, 1, time + model.Contents.VirtualTokens.Prompt,
            arena =>
            {
                parameters.Reserve(arena);
                model.Allocate(arena);
            });
        // Kernels tell by its address whether a gradient is wanted; nothing is written there.
        foreach (Parameter parameter in parameters.All)
            parameter.Bind(null, trains ? (float*)sizeof(float) : null);
        try
        {
            Rehearse(model, parameters, time, trains);
        }
        finally
        {
            foreach (Parameter parameter in parameters.All)
                parameter.Bind(null, null);
        }
    }

    private static void Rehearse(IModel model, ParameterSet parameters, int time, bool trains)
    {
        using var batch = new Batch(1, time, model.Contents.VirtualTokens);
        batch.Fill([new Example(new int[time], new int[time])], [0]);
        using IlgpuDevice nothing = IlgpuDevice.Rehearsing();
        var run = new Run(nothing, batch) { Training = trains };
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
