using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace Ist.SideBySide.Torch;

/// <summary>Embedding, layers and the last norm.</summary>
internal sealed class TorchStack : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _embedding;
    private readonly ModuleList<TorchBlock> _layers;
    private readonly TorchRmsNorm _norm;
    private readonly int _headSize;

    public TorchStack(LlamaShape shape) : base("model")
    {
        _headSize = shape.HeadSize;
        _embedding = nn.Embedding(shape.Vocabulary, shape.Hidden);
        _layers = nn.ModuleList([.. Enumerable.Range(0, shape.Layers).Select(_ => new TorchBlock(shape))]);
        _norm = new TorchRmsNorm(shape.Hidden, LlamaShape.Epsilon);
        register_module("embed_tokens", _embedding);
        register_module("layers", _layers);
        register_module("norm", _norm);
    }

    public override Tensor forward(Tensor tokens)
    {
        Tensor frequencies = pow(LlamaShape.Theta, arange(0, _headSize, 2, ScalarType.Float32) / -_headSize);
        Tensor angles = outer(arange(tokens.shape[1], ScalarType.Float32), frequencies);
        Tensor twice = cat([angles, angles], -1), cosines = twice.cos(), sines = twice.sin();
        Tensor x = _embedding.forward(tokens);
        foreach (TorchBlock layer in _layers)
            x = layer.forward(x, cosines, sines);
        return _norm.forward(x);
    }
}
