using System.Globalization;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>What the small files beside a tokenizer say: <c>tokenizer_config.json</c> and those it took over from.</summary>
internal sealed class SpecialTokenFiles
{
    private readonly JsonConfig? _config;
    private readonly JsonConfig? _map;
    private readonly JsonConfig? _addedTokens;
    private readonly JsonConfig?[] _modelConfigs;

    /// <summary>Reads those files that a folder has.</summary>
    /// <exception cref="InputException">One isn't JSON.</exception>
    public SpecialTokenFiles(string folder)
    {
        _config = Load(folder, "tokenizer_config.json");
        _map = Load(folder, "special_tokens_map.json");
        _addedTokens = Load(folder, "added_tokens.json");
        _modelConfigs = [Load(folder, "generation_config.json"), Load(folder, "config.json")];
    }

    /// <summary>Hugging Face's class of the tokenizer, without the suffix Fast; null where unknown.</summary>
    public string? TokenizerClass => _config?.GetStringOrNull("tokenizer_class") is { } name
        ? name.EndsWith("Fast", StringComparison.Ordinal) ? name[..^4] : name
        : null;

    /// <summary>A switch of <c>tokenizer_config.json</c>, or null where it isn't set.</summary>
    public bool? Switch(string key) => _config?.Has(key) == true ? _config.GetBool(key) : null;

    /// <summary>The token under a key such as <c>cls_token</c>, or null where no file names one.</summary>
    public string? Token(string key) => Name(key)?.Content;

    /// <summary>
    /// The tokens of <c>added_tokens_decoder</c>, which matters where there is no <c>tokenizer.json</c>. Tokenizers without that
    /// file look for them in raw text only.
    /// </summary>
    public IEnumerable<AddedToken> AddedTokensDecoder()
    {
        if (_config?.GetObjectOrNull("added_tokens_decoder") is not { } tokens)
            yield break;
        foreach (string key in tokens.Keys)
        {
            yield return int.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out int id)
                ? AddedTokenReader.Read(tokens.GetObject(key), id) with { Normalized = false }
                : throw tokens.Fault(key, "isn't an id; keys here are the added tokens' ids");
        }
    }

    /// <summary>The tokens of a model with those that these files add.</summary>
    /// <param name="model">The vocabulary.</param>
    /// <param name="tokens">What the tokenizer's own file adds.</param>
    /// <param name="defaults">The roles' tokens where no file names them.</param>
    public List<AddedToken> Complete(ITokenModel model, IEnumerable<AddedToken> tokens, RoleTokens defaults)
    {
        List<AddedToken> all = [.. tokens];
        var known = all.Select(t => t.Content).ToHashSet();
        if (_addedTokens is not null)
        {
            foreach ((string content, int id) in _addedTokens.GetIds())
            {
                if (known.Add(content))
                    all.Add(new AddedToken(id, content, Special: IsRole(content, defaults)));
            }
        }
        // A token with a role is special even where its file takes it for an ordinary one.
        foreach (string content in RoleNames(defaults))
        {
            if (model.TokenToId(content) is { } id && known.Add(content))
                all.Add(new AddedToken(id, content));
        }
        return all;
    }

    /// <summary>The ids with a role.</summary>
    /// <exception cref="InputException">A file names a token or id that the vocabulary lacks.</exception>
    public SpecialIds Resolve(AddedVocabulary vocabulary, RoleTokens defaults)
    {
        int? eos = Id("eos", defaults.Eos, vocabulary);
        // A chat model may end a turn by other tokens than the one that ends a text.
        List<int> allEos = eos is { } first ? [first] : [];
        allEos.AddRange(ModelIds("eos", vocabulary).Where(id => id != eos));
        return new SpecialIds(Id("bos", defaults.Bos, vocabulary), eos, Id("pad", defaults.Pad, vocabulary), Id("unk", defaults.Unk, vocabulary), allEos);
    }

    private int? Id(string role, string? fallback, AddedVocabulary vocabulary)
    {
        string key = role + "_token";
        if (Name(key) is { } named)
        {
            return vocabulary.TokenToId(named.Content) ?? throw named.File.Fault(key,
                $"is {OneLine.Quote(named.Content)}, which the tokenizer's vocabulary lacks; add it to the tokenizer's file or set the key to null");
        }
        if (fallback is not null && vocabulary.TokenToId(fallback) is { } id)
            return id;
        List<int> ids = ModelIds(role, vocabulary);
        return ids.Count > 0 ? ids[0] : null;
    }

    private List<int> ModelIds(string role, AddedVocabulary vocabulary)
    {
        string key = role + "_token_id";
        foreach (JsonConfig file in _modelConfigs.OfType<JsonConfig>().Where(f => f.Has(key)))
        {
            List<int> ids = [.. file.GetIntOrList(key)];
            foreach (int id in ids.Where(id => vocabulary.IdToToken(id) is null))
                throw file.Fault(key, $"is {id}, which is no token's id; the tokenizer's ids are below {vocabulary.VocabSize}");
            return ids;
        }
        return [];
    }

    private bool IsRole(string content, RoleTokens defaults) => RoleNames(defaults).Contains(content);

    private IEnumerable<string> RoleNames(RoleTokens defaults)
    {
        string?[] names = [Name("bos_token")?.Content ?? defaults.Bos, Name("eos_token")?.Content ?? defaults.Eos,
            Name("pad_token")?.Content ?? defaults.Pad, Name("unk_token")?.Content ?? defaults.Unk];
        return names.OfType<string>();
    }

    private (string Content, JsonConfig File)? Name(string key)
    {
        foreach (JsonConfig? file in (ReadOnlySpan<JsonConfig?>)[_config, _map])
        {
            if (file?.Has(key) == true)
            {
                bool isObject = file.Kind(key) == System.Text.Json.JsonValueKind.Object;
                return (isObject ? file.GetObject(key).GetString("content") : file.GetString(key), file);
            }
        }
        return null;
    }

    private static JsonConfig? Load(string folder, string name)
    {
        string path = Path.Combine(folder, name);
        return File.Exists(path) ? JsonConfig.Load(path) : null;
    }
}
