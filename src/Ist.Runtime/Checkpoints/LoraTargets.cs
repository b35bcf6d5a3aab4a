using System.Globalization;
using System.Text.RegularExpressions;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// Which modules a LoRA configuration targets, and with what rank and alpha. Modules are given by their whole names in the
/// Hugging Face model, such as <c>model.layers.0.self_attn.q_proj</c>. Source: peft 0.17 <c>tuners/tuners_utils.py</c>
/// (<c>check_target_module_exists</c>), <c>utils/other.py</c> (<c>get_pattern_key</c>), <c>tuners/lora/model.py</c>.
/// </summary>
public sealed class LoraTargets
{
    private readonly LoraAdapterConfig _config;
    private readonly string _source;
    private readonly string? _outputHead;
    private readonly Regex[] _layers;
    private readonly (Regex Name, int Rank)[] _ranks;
    private readonly (Regex Name, double Alpha)[] _alphas;

    /// <summary>Prepares a configuration's patterns.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="source">Where it comes from (a file, an option), for error messages.</param>
    /// <param name="outputHead">The module that <c>all-linear</c> leaves out, such as <c>lm_head</c>; or null.</param>
    /// <exception cref="InputException">A pattern isn't valid.</exception>
    public LoraTargets(LoraAdapterConfig config, string source, string? outputHead)
    {
        _config = config;
        _source = source;
        _outputHead = outputHead;
        string[] lists = config.LayersPattern.IsEmpty ? ["[^.]*"] : [.. config.LayersPattern];
        _layers = [.. lists.Select(p => PythonRegex.Compile(Origin("layers_pattern"), p, @"\A.*\.", @"\.(?<layer>[0-9]+)\."))];
        _ranks = [.. config.RankPattern.Select(p => (NameEnd("rank_pattern", p.Key), p.Value))];
        _alphas = [.. config.AlphaPattern.Select(p => (NameEnd("alpha_pattern", p.Key), p.Value))];
    }

    /// <summary>The adapter of a module, or null where it gets none. The module is taken to be one that can have an adapter.</summary>
    /// <exception cref="InputException">A pattern takes too long.</exception>
    public LoraTarget? Match(string module)
    {
        if (!IsTargeted(module))
            return null;
        int rank = _config.R;
        double alpha = _config.LoraAlpha;
        foreach ((Regex name, int value) in _ranks)
        {
            if (PythonRegex.Match(name, Origin("rank_pattern"), module).Success)
            {
                rank = value;
                break;
            }
        }
        foreach ((Regex name, double value) in _alphas)
        {
            if (PythonRegex.Match(name, Origin("alpha_pattern"), module).Success)
            {
                alpha = value;
                break;
            }
        }
        return new LoraTarget(rank, alpha, alpha / (_config.UseRslora ? Math.Sqrt(rank) : rank));
    }

    /// <summary>The adapters of all targeted modules, in the order of <paramref name="modules"/>.</summary>
    /// <param name="modules">The names of all modules that can have an adapter.</param>
    /// <exception cref="InputException">An entry of <c>target_modules</c> matches none of them, or none of them is left.</exception>
    public IReadOnlyList<KeyValuePair<string, LoraTarget>> Resolve(IReadOnlyCollection<string> modules)
    {
        foreach (string entry in _config.TargetModules.Names)
        {
            if (!modules.Any(m => ModuleSelector.Matches(entry, m)))
                throw NothingMatches(entry, modules);
        }
        var targets = new List<KeyValuePair<string, LoraTarget>>();
        foreach (string module in modules)
        {
            if (Match(module) is LoraTarget target)
                targets.Add(KeyValuePair.Create(module, target));
        }
        if (targets.Count > 0)
            return targets;
        if (_config.TargetModules.Pattern is string pattern)
            throw NothingMatches(pattern, modules);
        throw new InputException($"{Origin("target_modules")}: no module is left after exclude_modules and layers_to_transform; loosen them");
    }

    private bool IsTargeted(string module)
    {
        if (_config.ExcludeModules?.Matches(module) == true)
            return false;
        ModuleSelector targets = _config.TargetModules;
        if (targets == ModuleSelector.AllLinear)
            return module != _outputHead;
        if (!targets.Matches(module))
            return false;
        // A module named in full is targeted whatever its layer.
        if (_config.LayersToTransform.IsEmpty || targets.Names.Contains(module))
            return true;
        return LayerOf(module) is int layer && _config.LayersToTransform.Contains(layer);
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

    private Regex NameEnd(string key, string pattern) => PythonRegex.Compile(Origin(key), pattern, @"\A(.*\.)?(", ")$");

    private InputException NothingMatches(string entry, IReadOnlyCollection<string> modules)
    {
        string[] endings = [.. modules.Select(m => m[(m.LastIndexOf('.') + 1)..]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return new InputException($"{Origin("target_modules")}: {OneLine.Quote(entry)} matches no module of this model"
            + $"{NearestName.Hint(entry, endings.Concat(modules), 3)}; it has {OneLine.List(endings, 40)}");
    }

    private string Origin(string key) => $"{_source}: '{key}'";
}
