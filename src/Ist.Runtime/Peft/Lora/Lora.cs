using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// LoRA (Hu et al., arXiv 2106.09685): y = W x + s B A drop(x), with A [r, in] uniform in ±1/sqrt(in), B [out, r] zero and
/// s = alpha / r, or alpha / sqrt(r) with rsLoRA (arXiv 2312.03732); in a suppressed layer s is multiplied by IST's factor. With
/// peft's <c>lora_bias</c> there is s b besides, b [out]. A table of embeddings is adapted as well: <see cref="LowRankEmbedding"/>.
/// <para>
/// Backward, with h = A drop(x): dB += s dy^T h, dh = s dy B, dA += dh^T drop(x), dx += drop(dh A); db += s times the sum of dy.
/// </para>
/// </summary>
public readonly unsafe struct Lora : IPeft<Lora>
{
    private readonly LowRank _update;
    private readonly LowRankEmbedding? _embedding;

    private Lora(LowRank update) => _update = update;

    private Lora(LowRankEmbedding? embedding) => _embedding = embedding;

    /// <inheritdoc/>
    public static Lora CreateLinear<I, O>(Scope scope, Linear<I, O> host) where I : IWidth where O : IWidth =>
        new(new LowRank(scope, (LoraOptions)scope.Peft, host.Inputs, host.Outputs));

    /// <inheritdoc/>
    public static Lora CreateEmbedding<V, D>(Scope scope, Embedding<V, D> host) where V : IWidth where D : IWidth =>
        new(LowRankEmbedding.Create(scope, (LoraOptions)scope.Peft, scope.Width<V>(), scope.Width<D>()));

    /// <inheritdoc/>
    public static string? Describe(in Lora self) =>
        self._embedding is not null ? $"LoRA {self._embedding.Description}"
        : self._update.IsEmpty ? null
        : $"LoRA {self._update.Description}";

    /// <inheritdoc/>
    /// <remarks>h [rows, r], and with dropout drop(x) [rows, in] after it.</remarks>
    public static int SavedWidth(in Lora self) => self._embedding?.Rank ?? self._update.BufferWidth;

    /// <inheritdoc/>
    public static bool ReadsInput(in Lora self) => !self._update.IsEmpty;

    /// <inheritdoc/>
    public static void Forward<I, O>(Run run, Act<O> y, Act<Own> saved, Act<Own> kept, Act<I> x, in Lora self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        LowRank update = self._update;
        if (update.IsEmpty)
        {
            Linear.Forward(run, y, x, host);
            return;
        }
        float* h = saved.Data;
        if (update.Drops(run))
        {
            Linear.Forward(run, y, x, host);
            float* dropped = update.Drop(run, saved, x.Data);
            Product.XyT(run, Into.Set, 1, h, dropped, update.A.Value, run.Rows, update.Rank, update.Inputs);
        }
        else
        {
            Linear.Forward(run, y, x, host, update.Down(h));
        }
        Product.XyT(run, Into.Add, update.Scale(run), y.Data, h, update.B.Value, run.Rows, update.Outputs, update.Rank);
        update.AddBias(run, y.Data);
    }

    /// <inheritdoc/>
    public static void Backward<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<I> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, in Lora self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        Linear.BackwardWeights(run, dy, x, host);
        BackwardInput(run, into, dx, dy, kept, dsaved, self, host);
        LowRank update = self._update;
        if (update.IsEmpty)
            return;
        float* dropped = update.Drops(run) ? update.Dropped(run, saved) : x.Data;
        Product.XTy(run, Into.Add, update.Scale(run), update.B.Gradient, dy.Data, saved.Data, update.Outputs, update.Rank, run.Rows);
        Product.XTy(run, Into.Add, 1, update.A.Gradient, dsaved.Data, dropped, update.Rank, update.Inputs, run.Rows);
        update.AddBiasGradient(run, dy.Data);
    }

    /// <inheritdoc/>
    public static void BackwardInput<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<Own> kept, Act<Own> dsaved, in Lora self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        LowRank update = self._update;
        if (update.IsEmpty)
        {
            Linear.Backward(run, into, dx, dy, host);
            return;
        }
        float* dh = dsaved.Data;
        Linear.Backward(run, into, dx, dy, host, update.BackwardUp(run, dh));
        if (!update.Drops(run))
        {
            Product.Xy(run, Into.Add, 1, dx.Data, dh, update.A.Value, run.Rows, update.Inputs, update.Rank);
            return;
        }
        float* share = update.Dropped(run, dsaved);
        Product.Xy(run, Into.Set, 1, share, dh, update.A.Value, run.Rows, update.Inputs, update.Rank);
        update.BackwardDrop(run, dx.Data, share);
    }

    /// <inheritdoc/>
    public static void Forward<V, D>(Run run, Act<D> y, Act<Own> saved, Ids ids, in Lora self, Embedding<V, D> host) where V : IWidth where D : IWidth
    {
        Embedding.Forward(run, y, ids, host);
        self._embedding?.Add(run, y.Data, saved.Data, ids);
    }

    /// <inheritdoc/>
    public static void BackwardWeights<V, D>(Run run, Act<D> dy, Ids ids, Act<Own> saved, Act<Own> dsaved, in Lora self, Embedding<V, D> host)
        where V : IWidth where D : IWidth
    {
        Embedding.BackwardWeights(run, dy, ids, host);
        self._embedding?.AddGradients(run, dy.Data, saved.Data, dsaved.Data, ids);
    }

    /// <inheritdoc/>
    public static void Merge(in Lora self, Span<float> table) => self._embedding!.AddTo(table);

    /// <inheritdoc/>
    /// <remarks>W += s B A, as peft's <c>merge_and_unload</c>.</remarks>
    public static void Merge(in Lora self, Span<float> weight, Span<float> bias)
    {
        self._update.AddTo(weight);
        self._update.AddBiasTo(bias);
    }
}
