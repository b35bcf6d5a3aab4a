using System.Text.Json.Nodes;

namespace Ist.Models.Tests.Reference;

/// <summary>BERT and RoBERTa as classifiers in double precision, as transformers' modelling files write them down.</summary>
internal sealed class ReferenceEncoder(JsonObject config, IReadOnlyDictionary<string, double[]> weights)
{
    private readonly ReferenceLayers _layers = new(weights);
    private readonly string _type = (string)config["model_type"]!;

    /// <summary>The logits of one text.</summary>
    public double[] Logits(int[] ids, int[] types)
    {
        (int hidden, int heads) = (Int("hidden_size"), Int("num_attention_heads"));
        int first = _type == "roberta" ? Int("pad_token_id") + 1 : 0;
        double[][] Embedded(int[] rows, string table) => _layers.Embed(rows, $"{_type}.embeddings.{table}", hidden);
        double[][] x = ReferenceLayers.Sum(Embedded(ids, "word_embeddings"), Embedded(types, "token_type_embeddings"));
        x = Norm(ReferenceLayers.Sum(x, Embedded([.. Enumerable.Range(first, ids.Length)], "position_embeddings")), $"{_type}.embeddings.LayerNorm");
        for (int l = 0; l < Int("num_hidden_layers"); l++)
        {
            string layer = $"{_type}.encoder.layer.{l}.", self = layer + "attention.self.";
            double[][] mixed = ReferenceLayers.Attend(
                _layers.Linear(x, self + "query"), _layers.Linear(x, self + "key"), _layers.Linear(x, self + "value"), heads, 1 / Math.Sqrt(hidden / heads), causal: false);
            x = Norm(ReferenceLayers.Sum(x, _layers.Linear(mixed, layer + "attention.output.dense")), layer + "attention.output.LayerNorm");
            double[][] inner = ReferenceLayers.Activate(_layers.Linear(x, layer + "intermediate.dense"), (string)config["hidden_act"]!);
            x = Norm(ReferenceLayers.Sum(x, _layers.Linear(inner, layer + "output.dense")), layer + "output.LayerNorm");
        }
        double[][] pooled = _layers.Linear([x[0]], _type == "roberta" ? "classifier.dense" : "bert.pooler.dense");
        return _layers.Linear([Array.ConvertAll(pooled[0], Math.Tanh)], _type == "roberta" ? "classifier.out_proj" : "classifier")[0];
    }

    private double[][] Norm(double[][] x, string name) => _layers.Norm(x, name, (double)config["layer_norm_eps"]!);

    private int Int(string key) => (int)config[key]!;
}
