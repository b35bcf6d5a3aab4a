using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// LoRA (Hu et al., arXiv 2106.09685): y = W x + s B A drop(x), with A [r, in] uniform in ±1/sqrt(in), B [out, r] zero and
/// s = alpha / r, or alpha / sqrt(r) with rsLoRA (arXiv 2312.03732); in a suppressed layer s is multiplied by IST's factor.
/// <para>
/// Backward, with h = A drop(x): dB += s dy^T h, dh = s dy B, dA += dh^T drop(x), dx += drop(dh A).
/// </para>
/// </summary>
public readonly unsafe struct Lora : IPeft<Lora>
{
    private readonly Parameter? _a;
    private readonly Parameter? _b;
    private readonly LoraTarget _target;
    private readonly float _dropout;
    private readonly uint _site;
    private readonly int _bufferRank;
    private readonly int _inputs;
    private readonly int _outputs;

    private Lora(Scope scope, LoraOptions options, LoraTarget? target, int inputs, int outputs)
    {
        _inputs = inputs;
        _outputs = outputs;
        _dropout = options.Dropout;
        _site = (uint)scope.Contents.Slots.Count;
        _bufferRank = target is not null || options.DependsOnLayer ? options.LargestRank : 0;
        if (target is not { } adapter)
            return;
        _target = adapter;
        _a = scope.Parameter(LoraKeys.A(scope.Name), Initial.KaimingUniform, adapter.Rank, inputs);
        _b = scope.Parameter(LoraKeys.B(scope.Name), Initial.Zeros, outputs, adapter.Rank);
    }

    /// <inheritdoc/>
    public static Lora CreateLinear(Scope scope, int inputs, int outputs)
    {
        var options = (LoraOptions)scope.Peft;
        return new Lora(scope, options, options.Match(scope.Name), inputs, outputs);
    }

    /// <inheritdoc/>
    public static string? Describe(in Lora self) =>
        self._a is null ? null : FormattableString.Invariant($"LoRA r={self._target.Rank} alpha={self._target.Alpha}");

    /// <inheritdoc/>
    /// <remarks>h [rows, r], and with dropout drop(x) [rows, in] after it.</remarks>
    public static int SavedWidth(in Lora self) =>
        self._bufferRank == 0 ? 0 : self._bufferRank + (self._dropout > 0 ? self._inputs : 0);

    /// <inheritdoc/>
    public static void Forward<I, O>(Run run, Act<O> y, Act<Own> saved, Act<I> x, in Lora self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        Linear.Forward(run, y, x, host);
        if (self._a is null)
            return;
        int rows = run.Rows, r = self._target.Rank;
        float* h = saved.Data;
        float* dropped = x.Data;
        if (self.Drops(run))
        {
            dropped = self.Dropped(run, saved);
            Dropout.Set(run, dropped, x.Data, (long)rows * self._inputs, self._dropout, self._site);
        }
        Product.XyT(run, Into.Set, 1, h, dropped, self._a.Value, rows, r, self._inputs);
        Product.XyT(run, Into.Add, self.Scale(run), y.Data, h, self._b!.Value, rows, self._outputs, r);
    }

    /// <inheritdoc/>
    public static void Backward<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<I> x, Act<Own> saved, Act<Own> dsaved, in Lora self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        Linear.BackwardWeights(run, dy, x, host);
        BackwardInput(run, into, dx, dy, dsaved, self, host);
        if (self._a is null)
            return;
        int rows = run.Rows, r = self._target.Rank;
        float* dropped = self.Drops(run) ? self.Dropped(run, saved) : x.Data;
        Product.XTy(run, Into.Add, self.Scale(run), self._b!.Gradient, dy.Data, saved.Data, self._outputs, r, rows);
        Product.XTy(run, Into.Add, 1, self._a.Gradient, dsaved.Data, dropped, r, self._inputs, rows);
    }

    /// <inheritdoc/>
    public static void BackwardInput<I, O>(Run run, Into into, Act<I> dx, Act<O> dy, Act<Own> dsaved, in Lora self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        Linear.Backward(run, into, dx, dy, host);
        if (self._a is null)
            return;
        int rows = run.Rows, r = self._target.Rank;
        float* dh = dsaved.Data;
        Product.Xy(run, Into.Set, self.Scale(run), dh, dy.Data, self._b!.Value, rows, r, self._outputs);
        if (!self.Drops(run))
        {
            Product.Xy(run, Into.Add, 1, dx.Data, dh, self._a.Value, rows, self._inputs, r);
            return;
        }
        float* share = self.Dropped(run, dsaved);
        Product.Xy(run, Into.Set, 1, share, dh, self._a.Value, rows, self._inputs, r);
        Dropout.Add(run, dx.Data, share, (long)rows * self._inputs, self._dropout, self._site);
    }

    /// <inheritdoc/>
    /// <remarks>W += s B A, as peft's <c>merge_and_unload</c>.</remarks>
    public static void Merge(in Lora self, Span<float> weight)
    {
        if (self._a is null)
            return;
        int r = self._target.Rank, inputs = self._inputs;
        for (int o = 0; o < self._outputs; o++)
        {
            Span<float> row = weight.Slice(o * inputs, inputs);
            for (int i = 0; i < inputs; i++)
            {
                double sum = 0;
                for (int k = 0; k < r; k++)
                    sum += (double)self._b!.Value[o * r + k] * self._a.Value[k * inputs + i];
                row[i] += (float)(self._target.Scaling * sum);
            }
        }
    }

    private bool Drops(Run run) => run.Training && _dropout > 0;

    private float Scale(Run run) => (float)_target.Scaling * run.AdapterScale;

    // drop(x), or its gradient, stands behind h in the same buffer.
    private float* Dropped(Run run, Act<Own> buffer) => buffer.Data + (long)run.Rows * _target.Rank;
}
