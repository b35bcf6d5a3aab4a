using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// Which modules get an adapter. Modules are given by their whole names in the Hugging Face model, such as
/// <c>model.layers.0.self_attn.q_proj</c>. Source: peft 0.17 <c>tuners/tuners_utils.py</c> (<c>check_target_module_exists</c>).
/// </summary>
public sealed class ModuleTargets
{
    private readonly string _source;
    /// <summary>
    /// The heads that <c>all-linear</c> leaves out, with what is inside them: output embeddings, and the heads of classifiers. Source:
    /// peft 0.17 <c>tuners_utils.py</c>, <c>_maybe_include_all_linear_layers</c>, and <c>utils/constants.py</c>, <c>SEQ_CLS_HEAD_NAMES</c>.
    /// </summary>
    private static readonly string[] _heads = ["lm_head", "embed_out", "classifier", "score"];

    private readonly Regex[] _layers;

    /// <summary>Prepares a configuration's patterns.</summary>
    /// <param name="targets"><c>target_modules</c>.</param>
    /// <param name="exclude"><c>exclude_modules</c>, or null.</param>
    /// <param name="source">Where it comes from (a file, an option), for error messages.</param>
    /// <param name="layersToTransform"><c>layers_to_transform</c>; empty for all.</param>
    /// <param name="layersPattern"><c>layers_pattern</c>; empty for any.</param>
    /// <exception cref="InputException">A pattern isn't valid.</exception>
    public ModuleTargets(
        ModuleSelector targets, ModuleSelector? exclude, string source,
        ImmutableArray<int> layersToTransform = default, ImmutableArray<string> layersPattern = default)
    {
        Targets = targets;
        Exclude = exclude;
        _source = source;
        LayersToTransform = layersToTransform.IsDefault ? [] : layersToTransform;
        string[] lists = layersPattern.IsDefaultOrEmpty ? ["[^.]*"] : [.. layersPattern];
        _layers = [.. lists.Select(p => PythonRegex.Compile(Origin("layers_pattern"), p, @"\A.*\.", @"\.(?<layer>[0-9]+)\."))];
    }

    /// <summary><c>target_modules</c>.</summary>
    public ModuleSelector Targets { get; }

    /// <summary><c>exclude_modules</c>, or null.</summary>
    public ModuleSelector? Exclude { get; }

    /// <summary><c>layers_to_transform</c>; empty for all.</summary>
    public ImmutableArray<int> LayersToTransform { get; }

    /// <summary>Whether what a module gets may depend on its layer.</summary>
    public bool DependsOnLayer =>
        Targets.MayDependOnLayer || Exclude is not null || !LayersToTransform.IsEmpty;

    /// <summary>Whether a module gets an adapter. It is taken to be one that can have an adapter.</summary>
    /// <exception cref="InputException">A pattern takes too long.</exception>
    public bool Contains(string module)
    {
        if (Exclude?.Matches(module) == true)
            return false;
        if (Targets == ModuleSelector.AllLinear)
            return !_heads.Any(head => module == head || module.StartsWith(head + ".", StringComparison.Ordinal));
        if (!Targets.Matches(module))
            return false;
        // A module named in full is targeted whatever its layer.
        if (LayersToTransform.IsEmpty || Targets.Names.Contains(module))
            return true;
        return LayerOf(module) is int layer && LayersToTransform.Contains(layer);
    }

    /// <summary>The targeted ones of <paramref name="modules"/>, in their order.</summary>
    /// <param name="modules">The names of all modules that can have an adapter.</param>
    /// <exception cref="InputException">An entry of <c>target_modules</c> matches none of them, or none of them is left.</exception>
    public IReadOnlyList<string> Resolve(IReadOnlyCollection<string> modules)
    {
        foreach (string entry in Targets.Names)
        {
            if (!modules.Any(m => ModuleSelector.Matches(entry, m)))
                throw NothingMatches(entry, modules);
        }
        string[] targeted = [.. modules.Where(Contains)];
        if (targeted.Length > 0)
            return targeted;
        if (Targets.Pattern is string pattern)
            throw NothingMatches(pattern, modules);
        throw new InputException($"{Origin("target_modules")}: no module is left after exclude_modules and layers_to_transform; loosen them");
    }

    private int? LayerOf(string module)
    {
        foreach (Regex pattern in _layers)
        {
            Match match = PythonRegex.Match(pattern, Origin("layers_pattern"), module);
            if (match.Success)
                return int.TryParse(match.Groups["layer"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int layer) ? layer : null;
        }
        return null;
    }

    private InputException NothingMatches(string entry, IReadOnlyCollection<string> modules)
    {
        string[] endings = [.. modules.Select(m => m[(m.LastIndexOf('.') + 1)..]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new InputException($"{Origin("target_modules")}: {OneLine.Quote(entry)} matches no module of this model"
            + $"{NearestName.Hint(entry, endings.Concat(modules), 3)}; it has {OneLine.List(endings, 40)}");
    }

    private string Origin(string key) => $"{_source}: '{key}'";
}
