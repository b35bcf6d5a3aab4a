using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Testing;

/// <summary>A device, a batch of random tokens, parameters with random values, and a random dy.</summary>
internal abstract unsafe class UnderTest : IDifferentiated, IDisposable
{
    // Divides no batch of the usual sizes, so the last tile is a smaller one.
    private const int TileRows = 3;

    private readonly ModelSetup _setup;
    private readonly GradientOptions _options;
    private readonly CpuDevice _device = new(threads: 1);
    private readonly Batch _batch;
    private ParameterSet? _parameters;
    private Arena? _arena;
    private float[] _dy = [];

    protected UnderTest(ModelSetup setup, GradientOptions options)
    {
        _setup = setup;
        _options = options;
        _batch = new Batch(options.Sequences, options.Time);
        Run = new Run(_device, _batch);
    }

    /// <inheritdoc/>
    public IReadOnlyList<Tensor> Tensors => [.. Inputs, .. Parameters.Select(p => new Tensor(p.Key, p.Value, p.Gradient, checked((int)p.Count)))];

    protected Run Run { get; }

    /// <summary>What the passes are given beside the parameters.</summary>
    protected virtual IEnumerable<Tensor> Inputs => [];

    /// <summary>What the last forward pass gave.</summary>
    protected abstract Span<float> Result { get; }

    protected bool TrainsInput => _parameters!.TrainsInput;

    private Parameter[] Parameters => _parameters!.All.ToArray();

    /// <inheritdoc/>
    public double Forward()
    {
        RunForward();
        ReadOnlySpan<float> y = Result;
        double sum = 0;
        for (int i = 0; i < y.Length; i++)
            sum += (double)_dy[i] * y[i];
        return sum;
    }

    /// <inheritdoc/>
    public void Backward()
    {
        _parameters!.ClearGradients(_parameters.All);
        RunBackward(_dy);
    }

    public void Dispose()
    {
        _arena?.Dispose();
        _batch.Dispose();
        _device.Dispose();
    }

    protected abstract void RunForward();

    protected abstract void RunBackward(ReadOnlySpan<float> dy);

    /// <summary>Lays out what was constructed, and gives everything its values.</summary>
    protected void Begin(Action<Arena> layout, int vocabSize)
    {
        _parameters = new ParameterSet(_setup.Contents);
        _arena = Arena.Create(_device, Purpose.Training, _setup.Widths, _options.Sequences, _options.Time, arena =>
        {
            _parameters.Reserve(arena);
            layout(arena);
        }, tileRows: TileRows);
        int rows = _options.Sequences * _options.Time;
        var random = new Random(unchecked((int)_options.Seed));
        long[] ids = [.. Enumerable.Range(0, rows).Select(_ => random.NextInt64(vocabSize))];
        long[] ones = [.. ids.Select(_ => 1L)];
        _batch.Fill(ids, ones, ids, _options.Sequences, _options.Time, vocabSize);
        _parameters.Initialise(_options.Seed);
        // Zeros, as adapters begin with, would hide the gradients of their partners.
        ulong stream = 10;
        foreach (Parameter parameter in _parameters.All)
        {
            float[] noise = new float[parameter.Count];
            RandomNumbers.Fill(noise, _options.Seed, stream++, deviation: 0.1);
            for (int i = 0; i < noise.Length; i++)
                parameter.Value[i] += noise[i];
        }
        foreach (Tensor input in Inputs)
            RandomNumbers.Fill(input.Value, _options.Seed, 1);
        _dy = new float[Result.Length];
        RandomNumbers.Fill(_dy, _options.Seed, 2);
    }
}
