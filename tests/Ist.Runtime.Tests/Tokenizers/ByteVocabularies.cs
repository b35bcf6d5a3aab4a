using System.Text;
using CsCheck;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

/// <summary>Tokenizers that cover every text by its bytes, and texts for them.</summary>
internal static class ByteVocabularies
{
    private static readonly string[] _telling =
        [" ", "  ", "\n", "\t", "é", "ß", "한", "叫", "\u0301", "\u200D", "😀", "𝐀", "𠀀", "the", "'s", " the", "\u00A0", "\uFFFD", "\0"];

    /// <summary>Texts of all scripts, without unpaired surrogates or the character that stands for a space.</summary>
    public static Gen<string> Text { get; } = Texts(0x10FFFF, _telling);

    /// <summary>Texts of the characters up to U+FFFF alone.</summary>
    public static Gen<string> BasicText { get; } = Texts(0xFFFF, [.. _telling.Where(t => !char.IsSurrogate(t[0]))]);

    // Unwanted characters are left out one by one: a filter over whole texts would refuse nearly all of them.
    private static Gen<string> Texts(int highest, string[] telling) => Gen.OneOf(
        Gen.Char[' ', '~'].Select(c => c.ToString()),
        Gen.Int[0, telling.Length - 1].Select(i => telling[i]),
        Gen.Int[0, highest].Where(c => Rune.IsValid(c) && c != 0x2581).Select(c => char.ConvertFromUtf32(c))).Array[0, 30].Select(string.Concat);

    /// <summary>Byte level with GPT-2's pattern and a few merges.</summary>
    public static Tokenizer ByteLevel()
    {
        var vocab = Enumerable.Range(0, 256).Select(b => $"{Json(ByteAlphabet.ToChar((byte)b).ToString())}: {b}");
        return TokenizerFiles.FromModel(
            $$$"""{"type": "BPE", "vocab": {{{{string.Join(", ", vocab)}}}, "th": 256, "the": 257, "Ġthe": 258}, "merges": ["t h", "th e", "Ġ the"]}""",
            """
            "pre_tokenizer": {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true}, "decoder": {"type": "ByteLevel"}
            """);
    }

    /// <summary>Byte fallback with a few letters and merges, spaces as in Llama.</summary>
    public static Tokenizer ByteFallback()
    {
        var vocab = Enumerable.Range(0, 256).Select(b => $"\"<0x{b:X2}>\": {b}");
        return TokenizerFiles.FromModel($$$"""
            {"type": "BPE", "byte_fallback": true, "fuse_unk": true, "vocab": {{{{string.Join(", ", vocab)}}}, "▁": 256, "t": 257, "h": 258, "e": 259, "th": 260, "▁th": 261},
             "merges": ["t h", "▁ th"]}
            """, """
            "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, {"type": "Replace", "pattern": {"String": " "}, "content": "▁"}]},
            "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "▁"}, "content": " "}, {"type": "ByteFallback"},
              {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}
            """);
    }

    private static string Json(string text) => "\"" + System.Text.Json.JsonEncodedText.Encode(text) + "\"";
}
