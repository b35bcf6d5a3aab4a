using System.Text;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads a WordPiece model from <c>vocab.txt</c>: a token a line, numbered from 0.</summary>
internal static class VocabText
{
    // Classes whose text goes through BertNormalizer and BertPreTokenizer and gets [CLS] and [SEP].
    private static readonly string[] _classes =
        ["BertTokenizer", "DistilBertTokenizer", "ElectraTokenizer", "MobileBertTokenizer", "ConvBertTokenizer", "LayoutLMTokenizer"];

    private static readonly UTF8Encoding _strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>The roles' tokens where no file names them.</summary>
    public static RoleTokens Roles { get; } = new(Bos: null, Eos: null, Pad: "[PAD]", Unk: "[UNK]");

    /// <summary>The stages of BERT with a file's vocabulary.</summary>
    /// <param name="path">The file.</param>
    /// <param name="files">The switches and special tokens beside it.</param>
    /// <exception cref="InputException">The file can't be read, lacks a special token, or its class cuts text in another way.</exception>
    public static Pipeline Read(string path, SpecialTokenFiles files)
    {
        if (files.TokenizerClass is { } name && !_classes.Contains(name))
            throw new InputException($"{path}: how {OneLine.Quote(name)} cuts text isn't in this file and not built in; save the model with its tokenizer.json");
        var vocabulary = new Vocabulary(ReadTokens(path), path);
        int Id(string key, string fallback)
        {
            string token = files.Token(key) ?? fallback;
            return vocabulary.Id(token)
                ?? throw new InputException($"{path} lacks the {key} {OneLine.Quote(token)}; add it, or name the right token in tokenizer_config.json");
        }
        int unk = Id("unk_token", "[UNK]"), cls = Id("cls_token", "[CLS]"), sep = Id("sep_token", "[SEP]");
        List<AddedToken> added = [.. files.AddedTokensDecoder()];
        string[] special = [vocabulary.Token(unk)!, vocabulary.Token(cls)!, vocabulary.Token(sep)!, files.Token("pad_token") ?? "[PAD]", files.Token("mask_token") ?? "[MASK]"];
        added.AddRange(special.Distinct().Except(added.Select(t => t.Content)).Where(t => vocabulary.Id(t) is not null)
            .Select(t => new AddedToken(vocabulary.Id(t)!.Value, t)));
        bool lowercase = files.Switch("do_lower_case") ?? true;
        return new Pipeline(
            new BertNormalizer(cleanText: true, files.Switch("tokenize_chinese_chars") ?? true, files.Switch("strip_accents") ?? lowercase, lowercase),
            PreTokenizerReader.Bert,
            new WordPieceModel(vocabulary, unk, WordPieceModelReader.Prefix, WordPieceModelReader.LongestWord),
            PostProcessor.Bert(cls, sep),
            new WordPieceDecoder(WordPieceModelReader.Prefix, cleanup: true),
            added);
    }

    private static Dictionary<string, int> ReadTokens(string path)
    {
        var ids = new Dictionary<string, int>();
        string[] lines;
        try
        {
            lines = _strict.GetString(InputFile.ReadAllBytes(path)).Split('\n');
        }
        catch (DecoderFallbackException e)
        {
            throw new InputException($"{path}: it isn't valid UTF-8; save the file as UTF-8", e);
        }
        int count = lines[^1].Length == 0 ? lines.Length - 1 : lines.Length;
        // Of equal lines the last counts, as in Hugging Face's code.
        for (int i = 0; i < count; i++)
            ids[lines[i].TrimEnd()] = i;
        return ids;
    }
}
