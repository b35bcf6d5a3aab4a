using System.Text.Json;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Optimizers;

namespace Ist.Runtime.Sparse;

/// <summary>
/// Chooses the layers that each optimizer step trains. What it does at a step depends on the seed, the step and its saved
/// state alone, so a resumed run chooses as one that was never stopped. A policy that only chooses implements the first
/// three members.
/// </summary>
public interface ISelectionPolicy
{
    /// <summary>Its name on the command line and in <c>ist_state.json</c>.</summary>
    string Name { get; }

    /// <summary>How many layers a step trains, at most.</summary>
    int ActiveLayers { get; }

    /// <summary>Sets the plan of a step. Allocates nothing.</summary>
    /// <param name="step">Optimizer steps done so far: 0 for the first.</param>
    /// <param name="plan">Receives the layers.</param>
    void Select(int step, LayerPlan plan);

    /// <summary>How many layers this step trains.</summary>
    int ActiveIn(int step) => ActiveLayers;

    /// <summary>The lowest layer that any step may train; those below it need no buffers for a backward pass.</summary>
    int LowestLayer => 0;

    /// <summary>Steps for which a choice is held.</summary>
    int HoldSteps => 1;

    /// <summary>What becomes of the moments of layers that a step leaves out, unless the run's options say so.</summary>
    InactiveMoments InactiveMoments => InactiveMoments.Keep;

    /// <summary>Rows of a probe batch; 0 for a policy that never probes.</summary>
    int ProbeRows => 0;

    /// <summary>Whether the model is to be probed before this step.</summary>
    bool NeedsProbe(int step) => false;

    /// <summary>Learns from the model's losses on a probe batch. Called before <see cref="Select"/> of the same step.</summary>
    void Probe(int step, IProbe probe)
    {
    }

    /// <summary>Whether <see cref="Observe"/> is to be called; norms are not measured for a policy that does not ask.</summary>
    bool ObservesGradients => false;

    /// <summary>Learns from the gradients of the layers that the step trained. Called once a step, behind <see cref="Select"/>; allocates nothing.</summary>
    /// <param name="plan">The step's layers.</param>
    /// <param name="norms">
    /// For each layer of the plan the mean gradient norm before clipping, the root mean square of its parameters' gradients: ||g|| / sqrt(n)
    /// for n numbers. 0 for other layers.
    /// </param>
    void Observe(LayerPlan plan, ReadOnlySpan<double> norms)
    {
    }

    /// <summary>Whether <see cref="ObserveScales"/> is to be called.</summary>
    bool ObservesScales => false;

    /// <summary>
    /// Learns from the gradients of the loss by the factors that the layers' adapters' outputs are multiplied by. Called once a step, behind
    /// <see cref="Select"/>; allocates nothing.
    /// </summary>
    /// <param name="plan">The step's layers.</param>
    /// <param name="loss">The step's mean loss per trained token, in nats.</param>
    /// <param name="gradients">For each layer of the plan dL/df at f = 1. 0 for other layers.</param>
    void ObserveScales(LayerPlan plan, double loss, ReadOnlySpan<double> gradients)
    {
    }

    /// <summary>What comparing candidates told before this step; null where there was no such event. Allocates nothing then.</summary>
    ProbeEvent? ProbeBefore(int step) => null;

    /// <summary>Adds what the policy learnt before this step to the members of the step's object in <c>metrics.jsonl</c>.</summary>
    void Report(int step, Utf8JsonWriter metrics)
    {
    }

    /// <summary>Adds what a resumed run needs, and what people want to see, to the keys of <c>ist_state.json</c>.</summary>
    void Save(IDictionary<string, object?> state)
    {
    }

    /// <summary>Goes on from what <see cref="Save"/> wrote.</summary>
    /// <exception cref="InputException">The state is of a run with other options; names the key that differs.</exception>
    void Restore(JsonConfig state)
    {
    }
}
