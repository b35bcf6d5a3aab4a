using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// What the forward pass of a step leaves for its backward pass, for each draw that a policy can make: <see cref="MemoryKind.SavedActivations"/>
/// of the plan for that draw, measured before the run since measuring lays the model out.
/// </summary>
internal sealed class SavedBytes
{
    private readonly Dictionary<(int Active, int Lowest), long> _bytes = [];

    /// <summary>Measures them.</summary>
    public SavedBytes(IModel model, Widths widths, ParameterSet parameters, TrainingOptions options, ISelectionPolicy policy)
    {
        KeptLayers kept = TrainingLayout.Kept(model, parameters, options, policy);
        int[] counts = [.. Enumerable.Range(0, options.Steps).Select(policy.ActiveIn).Distinct()];
        for (int lowest = kept.Lowest; lowest <= model.LayerCount; lowest++)
        {
            foreach (int active in counts)
                _bytes[(active, lowest)] = TrainingLayout.Measure(model, widths, options, policy, kept with { Trained = active, Lowest = lowest })[MemoryKind.SavedActivations];
        }
    }

    /// <summary>Those of a plan.</summary>
    /// <exception cref="InvalidOperationException">The policy trains other layers than it says.</exception>
    public long this[LayerPlan plan] => _bytes.TryGetValue((plan.Active, plan.Lowest), out long bytes)
        ? bytes
        : throw new InvalidOperationException($"The plan trains {plan.Active} layers down to {plan.Lowest}, which the policy's ActiveIn and LowestLayer do not say.");
}
