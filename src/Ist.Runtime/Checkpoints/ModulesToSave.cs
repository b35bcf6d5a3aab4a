using System.Collections.Immutable;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// peft's <c>modules_to_save</c>: modules of which the adapter has a whole trained copy. As in peft (<c>utils/other.py</c>,
/// <c>_set_trainable</c>), a name means every module that ends in it, also without a dot before, and what is inside that module.
/// </summary>
/// <param name="Names">The names.</param>
public sealed record ModulesToSave(ImmutableArray<string> Names)
{
    /// <summary>No module.</summary>
    public static ModulesToSave None { get; } = new([]);

    /// <summary>Reads them.</summary>
    /// <exception cref="InputException">It is neither null nor a list of names.</exception>
    public static ModulesToSave Read(JsonConfig json) => json.Has("modules_to_save") ? new([.. json.GetStringOrList("modules_to_save")]) : None;

    /// <summary>Whether a module, given by its whole name, is saved.</summary>
    public bool Contains(string module) => Match(module) is not null;

    /// <summary>The key of a tensor of such a module in <c>adapter_model.safetensors</c>.</summary>
    public static string Key(string module, string tensor) => $"base_model.model.{module}.{tensor}";

    /// <summary>The name that a saved tensor has among the parameters of a peft model, where the copy stands inside a wrapper; another's own.</summary>
    public string NameInModel(string key)
    {
        for (int end = key.IndexOf('.', StringComparison.Ordinal); end >= 0; end = key.IndexOf('.', end + 1))
        {
            if (Names.Any(name => key.AsSpan(0, end).EndsWith(name, StringComparison.Ordinal)))
                return $"{key[..end]}.modules_to_save{key[end..]}";
        }
        return key;
    }

    /// <summary>Refuses names that no module bears.</summary>
    /// <param name="modules">The whole names of the model's modules.</param>
    /// <param name="slots">Those of them that have an adapter.</param>
    /// <param name="source">Where the names stand, for error messages.</param>
    /// <exception cref="InputException">Names it.</exception>
    public void Check(IReadOnlyCollection<string> modules, IEnumerable<string> slots, string source)
    {
        // peft writes both names of a classifier's head into every such configuration; a model has one of them.
        string[] missing = [.. Names.Where(name => !modules.Any(module => Ends(module, name)))];
        if (missing.Length == Names.Length && missing.Length > 0)
        {
            string[] endings = [.. modules.Select(m => m[(m.LastIndexOf('.') + 1)..]).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
            throw new InputException($"{source}: 'modules_to_save': {OneLine.Quote(missing[0])} is no module of this model"
                + $"{NearestName.Hint(missing[0], endings, 3)}; it has {OneLine.List(endings, 40)}");
        }
        if (slots.FirstOrDefault(Contains) is string both)
            throw new InputException($"{source}: 'modules_to_save' and 'target_modules' both mean {both}; leave it out of one of them");
    }

    /// <summary>As peft writes it.</summary>
    internal object? ToJsonValue() => Names.IsEmpty ? null : Names;

    private string? Match(string module) => Names.FirstOrDefault(name => Ends(module, name));

    private static bool Ends(string module, string name)
    {
        for (int end = module.Length; end > 0; end = module.LastIndexOf('.', end - 1))
        {
            if (module.AsSpan(0, end).EndsWith(name, StringComparison.Ordinal))
                return true;
        }
        return false;
    }
}
