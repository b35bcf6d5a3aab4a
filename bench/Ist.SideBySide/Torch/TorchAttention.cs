using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ist.SideBySide.Torch;

/// <summary>Causal attention with grouped keys, through scaled_dot_product_attention.</summary>
internal sealed class TorchAttention : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly TorchLoraLinear _query, _key, _value;
    private readonly Linear _output;
    private readonly LlamaShape _shape;

    public TorchAttention(LlamaShape shape) : base("attention")
    {
        _shape = shape;
        int keys = shape.KeyValueHeads * shape.HeadSize;
        _query = new TorchLoraLinear(shape.Hidden, shape.Hidden, LlamaShape.Rank, LlamaShape.Alpha);
        _key = new TorchLoraLinear(shape.Hidden, keys, LlamaShape.Rank, LlamaShape.Alpha);
        _value = new TorchLoraLinear(shape.Hidden, keys, LlamaShape.Rank, LlamaShape.Alpha);
        _output = nn.Linear(shape.Hidden, shape.Hidden, hasBias: false);
        register_module("q_proj", _query);
        register_module("k_proj", _key);
        register_module("v_proj", _value);
        register_module("o_proj", _output);
    }

    public override Tensor forward(Tensor x, Tensor cosines, Tensor sines)
    {
        Tensor q = Turned(Heads(_query.forward(x), _shape.Heads), cosines, sines);
        Tensor k = Turned(Heads(_key.forward(x), _shape.KeyValueHeads), cosines, sines), v = Heads(_value.forward(x), _shape.KeyValueHeads);
        int group = _shape.Heads / _shape.KeyValueHeads;
        if (group > 1)
            (k, v) = (k.repeat_interleave(group, 1), v.repeat_interleave(group, 1));
        Tensor mixed = nn.functional.scaled_dot_product_attention(q, k, v, is_casual: true);
        return _output.forward(mixed.transpose(1, 2).reshape(x.shape[0], x.shape[1], _shape.Hidden));
    }

    private Tensor Heads(Tensor x, int heads) => x.view(x.shape[0], x.shape[1], heads, _shape.HeadSize).transpose(1, 2);

    private static Tensor Turned(Tensor x, Tensor cosines, Tensor sines)
    {
        Tensor[] halves = x.chunk(2, -1);
        return x * cosines + cat([-halves[1], halves[0]], -1) * sines;
    }
}
