using CsCheck;
using Ist.Runtime.Tests.Checkpoints;
using Ist.TestSupport;
using Microsoft.ML.Tokenizers;
using Tokenizer = Ist.Runtime.Tokenizers.Tokenizer;

namespace Ist.Runtime.Tests.Tokenizers;

public class BertTests
{
    [Fact]
    public void Ids_are_those_that_llama_cpp_stores()
    {
        Tokenizer[] tokenizers = [Tokenizer.Load(SharedFolder.Require("tokenizers", "bert-base-uncased")), LoadVocabText()];
        string[] texts = File.ReadAllText(SharedFolder.Require("tokenizers", "expected-ids", "ggml-vocab-bert-bge.gguf.inp")).Split("\n__ggml_vocab_test__\n");
        string[] ids = File.ReadAllLines(SharedFolder.Require("tokenizers", "expected-ids", "ggml-vocab-bert-bge.gguf.out"));
        // The input ends in a separator.
        Assert.Equal(46, ids.Length);
        Assert.Equal(47, texts.Length);
        for (int i = 0; i < ids.Length; i++)
        {
            int[] expected = [.. ids[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
            foreach (Tokenizer tokenizer in tokenizers)
            {
                Assert.Equal(expected, tokenizer.Encode(texts[i], addSpecialTokens: false));
                Assert.Equal([101, .. expected, 102], tokenizer.Encode(texts[i]));
            }
        }
    }

    [Fact]
    public void Both_files_and_another_implementation_give_the_same_ids()
    {
        Tokenizer json = Tokenizer.Load(SharedFolder.Require("tokenizers", "bert-base-uncased"));
        Tokenizer text = LoadVocabText();
        BertTokenizer oracle = BertTokenizer.Create(SharedFolder.Require("tokenizers", "bert-base-uncased", "vocab.txt"),
            new BertOptions { RemoveNonSpacingMarks = true });
        foreach (string file in (ReadOnlySpan<string>)["tinystories/train.txt", "tinyshakespeare/input.txt", "war-and-peace/war-and-peace.txt"])
        {
            string book = File.ReadAllText(SharedFolder.Require(["data", .. file.Split('/')]))[..100_000];
            Assert.Equal(json.Encode(book), text.Encode(book));
            // The other implementation cuts words at symbols beyond ASCII, which are no punctuation, and joins lines without a space.
            string ascii = string.Concat(book.Where(char.IsAscii));
            Assert.Equal(oracle.EncodeToIds(ascii.ReplaceLineEndings(" "), addSpecialTokens: true), json.Encode(ascii));
        }
        ByteVocabularies.Text.Sample(sample => Assert.Equal(json.Encode(sample), text.Encode(sample)), iter: 2000);
    }

    [Fact]
    public void Special_tokens_are_known_in_both_files()
    {
        foreach (Tokenizer tokenizer in (ReadOnlySpan<Tokenizer>)[Tokenizer.Load(SharedFolder.Require("tokenizers", "bert-base-uncased")), LoadVocabText()])
        {
            Assert.Equal((30522, null, null, 0, 100), (tokenizer.VocabSize, tokenizer.BosId, tokenizer.EosId, tokenizer.PadId, tokenizer.UnkId));
            Assert.Equal([101, 1037, 103, 1012, 102], tokenizer.Encode("A [MASK]."));
            Assert.Equal("a. we ' re", tokenizer.Decode([101, 1037, 103, 1012, 2057, 1005, 2128, 102, 0]));
        }
    }

    private static Tokenizer LoadVocabText()
    {
        using var folder = new TemporaryFolder();
        File.Copy(SharedFolder.Require("tokenizers", "bert-base-uncased", "vocab.txt"), folder.File("vocab.txt"));
        return Tokenizer.Load(folder.Path);
    }
}
