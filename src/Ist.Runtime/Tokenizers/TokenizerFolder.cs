using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Finds a model folder's tokenizer and puts together what its files say.</summary>
internal static class TokenizerFolder
{
    // These classes write the template of tokenizer.json anew from add_bos_token and add_eos_token, whatever the file says.
    private static readonly string[] _rewritingClasses = ["LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer"];

    /// <summary>Reads the folder's tokenizer.</summary>
    /// <exception cref="InputException">A file is missing or wrong, or asks for something that isn't supported.</exception>
    public static Tokenizer Load(string folder)
    {
        if (!Directory.Exists(folder))
            throw new InputException($"{folder}: there is no such folder; give the folder of the model's files");
        var files = new SpecialTokenFiles(folder);
        string json = Path.Combine(folder, "tokenizer.json");
        if (File.Exists(json))
            return LoadJson(json, files);
        string sentencePiece = Path.Combine(folder, "tokenizer.model");
        if (File.Exists(sentencePiece))
            return LoadSentencePiece(sentencePiece, files);
        string vocab = Path.Combine(folder, "vocab.json");
        if (File.Exists(vocab))
            return LoadVocabMerges(folder, vocab, files);
        string vocabText = Path.Combine(folder, "vocab.txt");
        if (File.Exists(vocabText))
            return Assemble(vocabText, VocabText.Read(vocabText, files), files, VocabText.Roles, addBos: null, addEos: null);
        throw new InputException($"{folder}: no tokenizer here, expected tokenizer.json, tokenizer.model, vocab.json with merges.txt, or vocab.txt; copy it from the model's origin");
    }

    private static Tokenizer LoadJson(string path, SpecialTokenFiles files)
    {
        Pipeline pipeline = TokenizerJson.Read(path);
        // Hugging Face's classes let the switches of tokenizer_config.json overrule the normalizer.
        if (pipeline.Normalizer is BertNormalizer bert)
            pipeline = pipeline with { Normalizer = bert.With(files.Switch("do_lower_case"), files.Switch("strip_accents"), files.Switch("tokenize_chinese_chars")) };
        bool rewrites = _rewritingClasses.Contains(files.TokenizerClass) && (files.Switch("add_bos_token") ?? files.Switch("add_eos_token")) is not null;
        return rewrites
            ? Assemble(path, pipeline, files, RoleTokens.None, files.Switch("add_bos_token") ?? true, files.Switch("add_eos_token") ?? false)
            : Assemble(path, pipeline, files, RoleTokens.None, addBos: null, addEos: null);
    }

    private static Tokenizer LoadSentencePiece(string path, SpecialTokenFiles files)
    {
        SentencePieceFile file = SentencePieceFileReader.Read(path);
        var model = new SentencePieceModel(file, path);
        var pipeline = new Pipeline(new SentencePieceNormalizer(file), null, model, PostProcessor.None, new SentencePieceDecoder(file), [.. files.AddedTokensDecoder()]);
        return Assemble(path, pipeline, files, file.Roles, files.Switch("add_bos_token") ?? true, files.Switch("add_eos_token") ?? false);
    }

    private static Tokenizer LoadVocabMerges(string folder, string vocab, SpecialTokenFiles files)
    {
        ByteLevelClass kind = ByteLevelClass.Find(files.TokenizerClass, files.Switch("add_prefix_space") ?? false) ?? throw new InputException(
            $"{vocab}: how {OneLine.Quote(files.TokenizerClass!)} cuts text isn't in this file and not built in; save the model with its tokenizer.json");
        // OpenAI's own name for the merges of GPT-2.
        string original = Path.Combine(folder, "vocab.bpe");
        string merges = Path.Combine(folder, "merges.txt");
        BpeModel model = VocabMerges.Read(vocab, !File.Exists(merges) && File.Exists(original) ? original : merges);
        var pipeline = new Pipeline(kind.Normalizer, kind.PreTokenizer, model, PostProcessor.None, new ByteLevelDecoder(), [.. files.AddedTokensDecoder()]);
        return Assemble(vocab, pipeline, files, kind.Roles, files.Switch("add_bos_token") ?? kind.AddBos, kind.AddEos);
    }

    private static Tokenizer Assemble(string source, Pipeline pipeline, SpecialTokenFiles files, RoleTokens defaults, bool? addBos, bool? addEos)
    {
        var vocabulary = new AddedVocabulary(pipeline.Model, files.Complete(pipeline.Model, pipeline.AddedTokens, defaults), pipeline.Normalizer, source);
        SpecialIds special = files.Resolve(vocabulary, defaults);
        if (addBos is not null || addEos is not null)
        {
            pipeline = pipeline with
            {
                PostProcessor = new PostProcessor(
                    addBos == true ? [special.Bos ?? throw Nameless("add_bos_token", "bos_token")] : [],
                    addEos == true ? [special.Eos ?? throw Nameless("add_eos_token", "eos_token")] : []),
            };
        }
        return new Tokenizer(pipeline, vocabulary, special);

        InputException Nameless(string key, string token) =>
            new($"{source}: {key} is set, but no file beside it names the {token}; name it in tokenizer_config.json");
    }
}
