using System.Text.Json.Nodes;

namespace Ist.Models.Tests.Reference;

/// <summary>
/// GPT-style decoders in double precision, each as transformers' modelling file writes it down: what configurations that no stored
/// numbers cover must compute.
/// </summary>
internal sealed class ReferenceDecoder(JsonObject config, IReadOnlyDictionary<string, double[]> weights)
{
    private readonly ReferenceLayers _layers = new(weights);

    /// <summary>The logits of one text.</summary>
    public double[][] Logits(int[] ids) => (string)config["model_type"]! switch
    {
        "gpt2" => Gpt2(ids),
        "gptj" => GptJ(ids),
        "gpt_neox" => GptNeoX(ids),
        "bloom" => Bloom(ids),
        "opt" => Opt(ids),
        "phi" => Phi(ids),
        var other => throw new NotSupportedException(other),
    };

    private double[][] Gpt2(int[] ids)
    {
        int hidden = Int("n_embd"), heads = Int("n_head");
        double[][] x = ReferenceLayers.Sum(
            _layers.Embed(ids, "transformer.wte", hidden), _layers.Embed([.. Enumerable.Range(0, ids.Length)], "transformer.wpe", hidden));
        for (int l = 0; l < Int("n_layer"); l++)
        {
            string layer = $"transformer.h.{l}.";
            double scale = Flag("scale_attn_weights", true) ? 1 / Math.Sqrt(hidden / heads) : 1;
            scale /= Flag("scale_attn_by_inverse_layer_idx", false) ? l + 1 : 1;
            double[][] fused = _layers.Conv1D(Norm(x, layer + "ln_1"), layer + "attn.c_attn");
            double[][] Part(int which) => ReferenceLayers.Columns(fused, Enumerable.Range(which * hidden, hidden));
            x = ReferenceLayers.Sum(x, _layers.Conv1D(ReferenceLayers.Attend(Part(0), Part(1), Part(2), heads, scale), layer + "attn.c_proj"));
            double[][] inner = ReferenceLayers.Activate(_layers.Conv1D(Norm(x, layer + "ln_2"), layer + "mlp.c_fc"), Text("activation_function"));
            x = ReferenceLayers.Sum(x, _layers.Conv1D(inner, layer + "mlp.c_proj"));
        }
        return Head(Norm(x, "transformer.ln_f"), "transformer.wte", true);
    }

    private double[][] GptJ(int[] ids)
    {
        int heads = Int("n_head"), hidden = Int("n_embd");
        double[][] x = _layers.Embed(ids, "transformer.wte", hidden);
        for (int l = 0; l < Int("n_layer"); l++)
        {
            string layer = $"transformer.h.{l}.";
            double[][] n = Norm(x, layer + "ln_1");
            double[][] Turned(string name) => ReferenceLayers.Rotate(_layers.Linear(n, layer + name), heads, Int("rotary_dim"), 10000, interleaved: true);
            double[][] mixed = ReferenceLayers.Attend(
                Turned("attn.q_proj"), Turned("attn.k_proj"), _layers.Linear(n, layer + "attn.v_proj"), heads, 1 / Math.Sqrt(hidden / heads));
            double[][] inner = ReferenceLayers.Activate(_layers.Linear(n, layer + "mlp.fc_in"), Text("activation_function"));
            x = ReferenceLayers.Sum(x, ReferenceLayers.Sum(_layers.Linear(mixed, layer + "attn.out_proj"), _layers.Linear(inner, layer + "mlp.fc_out")));
        }
        return Head(Norm(x, "transformer.ln_f"), "transformer.wte", false);
    }

    private double[][] GptNeoX(int[] ids)
    {
        int heads = Int("num_attention_heads"), size = Int("hidden_size") / heads, turned = (int)(size * (double)config["rotary_pct"]!);
        double[][] x = _layers.Embed(ids, "gpt_neox.embed_in", heads * size);
        for (int l = 0; l < Int("num_hidden_layers"); l++)
        {
            string layer = $"gpt_neox.layers.{l}.";
            double[][] fused = _layers.Linear(Norm(x, layer + "input_layernorm"), layer + "attention.query_key_value");
            double[][] Turned(int which) =>
                ReferenceLayers.Rotate(ReferenceLayers.Heads(fused, heads, which), heads, turned, (double)config["rotary_emb_base"]!, interleaved: false);
            double[][] mixed = ReferenceLayers.Attend(Turned(0), Turned(1), ReferenceLayers.Heads(fused, heads, 2), heads, 1 / Math.Sqrt(size));
            double[][] attended = ReferenceLayers.Sum(x, _layers.Linear(mixed, layer + "attention.dense"));
            double[][] read = Flag("use_parallel_residual", true) ? x : attended;
            double[][] inner = _layers.Linear(Norm(read, layer + "post_attention_layernorm"), layer + "mlp.dense_h_to_4h");
            x = ReferenceLayers.Sum(attended, _layers.Linear(ReferenceLayers.Activate(inner, Text("hidden_act")), layer + "mlp.dense_4h_to_h"));
        }
        return Head(Norm(x, "gpt_neox.final_layer_norm"), "gpt_neox.embed_in", false, "embed_out");
    }

    private double[][] Bloom(int[] ids)
    {
        int heads = Int("n_head"), hidden = Int("hidden_size");
        bool normed = Flag("apply_residual_connection_post_layernorm", false);
        double[][] x = Norm(_layers.Embed(ids, "transformer.word_embeddings", hidden), "transformer.word_embeddings_layernorm");
        for (int l = 0; l < Int("n_layer"); l++)
        {
            string layer = $"transformer.h.{l}.";
            double[][] n = Norm(x, layer + "input_layernorm"), fused = _layers.Linear(n, layer + "self_attention.query_key_value");
            double[][] mixed = ReferenceLayers.Attend(
                ReferenceLayers.Heads(fused, heads, 0), ReferenceLayers.Heads(fused, heads, 1), ReferenceLayers.Heads(fused, heads, 2), heads,
                1 / Math.Sqrt(hidden / heads), head => Slope(head, heads));
            double[][] h = ReferenceLayers.Sum(normed ? n : x, _layers.Linear(mixed, layer + "self_attention.dense"));
            n = Norm(h, layer + "post_attention_layernorm");
            double[][] inner = ReferenceLayers.Activate(_layers.Linear(n, layer + "mlp.dense_h_to_4h"), "gelu_new");
            x = ReferenceLayers.Sum(normed ? n : h, _layers.Linear(inner, layer + "mlp.dense_4h_to_h"));
        }
        return Head(Norm(x, "transformer.ln_f"), "transformer.word_embeddings", true);
    }

    private double[][] Opt(int[] ids)
    {
        int hidden = Int("hidden_size"), heads = Int("num_attention_heads"), embedding = Int("word_embed_proj_dim");
        bool first = Flag("do_layer_norm_before", true);
        double[][] x = _layers.Embed(ids, "model.decoder.embed_tokens", embedding);
        if (embedding != hidden)
            x = _layers.Linear(x, "model.decoder.project_in");
        x = ReferenceLayers.Sum(x, _layers.Embed([.. Enumerable.Range(2, ids.Length)], "model.decoder.embed_positions", hidden));
        for (int l = 0; l < Int("num_hidden_layers"); l++)
        {
            string layer = $"model.decoder.layers.{l}.", attention = layer + "self_attn.";
            double[][] n = first ? Norm(x, layer + "self_attn_layer_norm") : x;
            double[][] mixed = ReferenceLayers.Attend(
                _layers.Linear(n, attention + "q_proj"), _layers.Linear(n, attention + "k_proj"), _layers.Linear(n, attention + "v_proj"), heads,
                1 / Math.Sqrt(hidden / heads));
            x = ReferenceLayers.Sum(x, _layers.Linear(mixed, attention + "out_proj"));
            x = first ? x : Norm(x, layer + "self_attn_layer_norm");
            n = first ? Norm(x, layer + "final_layer_norm") : x;
            x = ReferenceLayers.Sum(x, _layers.Linear(ReferenceLayers.Activate(_layers.Linear(n, layer + "fc1"), Text("activation_function")), layer + "fc2"));
            x = first ? x : Norm(x, layer + "final_layer_norm");
        }
        if (first && !Flag("_remove_final_layer_norm", false))
            x = Norm(x, "model.decoder.final_layer_norm");
        if (embedding != hidden)
            x = _layers.Linear(x, "model.decoder.project_out");
        return Head(x, "model.decoder.embed_tokens", true);
    }

    private double[][] Phi(int[] ids)
    {
        int heads = Int("num_attention_heads"), groups = heads / Int("num_key_value_heads"), size = Int("hidden_size") / heads;
        int turned = (int)(size * (double)config["partial_rotary_factor"]!);
        double[][] x = _layers.Embed(ids, "model.embed_tokens", heads * size);
        for (int l = 0; l < Int("num_hidden_layers"); l++)
        {
            string layer = $"model.layers.{l}.";
            double[][] n = Norm(x, layer + "input_layernorm");
            // repeat_kv: each key head is read by a group of query heads.
            double[][] Repeated(double[][] rows) => ReferenceLayers.Columns(rows, Enumerable.Range(0, heads * size).Select(i => i / size / groups * size + i % size));
            double[][] Projected(string name) => _layers.Linear(n, layer + "self_attn." + name);
            double theta = (double)config["rope_theta"]!;
            double[][] mixed = ReferenceLayers.Attend(
                ReferenceLayers.Rotate(Projected("q_proj"), heads, turned, theta, interleaved: false),
                Repeated(ReferenceLayers.Rotate(Projected("k_proj"), heads / groups, turned, theta, interleaved: false)),
                Repeated(Projected("v_proj")), heads, 1 / Math.Sqrt(size));
            double[][] inner = ReferenceLayers.Activate(_layers.Linear(n, layer + "mlp.fc1"), Text("hidden_act"));
            x = ReferenceLayers.Sum(ReferenceLayers.Sum(_layers.Linear(mixed, layer + "self_attn.dense"), _layers.Linear(inner, layer + "mlp.fc2")), x);
        }
        return Head(Norm(x, "model.final_layernorm"), "model.embed_tokens", false);
    }

    // build_alibi_tensor: powers of 2^(-8 / n) for the greatest power of two n in the heads, and odd powers of its root for the rest.
    private static double Slope(int head, int heads)
    {
        int n = 1 << (int)Math.Log2(heads);
        return head < n ? Math.Pow(2, -8.0 / n * (head + 1)) : Math.Pow(2, -4.0 / n * (2 * (head - n) + 1));
    }

    private double[][] Head(double[][] x, string tokens, bool ties, string head = "lm_head")
    {
        if (!Flag("tie_word_embeddings", ties))
            return _layers.Linear(x, head);
        double[] table = weights[tokens + ".weight"];
        double[]? bias = weights.GetValueOrDefault(head + ".bias");
        int width = x[0].Length;
        return [.. x.Select(row => Enumerable.Range(0, table.Length / width)
            .Select(v => row.Select((value, i) => value * table[v * width + i]).Sum() + (bias?[v] ?? 0)).ToArray())];
    }

    private double[][] Norm(double[][] x, string name) => _layers.Norm(x, name, (double?)config["layer_norm_epsilon"] ?? (double?)config["layer_norm_eps"] ?? 1e-5);

    private int Int(string key) => (int)config[key]!;

    private bool Flag(string key, bool missing) => (bool?)config[key] ?? missing;

    private string Text(string key) => (string)config[key]!;
}
