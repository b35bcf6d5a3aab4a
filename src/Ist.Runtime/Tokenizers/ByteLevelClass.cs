namespace Ist.Runtime.Tokenizers;

/// <summary>
/// What Hugging Face's classes for <c>vocab.json</c> and <c>merges.txt</c> have in their code, as these files don't say it.
/// Source: Hugging Face transformers, <c>tokenization_{gpt2,roberta,qwen2}.py</c>.
/// </summary>
/// <param name="Normalizer">Changes text, or null.</param>
/// <param name="PreTokenizer">Cuts text into words.</param>
/// <param name="Roles">The tokens with a role where no file names them.</param>
/// <param name="AddBos">Whether BOS goes before a text unless <c>tokenizer_config.json</c> says otherwise.</param>
/// <param name="AddEos">Whether EOS goes after it.</param>
internal sealed record ByteLevelClass(INormalizer? Normalizer, IPreTokenizer PreTokenizer, RoleTokens Roles, bool AddBos, bool AddEos)
{
    private const string EndOfText = "<|endoftext|>";

    /// <summary>Finds a class by its name without the suffix Fast; files without a name are GPT-2's. Null where it isn't built in.</summary>
    public static ByteLevelClass? Find(string? name, bool addPrefixSpace) => name switch
    {
        null or "GPT2Tokenizer" => new ByteLevelClass(null, new ByteLevelPreTokenizer(addPrefixSpace, useRegex: true),
            new RoleTokens(EndOfText, EndOfText, Pad: null, EndOfText), AddBos: false, AddEos: false),
        "RobertaTokenizer" => new ByteLevelClass(null, new ByteLevelPreTokenizer(addPrefixSpace, useRegex: true),
            new RoleTokens("<s>", "</s>", "<pad>", "<unk>"), AddBos: true, AddEos: true),
        "Qwen2Tokenizer" => new ByteLevelClass(new UnicodeNormalizer(compatibility: false, compose: true), Qwen2(addPrefixSpace),
            new RoleTokens(Bos: null, EndOfText, EndOfText, EndOfText), AddBos: false, AddEos: false),
        _ => null,
    };

    private static SequencePreTokenizer Qwen2(bool addPrefixSpace)
    {
        const string words = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";
        return new SequencePreTokenizer(
        [
            new SplitPreTokenizer(new RegexPattern(OnigurumaRegex.Compile(words)), SplitBehavior.Isolated),
            new ByteLevelPreTokenizer(addPrefixSpace, useRegex: false),
        ]);
    }
}
