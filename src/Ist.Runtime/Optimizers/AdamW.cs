using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Optimizers;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101) as PyTorch's single-tensor implementation computes it in F32, operation by
/// operation: p *= 1 - lr decay; m += (1 - beta1) (g - m); v = beta2 v + (1 - beta2) g g;
/// p -= lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
/// <para>
/// t counts the parameter's own steps: one that is left out of a step keeps its value; <see cref="InactiveMoments"/> says whether it keeps
/// its moments and count.
/// </para>
/// <para>
/// Moments never become denormal, which would slow a step down many times: v and m are set to 0 below 2^-126, and the share
/// of a gradient below 2^-58 in v is left out. What is lost in v is under 2^-125, its root under 1.6e-19, and beside an epsilon
/// of 1e-12 or more that is beyond the last bit; what is lost in m moves a parameter by less than lr 1.2e-38 / epsilon.
/// </para>
/// </summary>
public sealed unsafe partial class AdamW
{
    private const double SmallestEpsilon = 1e-12;

    private readonly Dictionary<Parameter, Moments> _moments = [];
    private Moments[] _ofLayers = [];
    private Room? _room;
    private readonly double _weightDecay;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private Device? _device;

    /// <summary>Makes the optimizer; <see cref="Reserve"/> gives it its memory.</summary>
    /// <param name="weightDecay">Decoupled weight decay.</param>
    /// <param name="inactive">What becomes of the moments of layers that a step leaves out.</param>
    /// <param name="beta1">Of the first moment.</param>
    /// <param name="beta2">Of the second moment.</param>
    /// <param name="epsilon">Added to the root of the second moment; at least 1e-12.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public AdamW(double weightDecay, InactiveMoments inactive = InactiveMoments.Keep, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        RequireBelowOne(beta1, nameof(beta1));
        RequireBelowOne(beta2, nameof(beta2));
        ArgumentOutOfRangeException.ThrowIfLessThan(epsilon, SmallestEpsilon);
        _weightDecay = weightDecay;
        InactiveMoments = inactive;
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
    }

    /// <summary>What becomes of the moments of layers that a step leaves out.</summary>
    public InactiveMoments InactiveMoments { get; }

    /// <summary>
    /// Takes both moments of every parameter from an arena, zero at first, and sets their step counts to 0. Where moments are freed, layers
    /// have as much in common as the ones need that a step trains by <see cref="Arena.Kept"/>.
    /// </summary>
    public void Reserve(Arena arena, ReadOnlySpan<Parameter> parameters)
    {
        _moments.Clear();
        _device = arena.Measuring ? null : arena.Device;
        foreach (Parameter parameter in parameters)
        {
            var moments = new Moments(parameter);
            _moments.Add(parameter, moments);
            if (parameter.Layer >= 0 && InactiveMoments == InactiveMoments.Free)
                continue;
            moments.First = arena.Floats(parameter.Count, MemoryKind.OptimizerState);
            moments.Second = arena.Floats(parameter.Count, MemoryKind.OptimizerState);
        }
        _ofLayers = [.. _moments.Values.Where(moments => moments.Parameter.Layer >= 0)];
        _room = InactiveMoments == InactiveMoments.Free ? new Room(arena, _ofLayers) : null;
    }

    /// <summary>Has the moments' memory.</summary>
    internal Device Device => _device ?? throw new InvalidOperationException("The optimizer has no memory; reserve it first.");

    /// <summary>The first moment m of a parameter; null while it is freed.</summary>
    public float* First(Parameter parameter) => _moments[parameter].First;

    /// <summary>The second moment v of a parameter; null while it is freed.</summary>
    public float* Second(Parameter parameter) => _moments[parameter].Second;

    /// <summary>How many steps a parameter has taken.</summary>
    public ref long Steps(Parameter parameter) => ref _moments[parameter].Steps;

    /// <summary>Whether there is room for the moments of these parameters at once.</summary>
    internal bool HasRoomFor(ReadOnlySpan<Parameter> parameters)
    {
        long floats = 0;
        foreach (Parameter parameter in parameters)
            floats += parameter.Layer < 0 ? 0 : 2 * _moments[parameter].Stride;
        return _room is null || floats <= _room.Floats;
    }

    /// <summary>Has the moments of these parameters ready; those of other layers are kept, cleared or freed.</summary>
    /// <exception cref="InvalidOperationException">There is no room for so many.</exception>
    internal void Activate(ReadOnlySpan<Parameter> active)
    {
        if (InactiveMoments == InactiveMoments.Keep)
            return;
        foreach (Moments moments in _ofLayers)
            moments.IsActive = false;
        foreach (Parameter parameter in active)
            _moments[parameter].IsActive = true;
        _room?.Settle(Device, _ofLayers);
        foreach (Moments moments in _ofLayers)
        {
            if (!moments.IsActive && moments.Steps > 0)
                moments.Clear(Device);
        }
    }

    /// <summary>One step of the parameters that are trained in it, by their gradients.</summary>
    /// <param name="run">The run.</param>
    /// <param name="active">The parameters; all were reserved.</param>
    /// <param name="lr">The learning rate.</param>
    public void Step(Run run, ReadOnlySpan<Parameter> active, double lr)
    {
        Activate(active);
        var constants = new Constants(_beta1, _beta2, _epsilon);
        if (run.Gpu is { } gpu)
        {
            Step(gpu, active, lr, constants);
            return;
        }
        var pieces = new PieceList(run.Cpu, constants);
        foreach (Parameter parameter in active)
        {
            Moments moments = _moments[parameter];
            Rates rates = NextRates(moments, lr);
            for (long at = 0; at < parameter.Count; at += Piece.Elements)
            {
                int count = (int)Math.Min(Piece.Elements, parameter.Count - at);
                pieces.Add(new Piece(parameter.Value + at, parameter.Gradient + at, moments.First + at, moments.Second + at, count, rates));
            }
        }
        pieces.Update();
    }

    /// <summary>Counts one more step of a parameter.</summary>
    private Rates NextRates(Moments moments, double lr)
    {
        double steps = ++moments.Steps;
        return new Rates(
            (float)(1 - lr * _weightDecay), (float)(-lr / (1 - Math.Pow(_beta1, steps))), (float)Math.Sqrt(1 - Math.Pow(_beta2, steps)));
    }

    private static void RequireBelowOne(double beta, string name)
    {
        if (!(beta >= 0 && beta < 1))
            throw new ArgumentOutOfRangeException(name, beta, "A decay rate of a moment is in [0, 1).");
    }
}
