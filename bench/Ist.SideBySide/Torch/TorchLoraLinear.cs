using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ist.SideBySide.Torch;

/// <summary>y = W x + s B A x.</summary>
internal sealed class TorchLoraLinear : nn.Module<Tensor, Tensor>
{
    private readonly Linear _base, _a, _b;
    private readonly double _scale;

    public TorchLoraLinear(int inputs, int outputs, int rank, double alpha) : base("lora")
    {
        _base = nn.Linear(inputs, outputs, hasBias: false);
        _a = nn.Linear(inputs, rank, hasBias: false);
        _b = nn.Linear(rank, outputs, hasBias: false);
        _scale = alpha / rank;
        register_module("base_layer", _base);
        register_module("lora_A", _a);
        register_module("lora_B", _b);
    }

    public override Tensor forward(Tensor x) => _base.forward(x) + _b.forward(_a.forward(x)) * _scale;
}
