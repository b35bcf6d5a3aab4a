using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>What a training run will take, known before anything is allocated.</summary>
/// <param name="Memory">Bytes that the run takes, whatever layers its policy draws.</param>
/// <param name="Expected">Bytes that a step needs in the mean over the policy's draws, had it been laid out for its own draw.</param>
/// <param name="Work">Operations of a step, in the mean over the policy's draws.</param>
/// <param name="MostWork">All operations of a step whose draw has the lowest layer that can be trained.</param>
/// <param name="Depth">Layers that the backward pass goes through, in the mean over the draws.</param>
/// <param name="MostDepth">The same at most.</param>
/// <param name="ActiveLayers">Layers that a step trains at most.</param>
/// <param name="Tokens">Tokens of a full batch.</param>
public sealed record RunPlan(
    MemoryPlan Memory, MemoryPlan Expected, StepWork Work, double MostWork, double Depth, int MostDepth, int ActiveLayers, long Tokens)
{
    private const int Draws = 1000;

    /// <summary>Makes the plan. The model must not be in use, since it is laid out anew.</summary>
    /// <param name="model">The model.</param>
    /// <param name="widths">Its widths.</param>
    /// <param name="options">The run's numbers.</param>
    /// <param name="policy">A policy like the run's, of which the first thousand choices are drawn, as if all layers mattered alike; not the run's own, since drawing may change it.</param>
    /// <exception cref="InputException">An option means nothing, or the model's stack is not made for gradient checkpointing.</exception>
    public static RunPlan Of(IModel model, Widths widths, TrainingOptions options, ISelectionPolicy policy)
    {
        options.Check();
        var parameters = new ParameterSet(model.Contents);
        KeptLayers kept = TrainingLayout.Kept(model, parameters, options, policy);
        // The passes that are counted train any layer.
        TrainingLayout.Measure(model, widths, options, policy, KeptLayers.All with { Recomputed = kept.Recomputed });
        var survey = new WorkSurvey(model, parameters, options.MaxLength);
        MemoryPlan memory = TrainingLayout.Measure(model, widths, options, policy, kept);

        (int full, int left) = Math.DivRem(options.BatchSize, options.Sequences);
        PassWork forward = survey.Forward(options.Sequences) * full + (left == 0 ? default : survey.Forward(left)), backward = default;
        double[] byLayer = new double[model.LayerCount];
        var expected = new MeanPlan();
        var plan = new LayerPlan(model.LayerCount, parameters.TrainsInput);
        var probe = new CountedProbe(kept.Lowest, model.LayerCount);
        long depth = 0;
        for (int draw = 0; draw < Draws; draw++)
        {
            int step = draw * policy.HoldSteps;
            if (policy.NeedsProbe(step))
                policy.Probe(step, probe);
            policy.Select(step, plan);
            backward += Backward();
            depth += plan.Depth;
            for (int l = 0; l < byLayer.Length; l++)
                byLayer[l] += (survey.Backward(options.Sequences, plan, l) * full + (left == 0 ? 0 : survey.Backward(left, plan, l))) / Draws;
            expected.Add(new KeptLayers(plan.Active, plan.Lowest, kept.Recomputed), layers => TrainingLayout.Measure(model, widths, options, policy, layers));
        }
        double probed = probe.Passes.Select((passes, layer) => passes == 0 ? 0 : survey.ForwardFrom(1, layer).Total * passes).Sum() * policy.ProbeRows / Draws;
        plan.TrainOnly([.. Enumerable.Range(0, model.LayerCount).Where(l => l == kept.Lowest || l > model.LayerCount - policy.ActiveLayers)]);
        var work = new StepWork(forward, backward * (1.0 / Draws), byLayer, probed);
        return new RunPlan(
            memory, expected.Mean, work, forward.Total + Backward().Total + probed, (double)depth / Draws, plan.Depth, policy.ActiveLayers,
            (long)options.BatchSize * options.MaxLength);

        PassWork Backward() => survey.Backward(options.Sequences, plan) * full + (left == 0 ? default : survey.Backward(left, plan));
    }

    private sealed class CountedProbe(int lowestKept, int layers) : IProbe
    {
        /// <summary>For each layer, and one past the last, the passes that begin with it.</summary>
        public int[] Passes { get; } = new int[layers + 1];

        public void Measure(float[][] adapterScales, Span<double> losses)
        {
            int[] order = new int[adapterScales.Length];
            SharedLayers.Order(adapterScales, order);
            float[]? before = null;
            foreach (int k in order)
            {
                Passes[SharedLayers.First(before, adapterScales[k], lowestKept)]++;
                before = adapterScales[k];
            }
            losses.Fill(1);
        }
    }
}
