using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>All memory of a training run, in the order in which it is cut from the arena.</summary>
internal sealed class TrainingLayout(IModel model, ParameterSet parameters, AdamW optimizer, bool packsWeights)
{
    /// <summary>The loss of each row of the batch.</summary>
    public Act<One> Losses { get; private set; }

    /// <summary>What the layers keep at most, whatever the policy chooses.</summary>
    /// <exception cref="InputException">The model's stack is not made for gradient checkpointing, which the options ask for.</exception>
    public static KeptLayers Kept(IModel model, ParameterSet parameters, TrainingOptions options, ISelectionPolicy policy)
    {
        if (options.GradientCheckpointing && !model.OffersCheckpointing)
            throw new InputException("gradient-checkpointing is on, but the model's stack is not declared [Checkpointed]; leave it out, or declare it so.");
        return new KeptLayers(policy.ActiveLayers, parameters.TrainsInput ? 0 : policy.LowestLayer, options.GradientCheckpointing);
    }

    /// <summary>The run's optimizer, without memory yet.</summary>
    /// <exception cref="InputException">The moments of inactive layers are to be freed, and no layer ever is.</exception>
    public static AdamW OptimizerOf(IModel model, TrainingOptions options, ISelectionPolicy policy)
    {
        InactiveMoments inactive = options.InactiveMoments ?? policy.InactiveMoments;
        if (inactive == InactiveMoments.Free && options.InactiveMoments is not null && policy.ActiveLayers >= model.LayerCount)
            throw new InputException($"state is free, but a step trains all {model.LayerCount} layers, so that no moments can be freed; leave it out, or train fewer layers in every step.");
        return new AdamW(options.WeightDecay, inactive);
    }

    /// <summary>Rows of a sequence at most: its tokens, and virtual ones before them.</summary>
    public static int TimeOf(IModel model, TrainingOptions options) => options.MaxLength + model.Contents.VirtualTokens.Prompt;

    /// <summary>What a run needs, by kind; the base weights among it.</summary>
    /// <param name="model">The model, which is laid out.</param>
    /// <param name="widths">Its widths.</param>
    /// <param name="options">The run's numbers.</param>
    /// <param name="policy">Chooses the layers of each step.</param>
    /// <param name="kept">What its layers keep.</param>
    public static MemoryPlan Measure(IModel model, Widths widths, TrainingOptions options, ISelectionPolicy policy, KeptLayers kept)
    {
        var layout = new TrainingLayout(model, new ParameterSet(model.Contents), OptimizerOf(model, options, policy), options.PackWeights);
        return BaseWeights.AddTo(
            Arena.Measure(Purpose.Training, widths, options.Sequences, TimeOf(model, options), layout.Reserve, kept, precision: options.Precision),
            model.Contents, options.Precision);
    }

    /// <summary>Takes the memory. Called twice, first to measure.</summary>
    public void Reserve(Arena arena)
    {
        parameters.Reserve(arena);
        optimizer.Reserve(arena, parameters.All);
        if (packsWeights)
            model.Contents.Pack(arena);
        model.Allocate(arena);
        Losses = arena.Scratch<One>();
    }
}
