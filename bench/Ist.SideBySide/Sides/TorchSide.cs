using Ist.SideBySide.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace Ist.SideBySide.Sides;

/// <summary>TorchSharp: modules, autograd and AdamW as its users write them.</summary>
internal sealed class TorchSide : ISide
{
    private readonly TorchLlama _model;
    private readonly optim.Optimizer _optimizer;
    private readonly Tensor _tokens;

    public TorchSide(SideOptions options)
    {
        set_num_threads(options.Threads);
        LlamaShape shape = options.Shape;
        using (no_grad())
        {
            _model = new TorchLlama(shape);
            TorchWeights.Load(_model, Path.Combine(options.Folder, "model.safetensors"));
            TorchWeights.Load(_model, Path.Combine(options.Folder, Fixture.AdapterFile));
        }
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in _model.named_parameters())
            parameter.requires_grad = name.Contains("lora_", StringComparison.Ordinal);
        _optimizer = optim.AdamW(_model.parameters().Where(p => p.requires_grad), lr: SideOptions.LearningRate, weight_decay: 0);
        long[] flat = [.. Fixture.Tokens(shape, options.Rows, options.Length).SelectMany(row => row).Select(token => (long)token)];
        _tokens = tensor(flat).reshape(options.Rows, options.Length);
        _model.train();
    }

    public IEnumerable<string> Notes => [$"libtorch {__version__}, {get_num_threads()} threads"];

    public void BeginMeasuring()
    {
    }

    public double Result { get; private set; }

    public void Step()
    {
        using IDisposable scope = NewDisposeScope();
        _optimizer.zero_grad();
        Tensor logits = _model.forward(_tokens);
        Tensor predicted = logits.narrow(1, 0, logits.shape[1] - 1), labels = _tokens.narrow(1, 1, _tokens.shape[1] - 1);
        Tensor loss = nn.functional.cross_entropy(predicted.reshape(-1, logits.shape[2]), labels.reshape(-1));
        loss.backward();
        _optimizer.step();
        Result = loss.item<float>();
    }

    public void Dispose()
    {
        _optimizer.Dispose();
        _model.Dispose();
        _tokens.Dispose();
    }
}
