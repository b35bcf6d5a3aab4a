using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tokenizers;

/// <summary>Reads Hugging Face's <c>tokenizer.json</c>. Its truncation and padding are left to whoever makes batches.</summary>
internal static class TokenizerJson
{
    /// <summary>The stages that a file describes.</summary>
    /// <exception cref="InputException">It can't be read, a key is missing or wrong, or a part isn't supported.</exception>
    public static Pipeline Read(string path)
    {
        JsonConfig root = JsonConfig.Load(path);
        return new Pipeline(
            Normalizer: root.GetObjectOrNull("normalizer") is { } normalizer ? NormalizerReader.Read(normalizer) : null,
            PreTokenizer: root.GetObjectOrNull("pre_tokenizer") is { } preTokenizer ? PreTokenizerReader.Read(preTokenizer) : null,
            Model: ReadModel(root.GetObject("model")),
            PostProcessor: root.GetObjectOrNull("post_processor") is { } postProcessor ? PostProcessorReader.Read(postProcessor) : PostProcessor.None,
            Decoder: root.GetObjectOrNull("decoder") is { } decoder ? DecoderReader.Read(decoder) : null,
            AddedTokens: root.Has("added_tokens") ? [.. root.GetObjects("added_tokens").Select(t => AddedTokenReader.Read(t, t.GetInt("id")))] : []);
    }

    private static ITokenModel ReadModel(JsonConfig model)
    {
        // Files from before tokenizers 0.9 don't name the type; only BPE has merges, only WordPiece a longest word.
        string type = model.GetString("type", model.Has("merges") ? "BPE" : model.Has("max_input_chars_per_word") ? "WordPiece" : "");
        return type switch
        {
            "BPE" => BpeModelReader.Read(model),
            "WordPiece" => WordPieceModelReader.Read(model),
            "" => throw model.Fault("type", "is missing and there are neither merges nor max_input_chars_per_word; supported are BPE and WordPiece"),
            _ => throw Unsupported.Node(model, "model", "BPE and WordPiece"),
        };
    }
}
