using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ist.SideBySide.Torch;

/// <summary>down(silu(gate(x)) up(x)).</summary>
internal sealed class TorchMlp : nn.Module<Tensor, Tensor>
{
    private readonly Linear _gate;
    private readonly TorchLoraLinear _up, _down;

    public TorchMlp(LlamaShape shape) : base("mlp")
    {
        _gate = nn.Linear(shape.Hidden, shape.Intermediate, hasBias: false);
        _up = new TorchLoraLinear(shape.Hidden, shape.Intermediate, LlamaShape.Rank, LlamaShape.Alpha);
        _down = new TorchLoraLinear(shape.Intermediate, shape.Hidden, LlamaShape.Rank, LlamaShape.Alpha);
        register_module("gate_proj", _gate);
        register_module("up_proj", _up);
        register_module("down_proj", _down);
    }

    public override Tensor forward(Tensor x) => _down.forward(nn.functional.silu(_gate.forward(x)) * _up.forward(x));
}
