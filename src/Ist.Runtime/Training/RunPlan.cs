using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>What a training run will take, known before anything is allocated.</summary>
/// <param name="Memory">Bytes that the run takes, whatever layers its policy draws.</param>
/// <param name="Expected">Bytes that a step needs in the mean over the policy's draws, had it been laid out for its own draw.</param>
/// <param name="Work">Operations of a step.</param>
/// <param name="ActiveLayers">Layers that a step trains.</param>
/// <param name="Tokens">Tokens of a full batch.</param>
public sealed record RunPlan(MemoryPlan Memory, MemoryPlan Expected, StepWork Work, int ActiveLayers, long Tokens)
{
    private const int Draws = 1000;

    /// <summary>Makes the plan. The model must not be in use, since it is laid out anew.</summary>
    /// <param name="model">The model.</param>
    /// <param name="widths">Its widths.</param>
    /// <param name="options">The run's numbers.</param>
    /// <param name="policy">A policy like the run's, of which a thousand steps are drawn; not the run's own, since drawing may change it.</param>
    /// <exception cref="InputException">An option means nothing, or the model's stack is not made for gradient checkpointing.</exception>
    public static RunPlan Of(IModel model, Widths widths, TrainingOptions options, ISelectionPolicy policy)
    {
        options.Check();
        var parameters = new ParameterSet(model.Contents);
        KeptLayers kept = TrainingLayout.Kept(model, parameters, options, policy);
        // The passes that are counted train any layer.
        TrainingLayout.Measure(model, widths, options, KeptLayers.All with { Recomputed = kept.Recomputed });
        var survey = new WorkSurvey(model, parameters, options.MaxLength);
        MemoryPlan memory = TrainingLayout.Measure(model, widths, options, kept);

        (int full, int left) = Math.DivRem(options.BatchSize, options.Sequences);
        PassWork forward = survey.Forward(options.Sequences) * full + (left == 0 ? default : survey.Forward(left)), backward = default;
        double[] byLayer = new double[model.LayerCount];
        var expected = new MeanPlan();
        var plan = new LayerPlan(model.LayerCount, parameters.TrainsInput);
        var probe = new CountedProbe();
        for (int step = 0; step < Draws; step++)
        {
            if (policy.NeedsProbe(step))
                policy.Probe(step, probe);
            policy.Select(step, plan);
            backward += survey.Backward(options.Sequences, plan) * full + (left == 0 ? default : survey.Backward(left, plan));
            for (int l = 0; l < byLayer.Length; l++)
                byLayer[l] += (survey.Backward(options.Sequences, plan, l) * full + (left == 0 ? 0 : survey.Backward(left, plan, l))) / Draws;
            var drawn = new KeptLayers(plan.Active, plan.Lowest, kept.Recomputed);
            expected.Add(drawn, layers => TrainingLayout.Measure(model, widths, options, layers));
        }
        double probed = survey.Forward(1).Total * policy.ProbeRows * probe.Losses / Draws;
        return new RunPlan(
            memory, expected.Mean, new StepWork(forward, backward * (1.0 / Draws), byLayer, probed), policy.ActiveLayers,
            (long)options.BatchSize * options.MaxLength);
    }

    private sealed class CountedProbe : IProbe
    {
        public int Losses { get; private set; }

        public double Loss(float[] adapterScales)
        {
            Losses++;
            return 1;
        }
    }
}
