using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// Bottleneck adapters behind attention and the feed-forward network, as AdapterHub computes them: what the branch gave, y, becomes
/// y + drop(A(u)), A(u) = s (U f(D u + d) + u0) (<see cref="DownUp"/>), before it is added to the residual stream x. By
/// <see cref="BranchInput"/> u is y (Houlsby et al., arXiv 1902.00751), y + x or the norm of that sum where one stands behind it (Pfeiffer
/// et al., arXiv 2005.00247), or x (He et al., arXiv 2110.04366, parallel). In a suppressed layer s is multiplied by IST's factor.
/// <para>
/// Backward: dA = drop(dy) goes through A to du, and du to y and x as u was made of them. The norm is frozen.
/// </para>
/// </summary>
public readonly unsafe struct BranchAdapter : IPeft<BranchAdapter>
{
    private readonly DownUp? _network;
    private readonly BranchInput _input;
    private readonly Delegate? _norm;
    private readonly float _dropout;
    private readonly uint _site;
    private readonly int _size;
    private readonly int _width;

    private BranchAdapter(Scope scope, BranchAdapterOptions options, int width, Delegate? norm)
    {
        BranchAdapterConfig config = options.Config;
        if (!options.Has(scope.Name))
            return;
        _input = config.Input;
        _norm = config.Input == BranchInput.Sum ? norm : null;
        _dropout = (float)config.Dropout;
        _site = (uint)scope.Contents.Slots.Count;
        _size = options.SizeOf(width);
        _width = width;
        // Layers share buffers, so one that is left out has them as well.
        if (config.LeaveOut.Contains(scope.Layer))
            return;
        string Key(string tensor) => $"{scope.Name}.adapters.{config.Name}.{tensor}";
        Parameter Weight(string tensor, int rows, int columns) => config.InitWeights == "mam_adapter"
            ? scope.Parameter(Key(tensor), columns == width ? Initial.KaimingUniform : Initial.Zeros, rows, columns)
            : scope.NormalParameter(Key(tensor), config.InitWeights == "bert" ? 0.02f : 0.01f, rows, columns);
        Parameter? scaling = config.Scaling is null ? scope.Parameter(Key("scaling"), Initial.Ones, 1) : null;
        Parameter down = Weight("adapter_down.0.weight", _size, width), downBias = scope.Parameter(Key("adapter_down.0.bias"), Initial.Zeros, _size);
        _network = new DownUp(options.Function, down, Weight("adapter_up.weight", width, _size))
        {
            DownBias = downBias,
            UpBias = scope.Parameter(Key("adapter_up.bias"), Initial.Zeros, width),
            Scaling = (float)(config.Scaling ?? 1),
            LearnedScaling = scaling,
        };
        _network.AddScaleGradients(scope.Contents);
    }

    /// <inheritdoc/>
    public static bool Merges => false;

    /// <inheritdoc/>
    public static BranchAdapter CreateBranch<D>(Scope scope, Func<LayerNorm<D>>? norm) where D : IWidth =>
        new(scope, (BranchAdapterOptions)scope.Peft, scope.Width<D>(), norm);

    /// <inheritdoc/>
    public static string? Describe(in BranchAdapter self) => self._network is null ? null : $"adapter {self._size} of {self._input switch
    {
        BranchInput.Output => "the output",
        BranchInput.Sum => "the sum",
        _ => "the input",
    }}";

    /// <inheritdoc/>
    /// <remarks>
    /// a [rows, size], a sum for a learned s [rows], u [rows, width] where it is not x; and in the backward pass, in the place of the
    /// last, du and the gradient by y, and with dropout that by A.
    /// </remarks>
    public static int SavedWidth(in BranchAdapter self) => self._size == 0 ? 0 : self._size + 1 + self._width * self.Wides;

    /// <inheritdoc/>
    /// <remarks>h [rows, size], and for a norm y + x [rows, width] and its mean and reciprocal deviation.</remarks>
    public static int KeptWidth(in BranchAdapter self) => self._size + (self._norm is null ? 0 : self._width + 2);

    /// <inheritdoc/>
    public static bool ReadsInput(in BranchAdapter self) => self._size > 0 && self._input == BranchInput.Stream;

    /// <inheritdoc/>
    public static void Forward<D>(Run run, Act<D> y, Act<Own> saved, Act<Own> kept, Act<D> x, in BranchAdapter self) where D : IWidth
    {
        if (self._network is not { } network)
            return;
        float* u = self._input == BranchInput.Stream ? x.Data : self.Wide(run, saved, 0);
        if (self._input != BranchInput.Stream)
            Residual.Set(run, new Act<D>(u, y.Width), y);
        if (self._input == BranchInput.Sum)
            Residual.Add(run, new Act<D>(u, y.Width), x);
        if (self._norm is Func<LayerNorm<D>> norm)
        {
            Act<D> sum = self.Sum<D>(run, kept);
            Residual.Set(run, sum, new Act<D>(u, y.Width));
            LayerNorm.Forward(run, new Act<D>(u, y.Width), self.Mean(run, kept), self.Rstd(run, kept), sum, norm());
        }
        if (!self.Drops(run))
        {
            network.Forward(run, Into.Add, y.Data, u, kept.Data, saved.Data);
            return;
        }
        float* up = self.Wide(run, saved, self.Wides - 1);
        network.Forward(run, Into.Set, up, u, kept.Data, saved.Data);
        Dropout.Add(run, y.Data, up, y.Width, self._dropout, self._site);
    }

    /// <inheritdoc/>
    public static Act<D> Backward<D>(Run run, Act<D> dy, Act<D> x, Act<Own> saved, Act<Own> kept, Act<Own> dsaved, in BranchAdapter self)
        where D : IWidth
    {
        if (self._network is not { } network)
            return dy;
        float* u = self._input == BranchInput.Stream ? x.Data : self.Wide(run, saved, 0), du = self.Through(run, dsaved);
        network.Backward(run, Into.Set, du, self.Dropped(run, dy, dsaved), u, kept.Data, saved.Data, dsaved.Data, self.Sums(run, dsaved));
        return self.ByOutput(run, dy, kept, dsaved);
    }

    /// <inheritdoc/>
    public static Act<D> BackwardInput<D>(Run run, Act<D> dy, Act<Own> kept, Act<Own> dsaved, in BranchAdapter self) where D : IWidth
    {
        if (self._network is not { } network)
            return dy;
        network.BackwardInput(run, Into.Set, self.Through(run, dsaved), self.Dropped(run, dy, dsaved), kept.Data, dsaved.Data);
        return self.ByOutput(run, dy, kept, dsaved);
    }

    /// <inheritdoc/>
    public static void BackwardShare<D>(Run run, Act<D> dx, Act<Own> dsaved, in BranchAdapter self) where D : IWidth
    {
        if (self._network is not null && self._input != BranchInput.Output)
            Residual.Add(run, dx, new Act<D>(self.Wide(run, dsaved, 0), dx.Width));
    }

    // Rows as wide as the model: u or du; of a sum also the gradient by y; with dropout what is dropped.
    private int Wides => (_input == BranchInput.Sum ? 2 : 1) + (_dropout > 0 ? 1 : 0);

    private bool Drops(Run run) => run.Training && _dropout > 0;

    // Where the gradient by u goes: through a norm it has to pass on.
    private float* Through(Run run, Act<Own> dsaved) => Wide(run, dsaved, _norm is null ? 0 : 1);

    private Act<D> ByOutput<D>(Run run, Act<D> dy, Act<Own> kept, Act<Own> dsaved) where D : IWidth
    {
        if (_input == BranchInput.Stream)
            return dy;
        var du = new Act<D>(Wide(run, dsaved, 0), dy.Width);
        if (_input == BranchInput.Output)
        {
            Residual.Add(run, du, dy);
            return du;
        }
        var byOutput = new Act<D>(Wide(run, dsaved, 1), dy.Width);
        if (_norm is Func<LayerNorm<D>> norm)
            LayerNorm.BackwardSet(run, du, byOutput, Sum<D>(run, kept), Mean(run, kept), Rstd(run, kept), norm());
        Residual.Set(run, byOutput, du);
        Residual.Add(run, byOutput, dy);
        return byOutput;
    }

    private float* Dropped<D>(Run run, Act<D> dy, Act<Own> dsaved) where D : IWidth
    {
        if (!Drops(run))
            return dy.Data;
        float* dropped = Wide(run, dsaved, Wides - 1);
        Dropout.Set(run, dropped, dy.Data, dy.Width, _dropout, _site);
        return dropped;
    }

    private float* Sums(Run run, Act<Own> buffer) => buffer.Data + (long)run.Rows * _size;

    private float* Wide(Run run, Act<Own> buffer, int which) => buffer.Data + (long)run.Rows * (_size + 1 + which * _width);

    private Act<D> Sum<D>(Run run, Act<Own> kept) where D : IWidth => new(kept.Data + (long)run.Rows * _size, _width);

    private Act<One> Mean(Run run, Act<Own> kept) => new(kept.Data + (long)run.Rows * (_size + _width), 1);

    private Act<One> Rstd(Run run, Act<Own> kept) => new(kept.Data + (long)run.Rows * (_size + _width + 1), 1);
}
