using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Tests.Models;

/// <summary>Ties: what a member declared as tied takes of its partner.</summary>
public sealed class ScopeTests
{
    private readonly Scope _model = new(new ModelSetup(new Widths(), new ModelOptions(), TiesWeights: true, 0.02f, null, new FullOptions()));

    [Fact]
    public void A_tied_layer_shares_the_weight_and_keeps_its_own_bias()
    {
        Weight table = _model.Member("tokens").Weight("weight", Initial.Normal, 5, 3);
        Scope head = _model.Member("head", tiedTo: table);

        Assert.Same(table, head.Weight("weight", Initial.Normal, 5, 3));
        Assert.Equal("head.bias", head.Weight("bias", Initial.Zeros, 5).Name);
        Assert.Equal(["tokens.weight", "head.bias"], _model.Contents.Parameters.Select(p => p.Key));
    }

    [Fact]
    public void A_tie_to_a_weight_of_another_shape_is_refused()
    {
        Weight table = _model.Member("tokens").Weight("weight", Initial.Normal, 5, 3);

        Assert.Throws<InvalidOperationException>(() => _model.Member("head", tiedTo: table).Weight("weight", Initial.Normal, 3, 5));
    }
}
