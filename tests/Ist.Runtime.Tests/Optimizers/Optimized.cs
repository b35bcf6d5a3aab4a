using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tensors;
using Ist.Runtime.Tests.Layers;

namespace Ist.Runtime.Tests.Optimizers;

/// <summary>Parameters of some sizes with random values, and their optimizer.</summary>
internal sealed unsafe class Optimized : IDisposable
{
    private readonly KernelTest _test = new(1, 1);
    private readonly Arena _arena;

    public Optimized(double decay, params int[] counts)
        : this(decay, InactiveMoments.Keep, KeptLayers.All, counts)
    {
    }

    /// <summary>Each parameter is a layer.</summary>
    public Optimized(double decay, InactiveMoments inactive, KeptLayers kept, params int[] counts)
    {
        Optimizer = new AdamW(decay, inactive);
        Parameters = [.. counts.Select((count, i) => new Parameter($"p{i}", i, Initial.Zeros, count))];
        for (int i = 0; i < counts.Length; i++)
        {
            Parameters[i].Bind(_test.Floats(counts[i]), _test.Floats(counts[i]));
            Numbers.Fill(Value(i), i + 1, 1);
        }
        _arena = Arena.Create(_test.Cpu, Purpose.Training, new Widths(), 1, 1, arena => Optimizer.Reserve(arena, Parameters), kept);
    }

    public AdamW Optimizer { get; }

    public Parameter[] Parameters { get; }

    public Run Run => _test.Run;

    public Span<float> Value(int i) => new(Parameters[i].Value, (int)Parameters[i].Count);

    public Span<float> Gradient(int i) => new(Parameters[i].Gradient, (int)Parameters[i].Count);

    /// <summary>A step of some layers.</summary>
    public void Step(double lr, params int[] layers) => Optimizer.Step(Run, layers.Select(l => Parameters[l]).ToArray(), lr);

    public void Dispose()
    {
        _arena.Dispose();
        _test.Dispose();
    }
}
