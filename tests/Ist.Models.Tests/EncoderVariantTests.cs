using System.Text.Json.Nodes;
using Ist.Models.Tests.Golden;
using Ist.Models.Tests.Reference;
using Ist.Runtime.Data;
using Ist.Runtime.Peft;

namespace Ist.Models.Tests;

/// <summary>
/// Configurations of classifiers that no stored numbers cover, against plain code in double precision, which in turn is held against the
/// stored numbers.
/// </summary>
public sealed class EncoderVariantTests
{
    private const string FiveLabels = """ "id2label": {"0": "A", "1": "B", "2": "C", "3": "D", "4": "E"} """;

    [Theory]
    [InlineData("bert-cls")]
    [InlineData("roberta-cls")]
    public void The_reference_is_transformers(string checkpoint)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using var model = new ModelUnderTest(checkpoint, new NoPeftOptions(), golden);
        double[] expected = golden.Doubles("logits64");
        Assert.Equal(0, expected.Zip(Reference(golden.Folder, model.Batch).SelectMany(row => row), (a, b) => Math.Abs(a - b)).Max(), 1e-5);
    }

    [Theory]
    [InlineData("bert-cls", """{"hidden_act": "relu", """ + FiveLabels + "}")]
    [InlineData("bert-cls", """{"hidden_act": "gelu_new", "num_attention_heads": 6, "layer_norm_eps": 0.001}""")]
    [InlineData("bert-cls", """{"hidden_act": "silu", "intermediate_size": 37, "type_vocab_size": 4, "num_hidden_layers": 1}""")]
    [InlineData("roberta-cls", """{"hidden_act": "gelu_fast", "pad_token_id": 0, "num_attention_heads": 3, """ + FiveLabels + "}")]
    [InlineData("roberta-cls", """{"hidden_act": "relu", "pad_token_id": 9, "type_vocab_size": 2, "hidden_size": 44, "layer_norm_eps": 1e-5}""")]
    public void Logits(string checkpoint, string changes)
    {
        using GoldenSet golden = GoldenSet.Open(checkpoint);
        using RandomCheckpoint folder = RandomCheckpoint.Of(golden.Folder, changes);
        using var model = new ModelUnderTest(folder.Path, new NoPeftOptions(), golden);

        model.Forward();

        double[][] expected = Reference(folder.Path, model.Batch);
        for (int row = 0; row < expected.Length; row++)
            Tolerance.Within(2e-5, expected[row], model.LogitsOf(row), $"logits of row {row}");
    }

    private static unsafe double[][] Reference(string folder, Batch batch)
    {
        var reference = new ReferenceEncoder((JsonObject)JsonNode.Parse(File.ReadAllText(Path.Combine(folder, "config.json")))!, ReferenceWeights.Of(folder));
        var logits = new double[batch.Sequences][];
        for (int b = 0; b < logits.Length; b++)
        {
            (int from, int length) = (b * batch.Time + batch.Start[b], batch.End[b] - batch.Start[b]);
            logits[b] = reference.Logits(new ReadOnlySpan<int>(batch.Tokens + from, length).ToArray(), new ReadOnlySpan<int>(batch.TokenTypes + from, length).ToArray());
        }
        return logits;
    }
}
