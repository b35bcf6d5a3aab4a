using Ist.Runtime.Models;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;

namespace Ist.Testing;

/// <summary>A model over random tokens, all of whose layers are trained.</summary>
internal sealed class WholeModelUnderTest : UnderTest
{
    private readonly IModel _model;
    private readonly LayerPlan _plan;

    public WholeModelUnderTest(ModelSetup setup, Func<Scope, IModel> make, GradientOptions options) : base(setup, options)
    {
        _model = make(new Scope(setup));
        Begin(_model.Allocate, setup.Widths.Of<Vocab>());
        _plan = new LayerPlan(_model.LayerCount, TrainsInput);
    }

    public string Name => _model.GetType().Name;

    protected override Span<float> Result => _model.Logits.Rows(_model.RowsOf(Run).Rows);

    protected override void RunForward() => _model.Forward(Run, _plan);

    protected override void RunBackward(ReadOnlySpan<float> dy)
    {
        dy.CopyTo(Result);
        _model.Backward(Run, _plan);
    }
}
