using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Sparse;

/// <summary>
/// Chooses the layers that each optimizer step trains. What it does at a step depends on the seed, the step and its saved
/// state alone, so a resumed run chooses as one that was never stopped.
/// </summary>
public interface ISelectionPolicy
{
    /// <summary>Its name on the command line and in <c>ist_state.json</c>.</summary>
    string Name { get; }

    /// <summary>How many layers a step trains, at most.</summary>
    int ActiveLayers { get; }

    /// <summary>The lowest layer that any step may train; those below it need no buffers for a backward pass.</summary>
    int LowestLayer => 0;

    /// <summary>Rows of a probe batch; 0 for a policy that never probes.</summary>
    int ProbeRows { get; }

    /// <summary>Whether the model is to be probed before this step.</summary>
    /// <param name="step">Optimizer steps done so far: 0 for the first.</param>
    bool NeedsProbe(int step);

    /// <summary>Learns from the model's losses on a probe batch. Called before <see cref="Select"/> of the same step.</summary>
    void Probe(int step, IProbe probe);

    /// <summary>Sets the plan of a step. Allocates nothing.</summary>
    void Select(int step, LayerPlan plan);

    /// <summary>Adds what a resumed run needs, and what people want to see, to the keys of <c>ist_state.json</c>.</summary>
    void Save(IDictionary<string, object?> state);

    /// <summary>Goes on from what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InputException">The state is of a run with other options; names the key that differs.</exception>
    void Restore(JsonConfig state);
}
