using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// The bottleneck adapters of LLM-Adapters (Hu et al., arXiv 2304.01933), one in each linear layer: A(x) = s U f(D drop(x)) with
/// D [size, n] and U [n, size] without biases (<see cref="DownUp"/>). By <see cref="BottleneckPlace"/> the layer becomes
/// y = W (x + A(x)) + b, y = z + A(z) with z = W x + b, or y = W x + b + A(x). In a suppressed layer s is multiplied by IST's factor.
/// What it computes is not linear, so it can't be merged into the weight.
/// </summary>
public readonly unsafe struct Bottleneck : IPeft<Bottleneck>
{
    private readonly DownUp? _network;
    private readonly BottleneckPlace _place;
    private readonly float _dropout;
    private readonly uint _site;
    private readonly int _size;
    private readonly int _width;

    private Bottleneck(Scope scope, BottleneckOptions options, int inputs, int outputs)
    {
        bool isTarget = options.IsTarget(scope.Name);
        if (!isTarget && !(options.DependsOnLayer && scope.Layer >= 0 && options.PlaceOf(scope.Name) is not null))
            return;
        BottleneckConfig config = options.Config;
        _place = options.PlaceOf(scope.Name)!.Value;
        _dropout = options.Dropout;
        _site = (uint)scope.Contents.Slots.Count;
        _size = config.BottleneckSize;
        // The adapter's input, and what is kept beside it: the host's input or the adapter's.
        _width = _place == BottleneckPlace.After ? outputs : inputs;
        if (!isTarget)
            return;
        int to = _place == BottleneckPlace.Before ? inputs : outputs;
        _network = new DownUp(options.Function, Tensor(scope, config, "adapter_down", _size, _width), Tensor(scope, config, "adapter_up", to, _size))
        {
            Scaling = (float)(config.Scaling ?? 1),
            LearnedScaling = config.Scaling is null ? scope.Parameter(BottleneckConfig.Key(scope.Name, "adapter_scaling"), Initial.Ones, 1) : null,
        };
        _network.AddScaleGradients(scope.Contents);
    }

    /// <inheritdoc/>
    public static bool Merges => false;

    /// <inheritdoc/>
    public static Bottleneck CreateLinear<I, O>(Scope scope, Linear<I, O> host) where I : IWidth where O : IWidth =>
        new(scope, (BottleneckOptions)scope.Peft, host.Inputs, host.Outputs);

    /// <inheritdoc/>
    public static string? Describe(in Bottleneck self) => self._network is null ? null : $"bottleneck {self._size} {self._place switch
    {
        BottleneckPlace.Before => "before it",
        BottleneckPlace.After => "after it",
        _ => "beside it",
    }}";

    /// <inheritdoc/>
    /// <remarks>h [rows, size].</remarks>
    public static int KeptWidth(in Bottleneck self) => self._size;

    /// <inheritdoc/>
    /// <remarks>After the layer the adapter is given the layer's result.</remarks>
    public static bool ReadsInput(in Bottleneck self) => self._size > 0 && self._place != BottleneckPlace.After;

    /// <inheritdoc/>
    /// <remarks>a [rows, size], a sum for a learned s [rows], what the host or the adapter is given [rows, n], and with dropout drop(x) [rows, n].</remarks>
    public static int SavedWidth(in Bottleneck self) => self._size == 0 ? 0 : self._size + 1 + self._width + (self._dropout > 0 ? self._width : 0);

    /// <inheritdoc/>
    public static void Forward<I, O>(Run run, Act<O> y, Act<Own> saved, Act<Own> kept, Act<I> x, in Bottleneck self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        if (self._network is null || self._place != BottleneckPlace.Before)
            Linear.Forward(run, y, x, host);
        if (self._network is not { } network)
            return;
        float* aside = self.Aside(run, saved);
        switch (self._place)
        {
            case BottleneckPlace.Before:
                var sum = new Act<I>(aside, x.Width);
                Residual.Set(run, sum, x);
                network.Forward(run, Into.Add, sum.Data, self.Drop(run, saved, x.Data), kept.Data, saved.Data);
                Linear.Forward(run, y, sum, host);
                break;
            case BottleneckPlace.After:
                Residual.Set(run, new Act<O>(aside, y.Width), y);
                network.Forward(run, Into.Add, y.Data, self.Drop(run, saved, aside), kept.Data, saved.Data);
                break;
            default:
                network.Forward(run, Into.Add, y.Data, self.Drop(run, saved, x.Data), kept.Data, saved.Data);
                break;
        }
    }

    /// <inheritdoc/>
    public static void Backward<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<I> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, in Bottleneck self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        if (self._network is null)
        {
            Linear.Backward(run, into, dx, dy, host);
            Linear.BackwardWeights(run, dy, x, host);
            return;
        }
        float* aside = self.Aside(run, saved), daside = self.Aside(run, dsaved);
        switch (self._place)
        {
            case BottleneckPlace.Before:
                var dsum = new Act<I>(daside, dx.Width);
                Linear.Backward(run, Into.Set, dsum, dy, host);
                Linear.BackwardWeights(run, dy, new Act<I>(aside, dx.Width), host);
                Pass(run, into, dx, dsum);
                self.Adapter(run, dx.Data, dsum.Data, x.Data, saved, kept, dsaved, trained: true);
                break;
            case BottleneckPlace.After:
                var dz = new Act<O>(daside, dy.Width);
                Residual.Set(run, dz, dy);
                self.Adapter(run, dz.Data, dy.Data, aside, saved, kept, dsaved, trained: true);
                Linear.Backward(run, into, dx, dz, host);
                Linear.BackwardWeights(run, dz, x, host);
                break;
            default:
                Linear.Backward(run, into, dx, dy, host);
                Linear.BackwardWeights(run, dy, x, host);
                self.Adapter(run, dx.Data, dy.Data, x.Data, saved, kept, dsaved, trained: true);
                break;
        }
    }

    /// <inheritdoc/>
    public static void BackwardInput<I, O>(
        Run run, Into into, Act<I> dx, Act<O> dy, Act<Own> kept, Act<Own> dsaved, in Bottleneck self, Linear<I, O> host)
        where I : IWidth where O : IWidth
    {
        if (self._network is null)
        {
            Linear.Backward(run, into, dx, dy, host);
            return;
        }
        float* daside = self.Aside(run, dsaved);
        switch (self._place)
        {
            case BottleneckPlace.Before:
                var dsum = new Act<I>(daside, dx.Width);
                Linear.Backward(run, Into.Set, dsum, dy, host);
                Pass(run, into, dx, dsum);
                self.Adapter(run, dx.Data, dsum.Data, null, default, kept, dsaved, trained: false);
                break;
            case BottleneckPlace.After:
                var dz = new Act<O>(daside, dy.Width);
                Residual.Set(run, dz, dy);
                self.Adapter(run, dz.Data, dy.Data, null, default, kept, dsaved, trained: false);
                Linear.Backward(run, into, dx, dz, host);
                break;
            default:
                Linear.Backward(run, into, dx, dy, host);
                self.Adapter(run, dx.Data, dy.Data, null, default, kept, dsaved, trained: false);
                break;
        }
    }

    private static Parameter Tensor(Scope scope, BottleneckConfig config, string name, int rows, int columns)
    {
        string key = BottleneckConfig.Key(scope.Name, name + ".weight");
        return config.InitWeights == "bert" ? scope.NormalParameter(key, deviation: 0.02f, rows, columns)
            : scope.Parameter(key, name == "adapter_down" ? Initial.KaimingUniform : Initial.Zeros, rows, columns);
    }

    private static void Pass<I>(Run run, Into into, Act<I> dx, Act<I> share) where I : IWidth
    {
        if (into == Into.Set)
            Residual.Set(run, dx, share);
        else
            Residual.Add(run, dx, share);
    }

    // dx += the gradient by the adapter's input.
    private void Adapter(Run run, float* dx, float* dy, float* x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, bool trained)
    {
        bool drops = Drops(run);
        float* share = drops ? Dropped(run, dsaved) : dx;
        Into into = drops ? Into.Set : Into.Add;
        if (trained)
            _network!.Backward(run, into, share, dy, drops ? Dropped(run, saved) : x, kept.Data, saved.Data, dsaved.Data, Sums(run, dsaved));
        else
            _network!.BackwardInput(run, into, share, dy, kept.Data, dsaved.Data);
        if (drops)
            Dropout.Add(run, dx, share, _width, _dropout, _site);
    }

    private bool Drops(Run run) => run.Training && _dropout > 0;

    private float* Drop(Run run, Act<Own> saved, float* x)
    {
        if (!Drops(run))
            return x;
        float* dropped = Dropped(run, saved);
        Dropout.Set(run, dropped, x, _width, _dropout, _site);
        return dropped;
    }

    private float* Sums(Run run, Act<Own> buffer) => buffer.Data + (long)run.Rows * _size;

    private float* Aside(Run run, Act<Own> buffer) => buffer.Data + (long)run.Rows * (_size + 1);

    private float* Dropped(Run run, Act<Own> buffer) => buffer.Data + (long)run.Rows * (_size + 1 + _width);
}
