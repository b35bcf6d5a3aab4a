using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// DoRA (Liu et al., arXiv 2402.09353): the host's weight becomes diag(m / n) (W + s B A), where n [out] are the norms of the
/// rows of W + s B A and the magnitude m [out] begins as those of W. With g = m / n and dropout as peft has it,
/// y = W x + (g - 1) W drop(x) + g s B A drop(x), and the host's bias as it is. In a suppressed layer IST's factor damps s,
/// also within n; m stays.
/// <para>
/// Backward holds n constant (section 4.3 of the paper), so it is not the gradient of the loss. With h = A drop(x) and
/// b = W drop(x): dm += (1 / n) dy (b + s B h), dB += s (g dy)^T h, dh = s (g dy) B, dA += dh^T drop(x),
/// dx += dy W + drop(((g - 1) dy) W + dh A). The host's weight is frozen; its bias, where it is trained, gets the sum of dy.
/// </para>
/// </summary>
public readonly unsafe struct Dora : IPeft<Dora>
{
    private readonly LowRank _update;
    private readonly Parameter? _magnitude;
    private readonly DoraNorm? _norm;

    private Dora(Scope scope, LowRank update, Action<Span<float>> norms)
    {
        _update = update;
        if (update.IsEmpty)
            return;
        _magnitude = scope.Parameter(LoraKeys.Magnitude(scope.Name), norms, update.Outputs);
        _norm = new DoraNorm(update, _magnitude);
        scope.Contents.Add((IReserving)_norm);
        scope.Contents.Add((IScaleGradient)_norm);
    }

    /// <inheritdoc/>
    public static Dora CreateLinear<I, O>(Scope scope, Linear<I, O> host) where I : IWidth where O : IWidth =>
        new(scope, new LowRank(scope, (LoraOptions)scope.Peft, host.Inputs, host.Outputs), norms => DoraNorm.OfRows(host, norms));

    /// <inheritdoc/>
    public static Dora CreateEmbedding<V, D>(Scope scope, Embedding<V, D> host) where V : IWidth where D : IWidth
    {
        var options = (LoraOptions)scope.Peft;
        return options.TargetModules == ModuleSelector.AllLinear || options.Match(scope.Name) is null
            ? default
            : throw new InputException($"{options.Source}: 'target_modules' has {scope.Name}, of which use_dora is not supported; leave it out, or use plain LoRA");
    }

    /// <inheritdoc/>
    public static string? Describe(in Dora self) => self._update.IsEmpty ? null : $"DoRA {self._update.Description}";

    /// <inheritdoc/>
    /// <remarks>What <see cref="Lora"/> saves, and b [rows, out] after it.</remarks>
    public static int SavedWidth(in Dora self) => self._update.BufferWidth == 0 ? 0 : self._update.BufferWidth + self._update.Outputs;

    /// <inheritdoc/>
    public static bool ReadsInput(in Dora self) => !self._update.IsEmpty;

    /// <inheritdoc/>
    public static void Forward<I, O>(Run run, Act<O> y, Act<Own> saved, Act<Own> kept, Act<I> x, in Dora self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        LowRank update = self._update;
        if (update.IsEmpty)
        {
            Linear.Forward(run, y, x, host);
            return;
        }
        DoraNorm norm = self._norm!;
        norm.Update(run, host);
        Act<I> dropped = new(update.Drop(run, saved, x.Data), x.Width);
        Act<O> b = self.Wide<O>(run, saved);
        float* h = saved.Data;
        Linear.ForwardUnbiased(run, Into.Set, b, dropped, host, update.Down(h));
        if (update.Drops(run))
        {
            Linear.Forward(run, y, x, host);
            ColumnScale.Forward(run, Into.Add, y.Data, b.Data, norm.Excess, 1, update.Outputs);
        }
        else if (host.Bias is { } bias)
        {
            BiasedLinear.Fill(run, y.Data, bias, update.Outputs);
            ColumnScale.Forward(run, Into.Add, y.Data, b.Data, norm.Ratio, 1, update.Outputs);
        }
        else
        {
            ColumnScale.Forward(run, Into.Set, y.Data, b.Data, norm.Ratio, 1, update.Outputs);
        }
        Product.XyT(run, Into.Add, update.Scale(run), y.Data, h, norm.ScaledB, run.Rows, update.Outputs, update.Rank);
    }

    /// <inheritdoc/>
    public static void Backward<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<I> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, in Dora self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        Linear.BackwardWeights(run, dy, x, host);
        BackwardInput(run, into, dx, dy, kept, dsaved, self, host);
        LowRank update = self._update;
        if (update.IsEmpty)
            return;
        float* dropped = update.Drops(run) ? update.Dropped(run, saved) : x.Data;
        Product.XTy(run, Into.Add, 1, update.A.Gradient, dsaved.Data, dropped, update.Rank, update.Inputs, run.Rows);
        self._norm!.AddGradients(run, dy.Data, saved.Data, self.Wide<O>(run, saved).Data);
    }

    /// <inheritdoc/>
    public static void BackwardInput<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<Own> kept, Act<Own> dsaved, in Dora self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        LowRank update = self._update;
        if (update.IsEmpty)
        {
            Linear.Backward(run, into, dx, dy, host);
            return;
        }
        DoraNorm norm = self._norm!;
        float* dh = dsaved.Data;
        Act<O> db = self.Wide<O>(run, dsaved);
        Product.Xy(run, Into.Set, update.Scale(run), dh, dy.Data, norm.ScaledB, run.Rows, update.Rank, update.Outputs);
        if (!update.Drops(run))
        {
            ColumnScale.Forward(run, Into.Set, db.Data, dy.Data, norm.Ratio, 1, update.Outputs);
            Linear.Backward(run, into, dx, db, host);
            Product.Xy(run, Into.Add, 1, dx.Data, dh, update.A.Value, run.Rows, update.Inputs, update.Rank);
            return;
        }
        Linear.Backward(run, into, dx, dy, host);
        ColumnScale.Forward(run, Into.Set, db.Data, dy.Data, norm.Excess, 1, update.Outputs);
        Act<I> share = new(update.Dropped(run, dsaved), dx.Width);
        Linear.Backward(run, Into.Set, share, db, host);
        Product.Xy(run, Into.Add, 1, share.Data, dh, update.A.Value, run.Rows, update.Inputs, update.Rank);
        update.BackwardDrop(run, dx.Data, share.Data);
    }

    /// <inheritdoc/>
    /// <remarks>W = diag(m / n) (W + s B A), as peft's <c>merge_and_unload</c>.</remarks>
    public static void Merge(in Dora self, Span<float> weight, Span<float> bias)
    {
        self._update.AddTo(weight);
        int inputs = self._update.Inputs;
        for (int o = 0; o < self._update.Outputs; o++)
        {
            Span<float> row = weight.Slice(o * inputs, inputs);
            float norm = MathF.Sqrt(DoraNorm.SquaresOf(row)), ratio = norm > 0 ? self._magnitude!.Value[o] / norm : 0;
            foreach (ref float value in row)
                value *= ratio;
        }
    }

    // b, or (g - 1) dy, stands behind what LoRA has in the same buffer.
    private Act<O> Wide<O>(Run run, Act<Own> buffer) where O : IWidth =>
        new(buffer.Data + (long)run.Rows * _update.BufferWidth, _update.Outputs);
}
