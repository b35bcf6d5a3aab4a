using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// VeRA (Kopiczko et al., arXiv 2310.11454): y = W x + s b * (B (d * (A drop(x)))), with b [out] zero and d [r] 0.1 at first, and
/// frozen random A and B that all modules share: a module reads the first columns of A [r, the most inputs] and the first rows of
/// B [the most outputs, r]. s is 1, and IST's factor in a suppressed layer.
/// <para>
/// Backward, with h = A drop(x) and z = s B (d * h): db += sum of dy * z, dg = s (b * dy) B, dd += sum of dg * h,
/// dx += drop((d * dg) A). x itself is not read.
/// </para>
/// </summary>
public readonly unsafe struct Vera : IPeft<Vera>
{
    private readonly Parameter? _a;
    private readonly Parameter? _b;
    private readonly Parameter? _lambdaD;
    private readonly Parameter? _lambdaB;
    private readonly int _inputs;
    private readonly int _outputs;
    private readonly int _rank;
    private readonly float _dropout;
    private readonly uint _site;
    private readonly int _bufferWidth;

    private Vera(Scope scope, VeraOptions options, int inputs, int outputs)
    {
        VeraConfig config = options.Config;
        (_inputs, _outputs, _rank, _dropout) = (inputs, outputs, config.R, (float)config.VeraDropout);
        _site = (uint)scope.Contents.Slots.Count;
        bool isTarget = options.Targets.Contains(scope.Name);
        // Layers share buffers: where the modules of a layer may differ from those of another, a bare one has room as well.
        _bufferWidth = isTarget || (options.Targets.DependsOnLayer && scope.Layer >= 0) ? _rank + Math.Max(_rank + outputs, _dropout > 0 ? inputs : 0) : 0;
        if (!isTarget)
            return;
        _a = scope.Share(VeraConfig.A, values => Project(values, config.ProjectionPrngKey, stream: 0, values.Length / config.R), _rank, inputs);
        _b = scope.Share(VeraConfig.B, values => Project(values, config.ProjectionPrngKey, stream: 1, config.R), outputs, _rank);
        _lambdaD = scope.Parameter(VeraConfig.LambdaD(scope.Name), values => values.Fill((float)config.DInitial), _rank);
        _lambdaB = scope.Parameter(VeraConfig.LambdaB(scope.Name), Initial.Zeros, outputs);
        scope.Contents.Add(new ScaledParameter(_lambdaB));
    }

    /// <inheritdoc/>
    public static Vera CreateLinear<I, O>(Scope scope, Linear<I, O> host) where I : IWidth where O : IWidth =>
        new(scope, (VeraOptions)scope.Peft, host.Inputs, host.Outputs);

    /// <inheritdoc/>
    public static string? Describe(in Vera self) => self._a is null ? null : $"VeRA r={self._rank}";

    /// <inheritdoc/>
    /// <remarks>
    /// h [rows, r]; then d * h [rows, r] and z [rows, out], in whose place drop(x) [rows, in] stood before. Of their gradients dg has
    /// h's place, and b * dy and then that by drop(x) what is behind it.
    /// </remarks>
    public static int SavedWidth(in Vera self) => self._bufferWidth;

    /// <inheritdoc/>
    public static bool ReadsInput(in Vera self) => false;

    /// <inheritdoc/>
    public static void Forward<I, O>(Run run, Act<O> y, Act<Own> saved, Act<Own> kept, Act<I> x, in Vera self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        Linear.Forward(run, y, x, host);
        if (self._a is null)
            return;
        float* h = saved.Data, scaled = self.BehindRank(run, saved.Data), z = self.BehindRank(run, scaled), dropped = x.Data;
        if (self.Drops(run))
        {
            dropped = scaled;
            Dropout.Set(run, dropped, x.Data, self._inputs, self._dropout, self._site);
        }
        MatrixProduct.Multiply(
            run, Into.Set, 1, h, self._rank, run.Rows, self._rank, self._inputs,
            MatrixOperand.Plain(dropped, self._inputs), MatrixOperand.Transposed(self._a.Value, self._a.Shape[1]), WorkKind.Adapters);
        ColumnScale.Forward(run, Into.Set, scaled, h, self._lambdaD!.Value, 1, self._rank);
        Product.XyT(run, Into.Set, run.AdapterScale, z, scaled, self._b!.Value, run.Rows, self._outputs, self._rank);
        ColumnScale.Forward(run, Into.Add, y.Data, z, self._lambdaB!.Value, 1, self._outputs);
    }

    /// <inheritdoc/>
    public static void Backward<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<I> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, in Vera self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        Linear.BackwardWeights(run, dy, x, host);
        Linear.Backward(run, into, dx, dy, host);
        if (self._a is null)
            return;
        float* h = saved.Data, z = self.BehindRank(run, self.BehindRank(run, h));
        self.ByScaled(run, dsaved.Data, dy.Data);
        ColumnScale.BackwardScale(run, Into.Add, 1, self._lambdaB!.Gradient, dy.Data, z, self._outputs);
        ColumnScale.BackwardScale(run, Into.Add, 1, self._lambdaD!.Gradient, dsaved.Data, h, self._rank);
        self.ByInput(run, dx.Data, dsaved.Data);
    }

    /// <inheritdoc/>
    public static void BackwardInput<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<Own> kept, Act<Own> dsaved, in Vera self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        Linear.Backward(run, into, dx, dy, host);
        if (self._a is null)
            return;
        self.ByScaled(run, dsaved.Data, dy.Data);
        self.ByInput(run, dx.Data, dsaved.Data);
    }

    /// <inheritdoc/>
    /// <remarks>W += diag(b) B diag(d) A, as peft's <c>merge_and_unload</c>; summed in double and rounded once.</remarks>
    public static void Merge(in Vera self, Span<float> weight, Span<float> bias)
    {
        float* a = self._a!.Value, b = self._b!.Value, lambdaD = self._lambdaD!.Value, lambdaB = self._lambdaB!.Value;
        long stride = self._a.Shape[1];
        for (int o = 0; o < self._outputs; o++)
        {
            Span<float> row = weight.Slice(o * self._inputs, self._inputs);
            for (int i = 0; i < row.Length; i++)
            {
                double sum = 0;
                for (int k = 0; k < self._rank; k++)
                    sum += (double)b[(long)o * self._rank + k] * lambdaD[k] * a[k * stride + i];
                row[i] = (float)(row[i] + lambdaB[o] * sum);
            }
        }
    }

    // dg = s (b * dy) B.
    private void ByScaled(Run run, float* dg, float* dy)
    {
        float* scaled = BehindRank(run, dg);
        ColumnScale.Forward(run, Into.Set, scaled, dy, _lambdaB!.Value, 1, _outputs);
        Product.Xy(run, Into.Set, run.AdapterScale, dg, scaled, _b!.Value, run.Rows, _rank, _outputs);
    }

    // dx += drop((d * dg) A); dg becomes d * dg.
    private void ByInput(Run run, float* dx, float* dg)
    {
        ColumnScale.Forward(run, Into.Set, dg, dg, _lambdaD!.Value, 1, _rank);
        bool drops = Drops(run);
        float* share = drops ? BehindRank(run, dg) : dx;
        MatrixProduct.Multiply(
            run, drops ? Into.Set : Into.Add, 1, share, _inputs, run.Rows, _inputs, _rank,
            MatrixOperand.Plain(dg, _rank), MatrixOperand.Plain(_a!.Value, _a.Shape[1]), WorkKind.Adapters);
        if (drops)
            Dropout.Add(run, dx, share, _inputs, _dropout, _site);
    }

    private bool Drops(Run run) => run.Training && _dropout > 0;

    private float* BehindRank(Run run, float* rows) => rows + (long)run.Rows * _rank;

    // Uniform in ±sqrt(6 / columns), as PyTorch's kaiming_uniform_ with a = 0, and the same for every run of one key.
    private static void Project(Span<float> values, int key, ulong stream, int columns)
    {
        ulong random = RandomKey.For(unchecked((ulong)key), RandomUse.InitialValues);
        double bound = Math.Sqrt(6.0 / columns);
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)((2 * Uniform.Double(random, stream, (ulong)i) - 1) * bound);
    }
}
