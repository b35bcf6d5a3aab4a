using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// (IA)3 (Liu et al., arXiv 2205.05638): a vector l, one at first, scales the result of the host, y = l (W x + bias) with
/// l [out, 1], or in a feed-forward module its input, y = W (l x) + bias with l [1, in]. IST's suppression damps what l has
/// learnt: in a suppressed layer 1 + factor (l - 1) takes its place, so that factor 0 is the bare host.
/// <para>
/// Backward of y = l b, b = W x + bias: dl += sum of dy b, dx = (l dy) W. Of y = W (l x): dl += sum of (dy W) x, dx = l (dy W).
/// Under suppression dl is multiplied by the factor.
/// </para>
/// </summary>
public readonly unsafe struct Ia3 : IPeft<Ia3>
{
    private readonly Parameter? _l;
    private readonly bool _scalesInput;
    private readonly int _width;
    private readonly int _bufferWidth;

    private Ia3(Scope scope, Ia3Options options, int inputs, int outputs)
    {
        _scalesInput = options.IsFeedForward(scope.Name);
        _width = _scalesInput ? inputs : outputs;
        bool isTarget = options.Targets.Contains(scope.Name);
        // Layers share buffers: where the modules of a layer may differ from those of another, there is room for either form.
        _bufferWidth = options.DependsOnLayer && scope.Layer >= 0 ? Math.Max(inputs, outputs) : isTarget ? _width : 0;
        if (!isTarget)
            return;
        _l = scope.Parameter(Ia3Config.Key(scope.Name), Initial.Ones, _scalesInput ? [1, inputs] : [outputs, 1]);
        scope.Contents.Add(new ScaledParameter(_l) { Origin = 1 });
    }

    /// <inheritdoc/>
    public static Ia3 CreateLinear<I, O>(Scope scope, Linear<I, O> host) where I : IWidth where O : IWidth =>
        new(scope, (Ia3Options)scope.Peft, host.Inputs, host.Outputs);

    /// <inheritdoc/>
    public static string? Describe(in Ia3 self) => self._l is null ? null : self._scalesInput ? "(IA)3 of the input" : "(IA)3 of the output";

    /// <inheritdoc/>
    /// <remarks>b [rows, out], or l x [rows, in].</remarks>
    public static int SavedWidth(in Ia3 self) => self._bufferWidth;

    /// <inheritdoc/>
    public static bool ReadsInput(in Ia3 self) => self._l is not null && self._scalesInput;

    /// <inheritdoc/>
    public static void Forward<I, O>(Run run, Act<O> y, Act<Own> saved, Act<Own> kept, Act<I> x, in Ia3 self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        if (self._l is null)
        {
            Linear.Forward(run, y, x, host);
        }
        else if (self._scalesInput)
        {
            Act<I> scaled = new(saved.Data, self._width);
            self.Scale(run, Into.Set, scaled.Data, x.Data);
            Linear.Forward(run, y, scaled, host);
        }
        else
        {
            Act<O> b = new(saved.Data, self._width);
            Linear.Forward(run, b, x, host);
            self.Scale(run, Into.Set, y.Data, b.Data);
        }
    }

    /// <inheritdoc/>
    public static void Backward<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<I> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, in Ia3 self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        BackwardInput(run, into, dx, dy, kept, dsaved, self, host);
        if (self._l is null)
        {
            Linear.BackwardWeights(run, dy, x, host);
        }
        else if (self._scalesInput)
        {
            Linear.BackwardWeights(run, dy, new Act<I>(saved.Data, self._width), host);
            ColumnScale.BackwardScale(run, Into.Add, run.AdapterScale, self._l.Gradient, dsaved.Data, x.Data, self._width);
        }
        else
        {
            Linear.BackwardWeights(run, new Act<O>(dsaved.Data, self._width), x, host);
            ColumnScale.BackwardScale(run, Into.Add, run.AdapterScale, self._l.Gradient, dy.Data, saved.Data, self._width);
        }
    }

    /// <inheritdoc/>
    public static void BackwardInput<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<Own> kept, Act<Own> dsaved, in Ia3 self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        if (self._l is null)
        {
            Linear.Backward(run, into, dx, dy, host);
        }
        else if (self._scalesInput)
        {
            Act<I> dscaled = new(dsaved.Data, self._width);
            Linear.Backward(run, Into.Set, dscaled, dy, host);
            self.Scale(run, into, dx.Data, dscaled.Data);
        }
        else
        {
            Act<O> db = new(dsaved.Data, self._width);
            self.Scale(run, Into.Set, db.Data, dy.Data);
            Linear.Backward(run, into, dx, db, host);
        }
    }

    /// <inheritdoc/>
    /// <remarks>The rows of W and the bias times l, or in a feed-forward module the columns of W, as peft's <c>merge_and_unload</c>.</remarks>
    public static void Merge(in Ia3 self, Span<float> weight, Span<float> bias)
    {
        var l = new ReadOnlySpan<float>(self._l!.Value, self._width);
        int inputs = self._scalesInput ? self._width : weight.Length / self._width;
        for (int i = 0; i < weight.Length; i++)
            weight[i] *= l[self._scalesInput ? i % inputs : i / inputs];
        for (int o = 0; o < bias.Length && !self._scalesInput; o++)
            bias[o] *= l[o];
    }

    private void Scale(Run run, Into into, float* y, float* x) =>
        ColumnScale.Forward(run, into, y, x, _l!.Value, run.AdapterScale, _width);
}
