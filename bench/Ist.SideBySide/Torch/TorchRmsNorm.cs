using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ist.SideBySide.Torch;

/// <summary>y = w x / sqrt(mean x^2 + epsilon), as Hugging Face's LLaMA writes it.</summary>
internal sealed class TorchRmsNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight;
    private readonly double _epsilon;

    public TorchRmsNorm(int width, double epsilon) : base("norm")
    {
        _weight = nn.Parameter(ones(width));
        _epsilon = epsilon;
        register_parameter("weight", _weight);
    }

    public override Tensor forward(Tensor x) => _weight * (x * rsqrt(x.pow(2).mean([-1], keepdim: true) + _epsilon));
}
