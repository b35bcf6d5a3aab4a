using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>All memory of a training run, in the order in which it is cut from the arena.</summary>
internal sealed class TrainingLayout(IModel model, ParameterSet parameters, AdamW optimizer)
{
    /// <summary>The loss of each row of the batch.</summary>
    public Act<One> Losses { get; private set; }

    /// <summary>Takes the memory. Called twice, first to measure.</summary>
    public void Reserve(Arena arena)
    {
        parameters.Reserve(arena);
        optimizer.Reserve(arena, parameters.All);
        model.Allocate(arena);
        Losses = arena.Scratch<One>();
    }
}
