using CsCheck;
using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tokenizers;
using Ist.TestSupport;
using Microsoft.ML.Tokenizers;
using BpeOptions = Microsoft.ML.Tokenizers.BpeOptions;
using Tokenizer = Ist.Runtime.Tokenizers.Tokenizer;

namespace Ist.Runtime.Tests.Tokenizers;

public class Gpt2Tests
{
    [Fact]
    public void Ids_are_those_that_llama_cpp_stores()
    {
        Tokenizer tokenizer = Tokenizer.Load(SharedFolder.Require("tokenizers", "gpt2"));
        string[] texts = File.ReadAllText(SharedFolder.Require("tokenizers", "expected-ids", "ggml-vocab-gpt-2.gguf.inp")).Split("\n__ggml_vocab_test__\n");
        string[] ids = File.ReadAllLines(SharedFolder.Require("tokenizers", "expected-ids", "ggml-vocab-gpt-2.gguf.out"));
        // The input ends in a separator.
        Assert.Equal(46, ids.Length);
        Assert.Equal(47, texts.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            int[] expected = [.. ids[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            Assert.Equal(expected, tokenizer.Encode(texts[i]));
            Assert.Equal(texts[i], tokenizer.Decode(expected));
        }
    }

    [Fact]
    public void Both_forms_of_the_files_and_another_implementation_give_the_same_ids()
    {
        string folder = SharedFolder.Require("tokenizers", "gpt2");
        Tokenizer json = Tokenizer.Load(folder);
        Tokenizer files = LoadVocabMerges(folder);
        BpeTokenizer oracle = BpeTokenizer.Create(new BpeOptions(Path.Combine(folder, "vocab.json"), Path.Combine(folder, "vocab.bpe"))
        {
            ByteLevel = true,
            PreTokenizer = RobertaPreTokenizer.Instance,
        });

        // The other implementation matches its pattern on UTF-16 and doesn't know letters beyond U+FFFF.
        ByteVocabularies.BasicText.Sample(text =>
        {
            int[] ids = json.Encode(text);
            Assert.Equal(oracle.EncodeToIds(text), ids);
            Assert.Equal(ids, files.Encode(text));
        }, iter: 2000);
        string book = File.ReadAllText(SharedFolder.Require("data", "war-and-peace", "war-and-peace.txt"))[..200_000];
        int[] bookIds = json.Encode(book);
        Assert.Equal(oracle.EncodeToIds(book), bookIds);
        Assert.Equal(book, json.Decode(bookIds));
    }

    [Fact]
    public void End_of_text_is_a_token()
    {
        string folder = SharedFolder.Require("tokenizers", "gpt2");
        Tokenizer json = Tokenizer.Load(folder);
        Tokenizer files = LoadVocabMerges(folder);
        Assert.Equal([64, 50256, 65], json.Encode("a<|endoftext|>b"));
        Assert.Equal([64, 50256, 65], files.Encode("a<|endoftext|>b"));
        Assert.Equal((50256, 50256, 50257), (files.BosId, files.EosId, files.VocabSize));
        Assert.Equal("ab", json.Decode([64, 50256, 65]));
        Assert.Equal("Ġthe", json.IdToToken(262));
    }

    /// <summary>Merging pair by pair over the whole word would take hours.</summary>
    [Fact]
    public void A_word_of_100_kB_comes_back()
    {
        Tokenizer tokenizer = Tokenizer.Load(SharedFolder.Require("tokenizers", "gpt2"));
        foreach (string text in (ReadOnlySpan<string>)[new string('a', 100_000), new string(' ', 100_000), string.Concat(Enumerable.Repeat("abcdefghij", 10_000))])
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    private static Tokenizer LoadVocabMerges(string folder)
    {
        using var copy = new TemporaryFolder();
        File.Copy(Path.Combine(folder, "vocab.json"), copy.File("vocab.json"));
        File.Copy(Path.Combine(folder, "vocab.bpe"), copy.File("merges.txt"));
        return Tokenizer.Load(copy.Path);
    }
}
