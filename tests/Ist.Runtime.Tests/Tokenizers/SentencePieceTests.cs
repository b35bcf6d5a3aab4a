using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Tokenizers;

public class SentencePieceTests
{
    private const int ModelType = 3, WhitespaceAsSuffix = 24, ByteFallback = 35;
    private const int Name = 1, Charsmap = 2, AddDummyPrefix = 3, RemoveExtraWhitespaces = 4;
    private const int Unknown = 2, Control = 3, UserDefined = 4, Unused = 5, Byte = 6;

    [Fact]
    public void The_highest_score_merges_first_then_the_leftmost()
    {
        Tokenizer tokenizer = Load(Model().Piece("a", -9).Piece("b", -9).Piece("ab", -2).Piece("ba", -1).Piece("▁", -9));
        Assert.Equal("▁|a|ba", Pieces(tokenizer, "aba"));
        Assert.Equal("▁|ab|aba", Pieces(Load(Model().Piece("a").Piece("b").Piece("ab", -1).Piece("ba", -1).Piece("aba", -3).Piece("▁")), "ababa"));
    }

    [Fact]
    public void User_defined_pieces_stay_whole_and_merge_with_nothing()
    {
        Tokenizer tokenizer = Load(Model().Piece("▁").Piece("a").Piece("b").Piece("ab").Piece("aab").Piece("aa", type: UserDefined));
        Assert.Equal("▁|aa|b", Pieces(tokenizer, "aab"));
        Assert.Equal("▁|ab", Pieces(tokenizer, "ab"));
    }

    [Fact]
    public void Unused_pieces_merge_further_but_do_not_stay()
    {
        Tokenizer tokenizer = Load(Model().Piece("▁").Piece("a").Piece("b").Piece("c").Piece("ab", -1, Unused).Piece("abc", -2));
        Assert.Equal("▁|abc", Pieces(tokenizer, "abc"));
        Assert.Equal("▁|a|b|a", Pieces(tokenizer, "aba"));
    }

    [Fact]
    public void Unknown_characters_fuse_and_control_pieces_are_not_made_of_text()
    {
        Tokenizer tokenizer = Load(Model().Piece("▁").Piece("a").Piece("<").Piece("c").Piece(">").Piece("<c", -1).Piece("<c>", -1, Control));
        Assert.Equal("▁|<unk>|a|<unk>", Pieces(tokenizer, "xyaz"));
        Assert.Equal("▁|<c|>", Pieces(tokenizer, "<c>"));
        Assert.Equal(0, tokenizer.UnkId);
    }

    [Fact]
    public void Unknown_characters_become_bytes_and_bytes_become_text()
    {
        SentencePieceWriter model = Model().Piece("▁").Piece("a").Trainer(ByteFallback, 1);
        for (int b = 0; b < 256; b++)
            model.Piece($"<0x{b:X2}>", type: Byte);
        Tokenizer tokenizer = Load(model);
        Assert.Equal("▁|<0xC3>|<0xA9>|a", Pieces(tokenizer, "éa"));
        Assert.Equal("éa", tokenizer.Decode(tokenizer.Encode("éa")));
        // Each byte that is part of no character is one U+FFFD, whole characters beside it stay.
        Assert.Equal("é\uFFFD\uFFFDa", tokenizer.Decode(tokenizer.Encode("é").Concat(Ids(tokenizer, "<0xE5>", "<0x8F>", "a")).ToArray()));
    }

    [Fact]
    public void Spaces_as_the_normalizer_asks()
    {
        Assert.Equal("▁|a|▁|▁|b|▁", Pieces(Load(Model().Piece("▁").Piece("a").Piece("b")), "a  b "));
        Assert.Equal("a|▁|b", Pieces(Load(Model().Piece("▁").Piece("a").Piece("b").Normalizer(AddDummyPrefix, 0)), "a b"));
        Tokenizer tidy = Load(Model().Piece("▁").Piece("a").Piece("b").Normalizer(RemoveExtraWhitespaces, 1));
        Assert.Equal("▁|a|▁|b", Pieces(tidy, "  a   b "));
        Assert.Equal("", Pieces(tidy, "   "));
        Assert.Equal("a b", tidy.Decode(Ids(tidy, "▁", "▁", "a", "▁", "b")));
        Tokenizer exact = Load(Model().Piece("▁").Piece("a"));
        Assert.Equal(" a", exact.Decode(Ids(exact, "▁", "▁", "a")));
    }

    [Fact]
    public void Bos_goes_before_a_text_unless_the_configuration_says_otherwise()
    {
        SentencePieceWriter model = Model().Piece("▁a");
        Assert.Equal([1, 0], Load(model).Encode("x"));
        Tokenizer both = Load(model, ("tokenizer_config.json", """{"add_bos_token": false, "add_eos_token": true}"""));
        Assert.Equal([0, 2], both.Encode("x"));
        Assert.Equal((1, 2, (int?)null), (both.BosId, both.EosId, both.PadId));
    }

    [Fact]
    public void Added_tokens_of_the_configuration_are_found_in_text()
    {
        Tokenizer tokenizer = Load(Model().Piece("▁").Piece("a"),
            ("tokenizer_config.json", """{"pad_token": "<pad>", "added_tokens_decoder": {"5": {"content": "<pad>", "special": true}}}"""),
            ("added_tokens.json", """{"<more>": 6}"""));
        Assert.Equal([1, 3, 4, 5, 6, 3, 4, 2], tokenizer.Encode("a<pad><more>a</s>"));
        Assert.Equal((5, 7), (tokenizer.PadId, tokenizer.VocabSize));
    }

    [Fact]
    public void Models_that_are_not_supported_are_refused_by_name()
    {
        Refused(Model().Trainer(ModelType, 1), "unigram (1)", "BPE (2)");
        Refused(Model().Trainer(ModelType, 4), "character (4)");
        Refused(Model().Normalizer(Name, "nmt_nfkc"u8.ToArray()).Normalizer(Charsmap, [1, 2]), "'nmt_nfkc'", "precompiled_charsmap");
        Refused(Model().Trainer(WhitespaceAsSuffix, 1), "treat_whitespace_as_suffix");
        Refused(Model().Trainer(ByteFallback, 1), "<0x00>", "256 bytes");
        Refused(Model().Piece("a").Piece("a"), "'a' is there twice, as 3 and 4");
        Refused(Model().Piece("<unk2>", type: Unknown), "2 pieces of type unknown");
        Refused(Model().Piece("a", type: 9), "'a' has the type 9");
        Refused(Model().Piece("a", score: float.NaN), "finite score");
    }

    [Fact]
    public void Damaged_files_are_refused_at_any_length()
    {
        byte[] model = Model().Piece("▁").Piece("a").ToArray();
        // Without the normalizer's message the file is whole again, so the cut before it can't be seen.
        const int normalizer = 6;
        for (int length = 0; length < model.Length; length++)
        {
            if (length == model.Length - normalizer)
                continue;
            using var folder = new TemporaryFolder();
            File.WriteAllBytes(folder.File("tokenizer.model"), model[..length]);
            Bad.Input(() => Tokenizer.Load(folder.Path), "tokenizer.model: ");
        }
    }

    private static SentencePieceWriter Model() => new SentencePieceWriter()
        .Piece("<unk>", type: Unknown).Piece("<s>", type: Control).Piece("</s>", type: Control)
        .Trainer(ModelType, 2).Normalizer(AddDummyPrefix, 1).Normalizer(RemoveExtraWhitespaces, 0);

    private static Tokenizer Load(SentencePieceWriter model, params (string Name, string Text)[] files)
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("tokenizer.model"), model.ToArray());
        foreach ((string name, string text) in files)
            folder.Write(name, text);
        return Tokenizer.Load(folder.Path);
    }

    private static void Refused(SentencePieceWriter model, params string[] parts) => Bad.Input(() => Load(model), ["tokenizer.model: ", .. parts]);

    private static string Pieces(Tokenizer tokenizer, string text) =>
        string.Join('|', tokenizer.Encode(text, addSpecialTokens: false).Select(tokenizer.IdToToken));

    private static int[] Ids(Tokenizer tokenizer, params string[] pieces) => [.. pieces.Select(p => tokenizer.TokenToId(p)!.Value)];
}
