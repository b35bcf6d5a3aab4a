using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// Counts what passes over a full batch would compute, by making them on a device that computes nothing. So what a layer, a method or
/// gradient checkpointing costs is known from their own code.
/// </summary>
internal sealed class WorkSurvey
{
    private readonly WorkCounter _forward;
    private readonly WorkCounter _trained;
    private readonly WorkCounter _passed;

    /// <summary>Makes the passes. The model has been laid out by an arena that counts, and its parameters have no memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="sequences">Sequences of the batch.</param>
    /// <param name="time">Tokens of each.</param>
    public unsafe WorkSurvey(IModel model, ParameterSet parameters, int sequences, int time)
    {
        using var batch = new Batch(sequences, time, model.Contents.VirtualTokens);
        var example = new Example(new int[time], new int[time]);
        batch.Fill([.. Enumerable.Repeat(example, sequences)], [.. Enumerable.Range(0, sequences)]);
        (_forward, _trained, _passed) = (new(model.LayerCount), new(model.LayerCount), new(model.LayerCount));
        var all = new LayerPlan(model.LayerCount, parameters.TrainsInput);
        var lowest = new LayerPlan(model.LayerCount, parameters.TrainsInput);
        lowest.TrainOnly(parameters.TrainsInput || model.LayerCount == 0 ? [] : [0]);
        // Kernels tell by its address whether a gradient is wanted; nothing is written there.
        foreach (Parameter parameter in parameters.All)
            parameter.Bind(null, (float*)sizeof(float));
        try
        {
            Count(_forward, batch, run => model.Forward(run, all));
            Count(_trained, batch, run => model.Backward(run, all));
            Count(new WorkCounter(model.LayerCount), batch, run => model.Forward(run, lowest));
            Count(_passed, batch, run => model.Backward(run, lowest));
        }
        finally
        {
            foreach (Parameter parameter in parameters.All)
                parameter.Bind(null, null);
        }
    }

    /// <summary>The forward pass.</summary>
    public PassWork Forward => Sum(_ => _forward);

    /// <summary>The backward pass of a plan.</summary>
    public PassWork Backward(LayerPlan plan) => Sum(layer => Counter(plan, layer));

    /// <summary>The backward pass of a plan in one layer.</summary>
    public double Backward(LayerPlan plan, int layer) => Counter(plan, layer)?.Of(layer) ?? 0;

    private WorkCounter? Counter(LayerPlan plan, int layer) =>
        layer < 0 || plan.Trains(layer) ? _trained : layer >= plan.Lowest ? _passed : null;

    private PassWork Sum(Func<int, WorkCounter?> counterOf)
    {
        long[] kinds = new long[3];
        for (int layer = 0; layer < _forward.Layers; layer++)
        {
            if (counterOf(layer) is { } counter)
            {
                foreach (WorkKind kind in Enum.GetValues<WorkKind>())
                    kinds[(int)kind] += counter[layer, kind];
            }
        }
        WorkCounter outside = counterOf(-1)!;
        return new PassWork(
            kinds[(int)WorkKind.Weights], kinds[(int)WorkKind.Attention], kinds[(int)WorkKind.Adapters] + outside[-1, WorkKind.Adapters],
            outside[-1, WorkKind.Weights] + outside[-1, WorkKind.Attention]);
    }

    private static void Count(WorkCounter counter, Batch batch, Action<Run> pass)
    {
        using CpuDevice device = CpuDevice.Counting(counter);
        var run = new Run(device, batch) { Training = true };
        counter.Run = run;
        pass(run);
    }
}
