using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Optimizers;

/// <summary>
/// Where the gradients of a step's parameters lie on a card, so that one launch goes over all of them. The table stays there until it is
/// asked for other parameters. Pieces follow from the tensors' sizes alone, and so does the order of sums.
/// </summary>
/// <param name="gpu">The card.</param>
/// <param name="room">The most pieces, and tensors.</param>
internal sealed unsafe partial class GradientTable(IlgpuDevice gpu, int room = 1 << 16)
{
    /// <summary>Elements of a piece, unless there would be too many pieces.</summary>
    public const int PieceElements = 8192;

    private const int Threads = 256;

    private readonly GradientPiece* _onCard = (GradientPiece*)gpu.Allocate((long)room * sizeof(GradientPiece));
    private readonly GradientPiece[] _pieces = new GradientPiece[room];
    private readonly (nint Gradient, long Count)[] _tensors = new (nint, long)[room];
    private readonly double[] _sums = new double[room];
    private int _tensorCount, _count;

    /// <summary>Sets the gradients to zero.</summary>
    public void Clear(ReadOnlySpan<Parameter> parameters)
    {
        Hold(parameters);
        gpu.For(_count, Threads, new GpuClear(Pieces, Memory));
    }

    /// <summary>The sum of all squares, those of a piece on the card, and then the pieces in their order.</summary>
    public double SumOfSquares(ReadOnlySpan<Parameter> parameters)
    {
        Hold(parameters);
        gpu.For(_count, Threads, new GpuSquares(gpu.View((double*)gpu.Workspace, _count), Pieces, Memory));
        fixed (double* sums = _sums)
            gpu.Download(gpu.Workspace, sums, (long)_count * sizeof(double));
        double sum = 0;
        foreach (double ofPiece in _sums.AsSpan(0, _count))
            sum += ofPiece;
        return sum;
    }

    /// <summary>Multiplies the gradients.</summary>
    public void Scale(ReadOnlySpan<Parameter> parameters, float factor)
    {
        Hold(parameters);
        gpu.For(_count, Threads, new GpuScale(Pieces, Memory, factor));
    }

    private ArrayView<GradientPiece> Pieces => gpu.View(_onCard, _count);

    private ArrayView<float> Memory => gpu.View((float*)null, long.MaxValue / sizeof(float));

    private void Hold(ReadOnlySpan<Parameter> parameters)
    {
        if (Holds(parameters))
            return;
        if (parameters.Length > room)
            throw new InvalidOperationException($"A step trains {parameters.Length} tensors on a card; there is room for {room}.");
        int elements = PieceElements;
        while (Count(parameters, elements) > room)
            elements *= 2;
        (_tensorCount, _count) = (0, 0);
        foreach (Parameter parameter in parameters)
        {
            _tensors[_tensorCount++] = ((nint)parameter.Gradient, parameter.Count);
            for (long at = 0; at < parameter.Count; at += elements)
                _pieces[_count++] = new GradientPiece { First = (long)(parameter.Gradient + at) / sizeof(float), Count = (int)Math.Min(elements, parameter.Count - at) };
        }
        fixed (GradientPiece* pieces = _pieces)
            gpu.Upload(pieces, _onCard, (long)_count * sizeof(GradientPiece));
    }

    private bool Holds(ReadOnlySpan<Parameter> parameters)
    {
        if (parameters.Length != _tensorCount)
            return false;
        for (int i = 0; i < parameters.Length; i++)
        {
            if (_tensors[i] != ((nint)parameters[i].Gradient, parameters[i].Count))
                return false;
        }
        return true;
    }

    private static long Count(ReadOnlySpan<Parameter> parameters, int elements)
    {
        long count = 0;
        foreach (Parameter parameter in parameters)
            count += (parameter.Count + elements - 1) / elements;
        return count;
    }
}
