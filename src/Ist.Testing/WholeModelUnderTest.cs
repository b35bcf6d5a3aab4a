using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Testing;

/// <summary>A model over random tokens, all of whose layers are trained. What it does in tiles it does in several.</summary>
internal sealed class WholeModelUnderTest : UnderTest
{
    private readonly IModel _model;
    private readonly LayerPlan _plan;
    private float[]? _logits;

    public WholeModelUnderTest(ModelSetup setup, Func<Scope, IModel> make, GradientOptions options) : base(setup, options)
    {
        _model = make(new Scope(setup));
        Begin(_model.Allocate, setup.Widths.Of<Vocab>());
        _plan = new LayerPlan(_model.LayerCount, TrainsInput);
    }

    public string Name => _model.GetType().Name;

    protected override Span<float> Result => _logits ??= new float[_model.RowsOf(Run).Rows * _model.Logits.Width];

    protected override void RunForward()
    {
        _model.Forward(Run, _plan);
        foreach (Run tile in Tiles)
            LogitsOf(tile).CopyTo(Result[At(tile)..]);
    }

    protected override void RunBackward(ReadOnlySpan<float> dy)
    {
        foreach (Run tile in Tiles)
        {
            Span<float> logits = LogitsOf(tile);
            dy.Slice(At(tile), logits.Length).CopyTo(logits);
            _model.BackwardTile(tile);
        }
        _model.Backward(Run, _plan);
    }

    private Tiles Tiles => new(_model.RowsOf(Run), _model.TileRows);

    private Span<float> LogitsOf(Run tile) => _model.ForwardTile(tile).Rows(tile.Rows);

    private int At(Run tile) => tile.FirstRow * _model.Logits.Width;
}
