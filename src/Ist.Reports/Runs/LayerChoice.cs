using System.Globalization;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Sparse;

namespace Ist.Reports.Runs;

/// <summary>How a run chose its layers: what <c>ist_state.json</c> says at the end, or in the newest checkpoint of a run that was stopped.</summary>
/// <param name="Policy">The policy's name.</param>
/// <param name="Step">Steps done when it was written.</param>
/// <param name="ActiveLayers">Layers that a step trains.</param>
/// <param name="Counts">For each layer, the steps that trained it.</param>
/// <param name="Importance">I, for each layer the logit of being safe to suppress; null of a policy that learns none.</param>
internal sealed record LayerChoice(string Policy, int Step, int ActiveLayers, IReadOnlyList<long> Counts, IReadOnlyList<double>? Importance)
{
    /// <summary>Whether steps train some layers and leave others out.</summary>
    public bool IsSparse => ActiveLayers < Counts.Count || Importance is not null;

    /// <summary>Reads it.</summary>
    /// <returns>Null where the folder has none.</returns>
    /// <exception cref="Ist.Runtime.InputException">The file is damaged.</exception>
    public static LayerChoice? Load(string folder)
    {
        string? path = Candidates(folder).FirstOrDefault(File.Exists);
        if (path is null)
            return null;
        JsonConfig state = JsonConfig.Load(path);
        return new LayerChoice(
            state.GetString("policy"), state.GetInt("step"), state.GetInt("active_layers"), [.. state.GetDoubles("counts").Select(count => (long)count)],
            state.Has("importance") ? state.GetDoubles("importance") : null);
    }

    private static IEnumerable<string> Candidates(string folder) => Directory.EnumerateDirectories(folder, "checkpoint-*")
        .OrderByDescending(checkpoint => int.TryParse(Path.GetFileName(checkpoint)["checkpoint-".Length..], CultureInfo.InvariantCulture, out int step) ? step : -1)
        .Prepend(folder)
        .Select(where => Path.Combine(where, SelectionState.FileName));
}
