using System.Text.Json.Nodes;

namespace Ist.Models.Tests.Reference;

/// <summary>
/// LLaMA's descendants (RMS norms, rotary positions, grouped keys, gated feed-forward networks) in double precision, each as
/// transformers' modelling file writes it down.
/// </summary>
internal sealed class ReferenceGatedDecoder(JsonObject config, IReadOnlyDictionary<string, double[]> weights)
{
    private readonly ReferenceLayers _layers = new(weights);
    private readonly string _type = (string)config["model_type"]!;

    private bool IsGemma => _type is "gemma" or "gemma2";

    private int Heads => Int("num_attention_heads");

    private int Size => (int?)config["head_dim"] ?? Int("hidden_size") / Heads;

    /// <summary>The logits of one text.</summary>
    /// <param name="ids">The text.</param>
    /// <param name="longest">Tokens of the longest text that is computed with it.</param>
    public double[][] Logits(int[] ids, int longest)
    {
        double[][] x = _layers.Embed(ids, "model.embed_tokens", Int("hidden_size"));
        if (IsGemma)
            x = Each(x, v => v * Math.Sqrt(Int("hidden_size")));
        for (int l = 0; l < Int("num_hidden_layers"); l++)
        {
            string layer = $"model.layers.{l}.", after = layer + "post_attention_layernorm";
            double[][] mixed = Attention(Norm(x, layer + "input_layernorm"), layer, l, longest);
            x = ReferenceLayers.Sum(x, _type == "gemma2" ? Norm(mixed, after) : mixed);
            double[][] inner = FeedForward(Norm(x, _type == "gemma2" ? layer + "pre_feedforward_layernorm" : after), layer);
            x = ReferenceLayers.Sum(x, _type == "gemma2" ? Norm(inner, layer + "post_feedforward_layernorm") : inner);
        }
        double[][] logits = _layers.Linear(Norm(x, "model.norm"), (bool?)config["tie_word_embeddings"] ?? IsGemma ? "model.embed_tokens" : "lm_head");
        return _type == "gemma2" ? Capped(logits, "final_logit_softcapping") : logits;
    }

    private double[][] Attention(double[][] n, string layer, int l, int longest)
    {
        int query = Heads * Size, key = Int("num_key_value_heads") * Size;
        double[][]? fused = _type == "phi3" ? _layers.Linear(n, layer + "self_attn.qkv_proj") : null;
        double[][] Part(string name, int from, int width) =>
            fused is null ? _layers.Linear(n, layer + "self_attn." + name) : ReferenceLayers.Columns(fused, Enumerable.Range(from, width));
        double[][] q = Turned(HeadsNormed(Part("q_proj", 0, query), layer + "self_attn.q_norm"), longest);
        double[][] k = Turned(HeadsNormed(Part("k_proj", query, key), layer + "self_attn.k_norm"), longest), v = Part("v_proj", query + key, key);
        return _layers.Linear(Attend(q, k, v, Window(l) ?? int.MaxValue), layer + "self_attn.o_proj");
    }

    private double[][] Attend(double[][] q, double[][] k, double[][] v, int window)
    {
        double scale = Math.Pow(_type == "gemma2" ? (double)config["query_pre_attn_scalar"]! : Size, -0.5);
        double[][] y = [.. q.Select(row => new double[row.Length])];
        for (int t = 0; t < q.Length; t++)
        {
            for (int h = 0; h < Heads; h++)
            {
                int first = Math.Max(0, t - window + 1), at = h * Size, group = h / (Heads / Int("num_key_value_heads")) * Size;
                double[] scores = [.. Enumerable.Range(first, t + 1 - first).Select(s => scale * Enumerable.Range(0, Size).Sum(i => q[t][at + i] * k[s][group + i]))];
                scores = _type == "gemma2" ? Capped([scores], "attn_logit_softcapping")[0] : scores;
                double sum = scores.Sum(Math.Exp);
                for (int i = 0; i < Size; i++)
                    y[t][at + i] = scores.Select((s, j) => Math.Exp(s) / sum * v[first + j][group + i]).Sum();
            }
        }
        return y;
    }

    private double[][] Turned(double[][] x, int longest)
    {
        var scaling = config["rope_scaling"] as JsonObject;
        int original = (int?)config["original_max_position_embeddings"] ?? 0, turned = (int)(Size * ((double?)config["partial_rotary_factor"] ?? 1)), half = turned / 2;
        double factor = scaling is null ? 1 : Int("max_position_embeddings") / (double)original;
        double sharpening = factor <= 1 ? 1 : Math.Sqrt(1 + Math.Log(factor) / Math.Log(original));
        JsonNode? divisors = scaling?[longest > original ? "long_factor" : "short_factor"];
        double[][] y = [.. x.Select(row => row.ToArray())];
        for (int t = 0; t < x.Length; t++)
        {
            for (int head = 0; head < x[t].Length; head += Size)
            {
                for (int i = 0; i < half; i++)
                {
                    double angle = t * Math.Pow((double)config["rope_theta"]!, -1.0 * i / half) / ((double?)divisors?[i] ?? 1);
                    double c = Math.Cos(angle) * sharpening, s = Math.Sin(angle) * sharpening, a = x[t][head + i], b = x[t][head + half + i];
                    (y[t][head + i], y[t][head + half + i]) = (a * c - b * s, b * c + a * s);
                }
            }
        }
        return y;
    }

    private double[][] FeedForward(double[][] n, string layer)
    {
        if (_type == "mixtral")
            return [.. n.Select(row => Mixture(row, layer + "block_sparse_moe."))];
        if (_type == "phi3")
        {
            double[][] fused = _layers.Linear(n, layer + "mlp.gate_up_proj");
            int inner = fused[0].Length / 2;
            return _layers.Linear(
                Gated(ReferenceLayers.Columns(fused, Enumerable.Range(0, inner)), ReferenceLayers.Columns(fused, Enumerable.Range(inner, inner))), layer + "mlp.down_proj");
        }
        return _layers.Linear(Gated(_layers.Linear(n, layer + "mlp.gate_proj"), _layers.Linear(n, layer + "mlp.up_proj")), layer + "mlp.down_proj");
    }

    private double[] Mixture(double[] row, string moe)
    {
        double[] logits = _layers.Linear([row], moe + "gate")[0], y = new double[row.Length];
        int[] chosen = [.. Enumerable.Range(0, logits.Length).OrderByDescending(e => logits[e]).Take(Int("num_experts_per_tok"))];
        double sum = chosen.Sum(e => Math.Exp(logits[e]));
        foreach (int e in chosen)
        {
            string expert = $"{moe}experts.{e}.";
            double[] made = _layers.Linear(Gated(_layers.Linear([row], expert + "w1"), _layers.Linear([row], expert + "w3")), expert + "w2")[0];
            for (int i = 0; i < y.Length; i++)
                y[i] += Math.Exp(logits[e]) / sum * made[i];
        }
        return y;
    }

    private double[][] Gated(double[][] gate, double[][] up) =>
        [.. ReferenceLayers.Activate(gate, IsGemma ? "gelu_new" : "silu").Zip(up, (a, b) => a.Zip(b, (g, u) => g * u).ToArray())];

    private double[][] Norm(double[][] x, string name) => [.. x.Select(row =>
    {
        double rms = Math.Sqrt(row.Average(v => v * v) + (double)config["rms_norm_eps"]!);
        return row.Select((v, i) => ((IsGemma ? 1 : 0) + weights[name + ".weight"][i]) * v / rms).ToArray();
    })];

    private double[][] Capped(double[][] x, string key) => config[key] is { } cap ? Each(x, v => (double)cap * Math.Tanh(v / (double)cap)) : x;

// Qwen3's norms of each head; other families have none.
    private double[][] HeadsNormed(double[][] x, string name) =>
        weights.ContainsKey(name + ".weight") ? [.. x.Select(row => row.Chunk(Size).SelectMany(head => Norm([head], name)[0]).ToArray())] : x;

    private int? Window(int layer)
    {
        bool isQwen = _type is "qwen2" or "qwen3";
        if (config["sliding_window"] is not { } window || (isQwen && (bool?)config["use_sliding_window"] != true))
            return null;
        bool slides = config["layer_types"]?[layer] is { } type ? (string)type! == "sliding_attention"
            : isQwen ? layer >= Int("max_window_layers")
            : _type != "gemma2" || layer % 2 == 0;
        return slides ? (int)window : null;
    }

    private static double[][] Each(double[][] x, Func<double, double> f) => [.. x.Select(row => row.Select(f).ToArray())];

    private int Int(string key) => (int)config[key]!;
}
