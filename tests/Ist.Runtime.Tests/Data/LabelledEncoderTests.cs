using Ist.Runtime.Data;
using Ist.Runtime.Tests.Checkpoints;
using Ist.Runtime.Tests.Tokenizers;
using Ist.Runtime.Tokenizers;

namespace Ist.Runtime.Tests.Data;

public sealed class LabelledEncoderTests : IDisposable
{
    private const string Bert = """ "post_processor": {"type": "BertProcessing", "sep": ["[SEP]", 12], "cls": ["[CLS]", 11]} """;

    private static readonly string[] _labels = ["bad", "good"];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("""{"text": "c", "label": 1}""", "11,3,12", 1)]
    [InlineData("""{"sentence": "c", "label": "bad", "idx": 7}""", "11,3,12", 0)]
    [InlineData("""{"label": "good", "sentence1": "c", "sentence2": "a"}""", "11,3,12,1,12", 1)]
    [InlineData("""{"premise": "c", "hypothesis": "a", "label": "1"}""", "11,3,12,1,12", 1)]
    [InlineData("""{"question": "c", "sentence": "a", "label": 0}""", "11,3,12,1,12", 0)]
    public void Rows_of_the_forms_of_GLUE(string row, string ids, int label)
    {
        DataSet data = Encode(row);

        Example example = Assert.Single(data.Examples);
        Assert.Equal(ids, string.Join(',', example.Tokens));
        Assert.Equal(label, example.Class);
        Assert.Equal(1, data.TrainedTokens);
        Assert.Equal(example.Tokens.Length, example.TokenTypes.Length);
    }

    [Fact]
    public void A_batch_has_labels_and_segments_and_predicts_no_token()
    {
        DataSet data = Encode("""
            {"text": "c", "text_pair": "ab", "label": 1}
            {"text": "cccc", "text_pair": "", "label": 0}
            """);
        using var batch = new Batch(2, 8);

        batch.Fill(data.Examples, [0, 1]);

        unsafe
        {
            Assert.Equal([1, 0], new ReadOnlySpan<int>(batch.Classes, 2).ToArray());
            Assert.Equal([0, 0, 0, 1, 1, 0], new ReadOnlySpan<int>(batch.TokenTypes, 6).ToArray());
            Assert.All(new ReadOnlySpan<int>(batch.Targets, batch.Rows).ToArray(), target => Assert.Equal(Batch.Ignored, target));
        }
        Assert.Equal((2, 0), (batch.TrainedSequences, batch.TrainedTokens));
    }

    [Theory]
    [InlineData("""{"text": "c", "label": "god"}""", "line 1: the label 'god' is none of the model's; did you mean 'good'?", "'bad', 'good'")]
    [InlineData("""{"text": "c", "label": 2}""", "line 1: the label '2' is none of the model's")]
    [InlineData("""{"text": "c", "label": true}""", "'label' must be a label's name or number, found a boolean")]
    [InlineData("""{"text": "c"}""", "its rows have no labels, but the model classifies texts")]
    public void What_is_wrong_is_named(string row, params string[] expected) => Bad.Input(() => Encode(row), ["d.jsonl", .. expected]);

    [Fact]
    public void A_decoder_does_not_learn_labels() => Bad.Input(
        () => ExampleEncoder.Encode(Load("""{"text": "c", "label": 1}"""), new CharacterEncoder(), new EncodingOptions(9)), "d.jsonl: its rows have labels, which a classifier learns");

    private DataFile Load(string rows)
    {
        _folder.Write("d.jsonl", rows);
        return DataFile.Load(Path.Combine(_folder.Path, "d.jsonl"));
    }

    private DataSet Encode(string rows) =>
        LabelledEncoder.Encode(Load(rows), TokenizerFiles.FromModel(TokenizerFiles.Letters, Bert), _labels, maxLength: 9);
}
