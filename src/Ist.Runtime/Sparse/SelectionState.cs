using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Sparse;

/// <summary>
/// <c>ist_state.json</c>: the policy, its options and what it has learnt, and how often each layer was trained. The counts
/// add up to the layers that all steps trained. A side file, so that the adapter's folder stays as peft writes it.
/// </summary>
public static class SelectionState
{
    /// <summary>The file's name.</summary>
    public const string FileName = "ist_state.json";

    /// <summary>Writes the file.</summary>
    /// <param name="path">Where to.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="step">Optimizer steps done.</param>
    /// <param name="counts">For each layer, the steps that trained it.</param>
    /// <exception cref="RunException">It can't be written.</exception>
    public static void Write(string path, ISelectionPolicy policy, int step, ReadOnlySpan<long> counts)
    {
        var state = new Dictionary<string, object?>
        {
            ["policy"] = policy.Name,
            ["active_layers"] = policy.ActiveLayers,
            ["step"] = step,
            ["counts"] = counts.ToArray(),
        };
        policy.Save(state);
        AtomicFile.WriteAllText(path, PythonJson.Dumps(state) + "\n");
    }

    /// <summary>Reads the file into a policy that was made with the same options.</summary>
    /// <param name="path">Where from.</param>
    /// <param name="policy">Receives its state.</param>
    /// <param name="step">Optimizer steps that the file must be of.</param>
    /// <param name="counts">Receives, for each layer, the steps that trained it.</param>
    /// <exception cref="InputException">It can't be read, is damaged, or is of other options.</exception>
    public static void Read(string path, ISelectionPolicy policy, int step, Span<long> counts)
    {
        JsonConfig state = JsonConfig.Load(path);
        state.RequireSame("policy", policy.Name);
        state.RequireSame("active_layers", policy.ActiveLayers);
        state.RequireSame("step", step);
        state.GetCounts("counts", counts);
        long sum = 0, expected = 0;
        foreach (long count in counts)
            sum += count;
        for (int done = 0; done < step; done++)
            expected += policy.ActiveIn(done);
        if (sum != expected)
            throw state.Fault("counts", $"adds up to {sum}, but {step} steps train {expected} layers; the file is damaged, resume from an earlier checkpoint");
        policy.Restore(state);
    }
}
