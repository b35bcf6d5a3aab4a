using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ist.SideBySide.Torch;

/// <summary>A LLaMA with a head for the next token.</summary>
internal sealed class TorchLlama : nn.Module<Tensor, Tensor>
{
    private readonly TorchStack _model;
    private readonly Linear _head;

    public TorchLlama(LlamaShape shape) : base("llama")
    {
        _model = new TorchStack(shape);
        _head = nn.Linear(shape.Hidden, shape.Vocabulary, hasBias: false);
        register_module("model", _model);
        register_module("lm_head", _head);
    }

    public override Tensor forward(Tensor tokens) => _head.forward(_model.forward(tokens));
}
