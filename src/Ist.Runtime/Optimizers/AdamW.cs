using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Optimizers;

/// <summary>
/// AdamW (Loshchilov and Hutter, arXiv 1711.05101) as PyTorch's single-tensor implementation computes it in F32, operation by
/// operation: p *= 1 - lr decay; m += (1 - beta1) (g - m); v = beta2 v + (1 - beta2) g g;
/// p -= lr / (1 - beta1^t) m / (sqrt(v) / sqrt(1 - beta2^t) + epsilon).
/// <para>
/// t counts the parameter's own steps: one that is left out of a step keeps its value, moments and count.
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
    private readonly double _weightDecay;
    private readonly double _beta1;
    private readonly double _beta2;
    private readonly double _epsilon;
    private Device? _device;

    /// <summary>Makes the optimizer; <see cref="Reserve"/> gives it its memory.</summary>
    /// <param name="weightDecay">Decoupled weight decay.</param>
    /// <param name="beta1">Of the first moment.</param>
    /// <param name="beta2">Of the second moment.</param>
    /// <param name="epsilon">Added to the root of the second moment; at least 1e-12.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of its range.</exception>
    public AdamW(double weightDecay, double beta1 = 0.9, double beta2 = 0.999, double epsilon = 1e-8)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(weightDecay);
        RequireBelowOne(beta1, nameof(beta1));
        RequireBelowOne(beta2, nameof(beta2));
        ArgumentOutOfRangeException.ThrowIfLessThan(epsilon, SmallestEpsilon);
        _weightDecay = weightDecay;
        _beta1 = beta1;
        _beta2 = beta2;
        _epsilon = epsilon;
    }

    /// <summary>Takes both moments of every parameter from an arena, zero at first, and sets their step counts to 0.</summary>
    public void Reserve(Arena arena, ReadOnlySpan<Parameter> parameters)
    {
        _moments.Clear();
        _device = arena.Measuring ? null : arena.Device;
        foreach (Parameter parameter in parameters)
        {
            float* first = arena.Floats(parameter.Count, MemoryKind.OptimizerState);
            float* second = arena.Floats(parameter.Count, MemoryKind.OptimizerState);
            _moments.Add(parameter, new Moments(first, second));
        }
    }

    /// <summary>Has the moments' memory.</summary>
    internal Device Device => _device ?? throw new InvalidOperationException("The optimizer has no memory; reserve it first.");

    /// <summary>The first moment m of a parameter.</summary>
    public float* First(Parameter parameter) => _moments[parameter].First;

    /// <summary>The second moment v of a parameter.</summary>
    public float* Second(Parameter parameter) => _moments[parameter].Second;

    /// <summary>How many steps a parameter has taken.</summary>
    public ref long Steps(Parameter parameter) => ref _moments[parameter].Steps;

    /// <summary>One step of the parameters that are trained in it, by their gradients.</summary>
    /// <param name="run">The run.</param>
    /// <param name="active">The parameters; all were reserved.</param>
    /// <param name="lr">The learning rate.</param>
    public void Step(Run run, ReadOnlySpan<Parameter> active, double lr)
    {
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

    private sealed class Moments(float* first, float* second)
    {
        public readonly float* First = first;
        public readonly float* Second = second;
        public long Steps;
    }
}
