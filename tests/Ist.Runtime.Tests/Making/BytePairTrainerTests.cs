using Ist.Runtime.Data;
using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;
using Ist.Samples.Making.Tokenizers;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Making;

public sealed class BytePairTrainerTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Merges_of_a_tiny_text_by_hand()
    {
        // low x5, lower x2, newest x6, widest x3: the example of Sennrich et al. Counts at first: es and st 9, we 8, lo and ow 7,
        // ne and ew 6; "es" has the smaller ids. Then est 9 of (es, t). Then lo 7, ow 7 - (l, o) has the smaller ids - and so on.
        BytePairVocabulary vocabulary = BytePairTrainer.Train(
            new Dictionary<string, long> { ["low"] = 5, ["lower"] = 2, ["newest"] = 6, ["widest"] = 3 }, BytePairVocabulary.Smallest + 7);

        Assert.Equal([("e", "s"), ("es", "t"), ("l", "o"), ("lo", "w"), ("e", "w"), ("n", "ew"), ("new", "est")], vocabulary.Merges);
        Assert.Equal(["es", "est", "lo", "low", "ew", "new", "newest"], vocabulary.Tokens.Skip(BytePairVocabulary.Smallest));
    }

    [Fact]
    public void Repeated_letters_are_joined_from_the_left()
    {
        BytePairVocabulary vocabulary = BytePairTrainer.Train(new Dictionary<string, long> { ["aaaaa"] = 3 }, 1000);

        // a a a a a -> aa aa a: (a, a) 12 times; then (aa, aa) and (aa, a) 3 times each, and "a" has the smaller id.
        Assert.Equal([("a", "a"), ("aa", "a"), ("aa", "aaa")], vocabulary.Merges);
    }

    [Fact]
    public void Learning_stops_when_no_pair_occurs_twice() =>
        Assert.Equal(BytePairVocabulary.Smallest, BytePairTrainer.Train(new Dictionary<string, long> { ["abc"] = 1 }, 1000).Tokens.Count);

    [Fact]
    public void The_first_tokens_are_the_special_one_and_the_bytes_in_the_order_of_their_characters()
    {
        List<string> alphabet = BytePairVocabulary.Alphabet();

        Assert.Equal(BytePairVocabulary.Smallest, alphabet.Distinct().Count());
        Assert.Equal(["<|endoftext|>", "!", "\"", "#"], alphabet[..4]);
        Assert.Equal("Ń", alphabet[^1]);
    }

    [Fact]
    public void Pieces_keep_the_space_before_a_word_and_stop_at_the_special_token()
    {
        var counter = new PieceCounter();
        counter.Add("It's 12 cats,  cats<|endoftext|> cats");

        Assert.Equal(
            new Dictionary<string, long> { ["It"] = 1, ["'s"] = 1, [" 12"] = 1, [" cats"] = 3, [","] = 1, [" "] = 1 }, counter.Pieces);
    }

    [Fact]
    public void The_order_of_the_pieces_does_not_matter()
    {
        var counter = new PieceCounter();
        counter.Add(File.ReadAllText(Path.Combine(SharedFolder.Root, "samples", "data", "eval.jsonl")));

        BytePairVocabulary forward = BytePairTrainer.Train(counter.Pieces, 400);
        BytePairVocabulary backward = BytePairTrainer.Train(counter.Pieces.Reverse().ToDictionary(), 400);

        Assert.Equal(400, forward.Tokens.Count);
        Assert.Equal(forward.Tokens, backward.Tokens);
        Assert.Equal(forward.Merges, backward.Merges);
    }

    [Fact]
    public void The_files_load_and_texts_come_back()
    {
        DataFile data = DataFile.Load(Path.Combine(SharedFolder.Root, "samples", "data", "train.jsonl"));
        Tokenizer tokenizer = Learn(data, 600);

        Assert.Equal(600, tokenizer.VocabSize);
        Assert.Equal((0, 0, 0), (tokenizer.BosId, tokenizer.EosId, tokenizer.PadId));
        foreach (string text in (string[])["", "a", " a  b\n\n\tc ", "naïve – 😀 \u0000\u007F", "The Windy Rose isn't a barge.", data.Rows[0].Prompt])
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        Assert.Equal([0], tokenizer.Encode("<|endoftext|>"));
        // Nothing is put around a text, and a frequent word is one token with its space.
        Assert.Equal(["ĠHeron"], tokenizer.Encode(" Heron").Select(tokenizer.IdToToken));
    }

    [Fact]
    public void Rows_of_the_sample_are_short()
    {
        DataFile data = DataFile.Load(Path.Combine(SharedFolder.Root, "samples", "data", "train.jsonl"));
        var encoder = new TokenizerEncoder(Learn(data, 600));

        DataSet rows = ExampleEncoder.Encode(data, encoder, new EncodingOptions(256));

        Assert.False(encoder.AddsBos);
        Assert.Equal((3000, 0), (rows.Rows, rows.Cut));
        Assert.InRange(rows.Longest, 50, 80);
    }

    private Tokenizer Learn(DataFile data, int size)
    {
        var counter = new PieceCounter();
        foreach (DataRow row in data.Rows)
        {
            counter.Add(row.Prompt);
            counter.Add(row.Completion);
        }
        TokenizerFiles.Write(_folder.Path, BytePairTrainer.Train(counter.Pieces, size));
        return Tokenizer.Load(_folder.Path);
    }
}
