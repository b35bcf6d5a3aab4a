using static TorchSharp.torch;

namespace Ist.SideBySide.Products;

/// <summary>libtorch's <c>mm</c>.</summary>
internal sealed unsafe class TorchProduct : ProductSide
{
    private readonly Tensor _a, _b;
    private Tensor? _c;

    public TorchProduct(ProductOptions options)
        : base(options)
    {
        set_num_threads(options.Threads);
        _a = Of(A);
        _b = Of(B);
    }

    public override IEnumerable<string> Notes => [$"libtorch {__version__}"];

    protected override ReadOnlySpan<float> Product => _c!.data<float>().ToArray();

    public override void Step()
    {
        _c?.Dispose();
        _c = mm(_a, _b);
    }

    public override void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        _c?.Dispose();
        base.Dispose();
    }

    private Tensor Of(float* numbers) => tensor(new ReadOnlySpan<float>(numbers, Size * Size).ToArray(), Size, Size);
}
