using System.Text.RegularExpressions;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// Which modules a LoRA configuration targets, and with what rank and alpha. Modules are given by their whole names in the
/// Hugging Face model, such as <c>model.layers.0.self_attn.q_proj</c>. Source: peft 0.17 <c>utils/other.py</c>
/// (<c>get_pattern_key</c>), <c>tuners/lora/model.py</c>.
/// </summary>
public sealed class LoraTargets
{
    private readonly LoraAdapterConfig _config;
    private readonly string _source;
    private readonly ModuleTargets _modules;
    private readonly (Regex Name, int Rank)[] _ranks;
    private readonly (Regex Name, double Alpha)[] _alphas;

    /// <summary>Prepares a configuration's patterns.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="source">Where it comes from (a file, an option), for error messages.</param>
    /// <exception cref="InputException">A pattern isn't valid.</exception>
    public LoraTargets(LoraAdapterConfig config, string source)
    {
        _config = config;
        _source = source;
        _modules = new ModuleTargets(config.TargetModules, config.ExcludeModules, source, config.LayersToTransform, config.LayersPattern);
        _ranks = [.. config.RankPattern.Select(p => (NameEnd("rank_pattern", p.Key), p.Value))];
        _alphas = [.. config.AlphaPattern.Select(p => (NameEnd("alpha_pattern", p.Key), p.Value))];
    }

    /// <summary>Whether what a module gets may depend on its layer.</summary>
    public bool DependsOnLayer => _modules.DependsOnLayer;

    /// <summary>The adapter of a module, or null where it gets none. The module is taken to be one that can have an adapter.</summary>
    /// <exception cref="InputException">A pattern takes too long.</exception>
    public LoraTarget? Match(string module)
    {
        if (!_modules.Contains(module))
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
    public IReadOnlyList<KeyValuePair<string, LoraTarget>> Resolve(IReadOnlyCollection<string> modules) =>
        [.. _modules.Resolve(modules).Select(module => KeyValuePair.Create(module, Match(module)!.Value))];

    private Regex NameEnd(string key, string pattern) => PythonRegex.Compile(Origin(key), pattern, @"\A(.*\.)?(", ")$");

    private string Origin(string key) => $"{_source}: '{key}'";
}
