using System.Text.Encodings.Web;
using System.Text.Json;
using Ist.Runtime.Checkpoints;

namespace Ist.Samples.Making.Tokenizers;

/// <summary>
/// Writes <c>tokenizer.json</c> and <c>tokenizer_config.json</c> as Hugging Face's libraries read them. Nothing is put around a text:
/// no BOS, because windows of a running text begin anywhere; <c>&lt;|endoftext|&gt;</c> ends a text, and begins one when generation is
/// given nothing else.
/// </summary>
internal static class TokenizerFiles
{
    private static readonly JsonWriterOptions _options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = true };

    /// <summary>Writes both files.</summary>
    public static void Write(string folder, BytePairVocabulary vocabulary)
    {
        WriteObject(Path.Combine(folder, "tokenizer.json"), json => WriteTokenizer(json, vocabulary));
        WriteObject(Path.Combine(folder, "tokenizer_config.json"), WriteConfig);
    }

    private static void WriteTokenizer(Utf8JsonWriter json, BytePairVocabulary vocabulary)
    {
        json.WriteString("version", "1.0");
        json.WriteNull("truncation");
        json.WriteNull("padding");
        WriteAddedTokens(json);
        json.WriteNull("normalizer");
        WriteByteLevel(json, "pre_tokenizer");
        json.WriteNull("post_processor");
        WriteByteLevel(json, "decoder");
        WriteModel(json, vocabulary);
    }

    private static void WriteAddedTokens(Utf8JsonWriter json)
    {
        json.WriteStartArray("added_tokens");
        json.WriteStartObject();
        json.WriteNumber("id", 0);
        json.WriteString("content", BytePairVocabulary.EndOfText);
        foreach (string flag in (string[])["single_word", "lstrip", "rstrip", "normalized"])
            json.WriteBoolean(flag, false);
        json.WriteBoolean("special", true);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteByteLevel(Utf8JsonWriter json, string name)
    {
        json.WriteStartObject(name);
        json.WriteString("type", "ByteLevel");
        json.WriteBoolean("add_prefix_space", false);
        json.WriteBoolean("trim_offsets", true);
        json.WriteBoolean("use_regex", true);
        json.WriteEndObject();
    }

    private static void WriteModel(Utf8JsonWriter json, BytePairVocabulary vocabulary)
    {
        json.WriteStartObject("model");
        json.WriteString("type", "BPE");
        foreach (string unset in (string[])["dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix"])
            json.WriteNull(unset);
        foreach (string flag in (string[])["fuse_unk", "byte_fallback", "ignore_merges"])
            json.WriteBoolean(flag, false);
        json.WriteStartObject("vocab");
        foreach ((int id, string token) in vocabulary.Tokens.Index())
            json.WriteNumber(token, id);
        json.WriteEndObject();
        json.WriteStartArray("merges");
        foreach ((string left, string right) in vocabulary.Merges)
        {
            json.WriteStartArray();
            json.WriteStringValue(left);
            json.WriteStringValue(right);
            json.WriteEndArray();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteConfig(Utf8JsonWriter json)
    {
        foreach (string flag in (string[])["add_bos_token", "add_eos_token", "add_prefix_space", "clean_up_tokenization_spaces"])
            json.WriteBoolean(flag, false);
        foreach (string token in (string[])["bos_token", "eos_token", "pad_token"])
            json.WriteString(token, BytePairVocabulary.EndOfText);
        json.WriteString("tokenizer_class", "PreTrainedTokenizerFast");
    }

    private static void WriteObject(string path, Action<Utf8JsonWriter> write) => AtomicFile.Write(path, stream =>
    {
        using (var json = new Utf8JsonWriter(stream, _options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        stream.WriteByte((byte)'\n');
    });
}
