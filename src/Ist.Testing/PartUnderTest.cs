using System.Reflection;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Testing;

/// <summary>
/// A part, called as the part around it would: <c>Forward(run, y, x, …)</c> and <c>Backward(run, dx, dy, x, …)</c>, where the rest are the
/// part's own classes of buffers, known by their names.
/// </summary>
internal sealed unsafe class PartUnderTest<TPart> : UnderTest where TPart : class
{
    private const BindingFlags Members = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    private readonly TPart _part;
    private readonly MethodInfo _forward;
    private readonly MethodInfo _backward;
    private readonly Dictionary<Type, object> _buffers = [];
    private Buffer _x, _y, _dx, _dy;

    public PartUnderTest(ModelSetup setup, Func<Scope, TPart> make, GradientOptions options) : base(setup, options)
    {
        _part = make(new Scope(setup).Member("model.layers").InLayer(0));
        _forward = Method("Forward", "Run, y, x");
        _backward = Method("Backward", "Run, dx, dy, x");
        ParameterInfo[] taken = _forward.GetParameters();
        Begin(arena =>
        {
            setup.Contents.Reserve(arena);
            (_y, _x) = (Buffer.Take(arena, taken[1].ParameterType), Buffer.Take(arena, taken[2].ParameterType));
            (_dy, _dx) = (Buffer.Take(arena, taken[1].ParameterType), Buffer.Take(arena, taken[2].ParameterType));
            foreach (Type type in taken.Skip(3).Concat(_backward.GetParameters().Skip(4)).Select(p => p.ParameterType).Distinct())
                _buffers[type] = Activator.CreateInstance(type, Members, null, [Space(arena, type), _part], null)!;
        }, vocabSize: 1);
    }

    protected override IEnumerable<Tensor> Inputs => [new Tensor("x", _x.Data, _dx.Data, _x.Width * Run.Rows)];

    protected override Span<float> Result => new(_y.Data, _y.Width * Run.Rows);

    protected override void RunForward() => Call(_forward, [Run, _y.Act, _x.Act]);

    protected override void RunBackward(ReadOnlySpan<float> dy)
    {
        dy.CopyTo(new Span<float>(_dy.Data, dy.Length));
        Call(_backward, [Run, _dx.Act, _dy.Act, _x.Act]);
    }

    private void Call(MethodInfo method, object[] first) =>
        method.Invoke(_part, BindingFlags.DoNotWrapExceptions, null, [.. first, .. method.GetParameters().Skip(first.Length).Select(p => _buffers[p.ParameterType])], null);

    private static BufferSpace Space(Arena arena, Type buffers) => buffers.Name switch
    {
        "Scratch" => arena.Forward,
        "Gradients" => arena.Backward,
        _ => arena.Keeping,
    };

    private static MethodInfo Method(string name, string given) => typeof(TPart).GetMethods(Members).FirstOrDefault(m =>
            m.Name == name && m.GetParameters() is { Length: > 3 } parameters && parameters[0].ParameterType == typeof(Run)
            && parameters[1].ParameterType is { IsGenericType: true } first && first.GetGenericTypeDefinition() == typeof(Act<>)
            && parameters[2].ParameterType is { IsGenericType: true } second && second.GetGenericTypeDefinition() == typeof(Act<>))
        ?? throw new TestingException($"{typeof(TPart).Name} has no {name}({given}, …) on activations; it must be a [Branch] or [Block] that turns activations into activations.");

    /// <summary>Activations of a width that is known at run time alone.</summary>
    private readonly record struct Buffer(object Act, nint Address, int Width)
    {
        public float* Data => (float*)Address;

        public static Buffer Take(Arena arena, Type act) =>
            (Buffer)typeof(Buffer).GetMethod(nameof(TakeOf), BindingFlags.NonPublic | BindingFlags.Static)!
                .MakeGenericMethod(act.GetGenericArguments()).Invoke(null, [arena])!;

        private static Buffer TakeOf<W>(Arena arena) where W : IWidth
        {
            Act<W> act = arena.Saved<W>();
            return new Buffer(act, (nint)act.Data, act.Width);
        }
    }
}
