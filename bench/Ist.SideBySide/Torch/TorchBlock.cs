using TorchSharp;
using static TorchSharp.torch;

namespace Ist.SideBySide.Torch;

/// <summary>A layer: attention and feed-forward, each after a norm and beside the stream.</summary>
internal sealed class TorchBlock : nn.Module<Tensor, Tensor, Tensor, Tensor>
{
    private readonly TorchRmsNorm _first, _second;
    private readonly TorchAttention _attention;
    private readonly TorchMlp _mlp;

    public TorchBlock(LlamaShape shape) : base("block")
    {
        _first = new TorchRmsNorm(shape.Hidden, LlamaShape.Epsilon);
        _attention = new TorchAttention(shape);
        _second = new TorchRmsNorm(shape.Hidden, LlamaShape.Epsilon);
        _mlp = new TorchMlp(shape);
        register_module("input_layernorm", _first);
        register_module("self_attn", _attention);
        register_module("post_attention_layernorm", _second);
        register_module("mlp", _mlp);
    }

    public override Tensor forward(Tensor x, Tensor cosines, Tensor sines)
    {
        x = x + _attention.forward(_first.forward(x), cosines, sines);
        return x + _mlp.forward(_second.forward(x));
    }
}
