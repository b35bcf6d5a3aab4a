using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// Counts what passes over a full batch would compute, by making them on a device that computes nothing. So what a layer, a method or
/// gradient checkpointing costs is known from their own code. The passes are made over one sequence and over two, which tells what
/// grows with the batch and what does not.
/// </summary>
internal sealed class WorkSurvey
{
    private readonly Passes _one;
    private readonly Passes _two;

    /// <summary>Makes the passes. The model has been laid out by an arena that counts, and its parameters have no memory.</summary>
    /// <param name="model">The model.</param>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="time">Tokens of a sequence.</param>
    public unsafe WorkSurvey(IModel model, ParameterSet parameters, int time)
    {
        // Kernels tell by its address whether a gradient is wanted; nothing is written there.
        foreach (Parameter parameter in parameters.All)
            parameter.Bind(null, (float*)sizeof(float));
        try
        {
            _one = Passes.Over(model, parameters.TrainsInput, sequences: 1, time);
            _two = Passes.Over(model, parameters.TrainsInput, sequences: 2, time);
        }
        finally
        {
            foreach (Parameter parameter in parameters.All)
                parameter.Bind(null, null);
        }
    }

    /// <summary>The forward pass of so many sequences.</summary>
    public PassWork Forward(int sequences) => ForwardFrom(sequences, layer: 0);

    /// <summary>The forward pass from this layer on; what is outside the stack is counted whole.</summary>
    public PassWork ForwardFrom(int sequences, int layer) => Sum(sequences, (passes, l) => l < 0 || l >= layer ? passes.Forward : null);

    /// <summary>The backward pass of a plan.</summary>
    public PassWork Backward(int sequences, LayerPlan plan) => Sum(sequences, (passes, layer) => passes.Backward(plan, layer));

    /// <summary>The backward pass of a plan in one layer.</summary>
    public double Backward(int sequences, LayerPlan plan, int layer)
    {
        double one = _one.Backward(plan, layer)?.Of(layer) ?? 0, two = _two.Backward(plan, layer)?.Of(layer) ?? 0;
        return one + (sequences - 1) * (two - one);
    }

    private PassWork Sum(int sequences, Func<Passes, int, WorkCounter?> counterOf)
    {
        PassWork one = Sum(layer => counterOf(_one, layer)), two = Sum(layer => counterOf(_two, layer));
        return one + (two + one * -1) * (sequences - 1);
    }

    private PassWork Sum(Func<int, WorkCounter?> counterOf)
    {
        WorkCounter outside = counterOf(-1)!;
        var sum = new PassWork(0, 0, outside[-1, WorkKind.Adapters], outside[-1, WorkKind.Weights] + outside[-1, WorkKind.Attention]);
        for (int layer = 0; layer < outside.Layers; layer++)
        {
            if (counterOf(layer) is { } counter)
                sum += new PassWork(counter[layer, WorkKind.Weights], counter[layer, WorkKind.Attention], counter[layer, WorkKind.Adapters], 0);
        }
        return sum;
    }

    /// <summary>What passes over one batch count: forward, and backward with every layer trained and with every layer passed through.</summary>
    private sealed record Passes(WorkCounter Forward, WorkCounter Trained, WorkCounter Passed)
    {
        public static Passes Over(IModel model, bool trainsInput, int sequences, int time)
        {
            using var batch = new Batch(sequences, time, model.Contents.VirtualTokens);
            var example = new Example(new int[time], new int[time]);
            batch.Fill([.. Enumerable.Repeat(example, sequences)], [.. Enumerable.Range(0, sequences)]);
            LayerPlan all = new(model.LayerCount, trainsInput), lowest = new(model.LayerCount, trainsInput);
            lowest.TrainOnly(trainsInput || model.LayerCount == 0 ? [] : [0]);
            WorkCounter forward = Count(model, batch, run => RunForward(model, run, all)), trained = Count(model, batch, run => RunBackward(model, run, all));
            Count(model, batch, run => RunForward(model, run, lowest));
            return new Passes(forward, trained, Count(model, batch, run => RunBackward(model, run, lowest)));
        }

        /// <summary>What counts a layer's backward pass by a plan; null where there is none.</summary>
        public WorkCounter? Backward(LayerPlan plan, int layer) =>
            layer < 0 || plan.Trains(layer) ? Trained : layer >= plan.Lowest ? Passed : null;

        private static void RunForward(IModel model, Run run, LayerPlan plan)
        {
            model.Forward(run, plan);
            foreach (Run tile in new Tiles(model.RowsOf(run), model.TileRows))
                model.ForwardTile(tile);
        }

        private static void RunBackward(IModel model, Run run, LayerPlan plan)
        {
            foreach (Run tile in new Tiles(model.RowsOf(run), model.TileRows))
                model.BackwardTile(tile);
            model.Backward(run, plan);
        }

        private static WorkCounter Count(IModel model, Batch batch, Action<Run> pass)
        {
            var counter = new WorkCounter(model.LayerCount);
            using CpuDevice device = CpuDevice.Counting(counter);
            var run = new Run(device, batch) { Training = true };
            counter.Run = run;
            pass(run);
            return counter;
        }
    }
}
