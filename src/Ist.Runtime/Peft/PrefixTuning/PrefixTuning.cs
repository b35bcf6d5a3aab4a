using System.Globalization;
using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// Prefix tuning (Li and Liang, arXiv 2101.00190): in every layer all queries see some learned keys and values beside those of their own
/// sequence. They are what a key/value cache of earlier tokens would hold, so the positions of the sequence begin behind them; they are
/// not turned themselves. In a suppressed layer IST's factor multiplies both.
/// <para>
/// Trained directly, the prefix of a layer is a parameter [virtual tokens, keys and values], normal with deviation 1 at first as peft's
/// is, and the file has those of all layers side by side. With a projection a network that all layers share makes it
/// (<see cref="PrefixEncoder"/>); a layer that is not trained in a step then gives it no gradient.
/// </para>
/// </summary>
public readonly unsafe struct PrefixTuning : IPeft<PrefixTuning>
{
    private readonly Parameter? _own;
    private readonly PrefixEncoder? _encoder;
    private readonly int _layer;
    private readonly int _count;
    private readonly int _width;

    private PrefixTuning(PrefixEncoder encoder) => _encoder = encoder;

    private PrefixTuning(Scope scope, PrefixOptions options)
    {
        _layer = scope.Layer;
        _count = options.Config.Shared.NumVirtualTokens;
        _width = options.Config.Shared.TokenDim!.Value;
        if (options.TrainsEncoder)
        {
            _encoder = scope.Contents.Find<PrefixEncoder>()
                ?? throw new InputException($"{options.Source}: prefix_projection needs a slot in the token embedding, and this model has none; leave it out.");
            _encoder.AddScaleGradients(scope.Contents, _layer);
            return;
        }
        int layers = options.Config.Shared.NumLayers!.Value;
        _own = new Parameter(string.Create(CultureInfo.InvariantCulture, $"{PrefixConfig.Key}.{_layer}"), _layer, Initial.Normal, _count, 2 * _width)
        {
            Deviation = 1,
            Slice = new TensorSlice(PrefixConfig.Key, layers * 2 * _width, _layer * 2 * _width),
        };
        scope.Contents.Add(_own);
        scope.Contents.Add(new ScaledParameter(_own));
    }

    private bool IsInAttention => _count > 0;

    /// <inheritdoc/>
    public static PrefixTuning CreateEmbedding<V, D>(Scope scope, Embedding<V, D> host) where V : IWidth where D : IWidth
    {
        var options = (PrefixOptions)scope.Peft;
        if (!options.TrainsEncoder)
            return default;
        var encoder = new PrefixEncoder(scope, options.Config);
        scope.Contents.Add((IReserving)encoder);
        scope.Contents.Add((IDerivedTensor)encoder);
        return new PrefixTuning(encoder);
    }

    /// <inheritdoc/>
    public static PrefixTuning CreateAttention<Q, K>(Scope scope, SoftmaxAttention<Q, K> host) where Q : IWidth where K : IWidth =>
        new(scope, (PrefixOptions)scope.Peft);

    /// <inheritdoc/>
    public static bool Merges => false;

    /// <inheritdoc/>
    public static bool ReadsInput(in PrefixTuning self) => false;

    /// <inheritdoc/>
    public static string? Describe(in PrefixTuning self) =>
        self.IsInAttention ? $"prefix of {self._count} keys and values" : self._encoder?.Description;

    /// <inheritdoc/>
    public static void Forward<V, D>(Run run, Act<D> y, Act<Own> saved, Ids ids, in PrefixTuning self, Embedding<V, D> host)
        where V : IWidth where D : IWidth
    {
        self._encoder?.Forward(run);
        Embedding.Forward(run, y, ids, host);
    }

    /// <inheritdoc/>
    public static void BackwardWeights<V, D>(
        Run run, Act<D> dy, Ids ids, Act<Own> saved, Act<Own> dsaved, in PrefixTuning self, Embedding<V, D> host)
        where V : IWidth where D : IWidth
    {
        Embedding.BackwardWeights(run, dy, ids, host);
        self._encoder?.Backward(run);
    }

    /// <inheritdoc/>
    public static void Forward<Q, K>(
        Run run, Act<Q> y, Act<Own> lse, Act<Q> q, Act<K> k, Act<K> v, in PrefixTuning self, SoftmaxAttention<Q, K> host)
        where Q : IWidth where K : IWidth =>
        SoftmaxAttention.Forward(run, y, lse, q, k, v, host, self.Prefix(run, isTrained: false));

    /// <inheritdoc/>
    public static void Backward<Q, K>(
        Run run, Into into, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        in PrefixTuning self, SoftmaxAttention<Q, K> host)
        where Q : IWidth where K : IWidth =>
        SoftmaxAttention.Backward(run, into, dq, dk, dv, dy, y, q, k, v, lse, dlse, host, self.Prefix(run, isTrained: true));

    /// <inheritdoc/>
    public static void BackwardInput<Q, K>(
        Run run, Into into, Act<Q> dq, Act<K> dk, Act<K> dv, Act<Q> dy, Act<Q> y, Act<Q> q, Act<K> k, Act<K> v, Act<Own> lse, Act<Own> dlse,
        in PrefixTuning self, SoftmaxAttention<Q, K> host)
        where Q : IWidth where K : IWidth =>
        SoftmaxAttention.Backward(run, into, dq, dk, dv, dy, y, q, k, v, lse, dlse, host, self.Prefix(run, isTrained: false));

    private KeyValuePrefix Prefix(Run run, bool isTrained)
    {
        float* values = _own is null ? _encoder!.Values + _layer * 2 * _width : _own.Value;
        float* gradients = !isTrained ? null : _own is null ? _encoder!.Gradients + _layer * 2 * _width : _own.Gradient;
        return new KeyValuePrefix
        {
            Count = _count,
            Stride = _own is null ? _encoder!.Width : 2 * _width,
            Scale = run.AdapterScale,
            Keys = values,
            Values = values + _width,
            KeyGradients = gradients,
            ValueGradients = gradients is null ? null : gradients + _width,
        };
    }
}
