using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;

namespace Ist.Runtime.Tests.Peft;

public class TargetsTests
{
    private static readonly SlotScope _model = new();
    private static readonly SlotScope _layer = _model.Stack("bert.encoder.layer");
    private static readonly SlotName _query = _layer.Member("attention").Slot("self.query");
    private static readonly SlotName _mixed = _layer.Slot("attention.output.dense");
    private static readonly SlotName _output = _layer.Slot("output.dense");
    private static readonly SlotName _head = _model.Slot("classifier");

    [Fact]
    public void Slots_become_peft_names()
    {
        ModuleSelector targets = Targets.Of(_query, _head, _mixed);
        Assert.Equal(["attention.output.dense", "attention.self.query", "classifier"], targets.Names);
        Assert.True(targets.Matches("bert.encoder.layer.3.attention.self.query"));
        Assert.False(targets.Matches("bert.encoder.layer.3.output.dense"));
    }

    [Fact]
    public void A_name_that_would_select_more_becomes_a_pattern()
    {
        ModuleSelector targets = Targets.Of(_output, _head);
        Assert.Equal(@"bert\.encoder\.layer\.[0-9]+\.output\.dense|classifier", targets.Pattern);
        Assert.True(targets.Matches("bert.encoder.layer.11.output.dense"));
        Assert.True(targets.Matches("classifier"));
        Assert.False(targets.Matches("bert.encoder.layer.11.attention.output.dense"));
        // Where both are meant, the names will do.
        Assert.Equal(["attention.output.dense", "output.dense"], Targets.Of(_output, _mixed).Names);
    }

    [Fact]
    public void No_slots_are_no_targets() =>
        Assert.Contains("name at least one", Assert.Throws<ArgumentException>(() => Targets.Of()).Message, StringComparison.Ordinal);

    [Fact]
    public void Layers_come_from_a_range()
    {
        Assert.Equal([4, 5, 6, 7], LayerIndices.Of(4..8, 12));
        Assert.Equal([10, 11], LayerIndices.Of(^2.., 12));
        Assert.Equal(12, LayerIndices.Of(.., 12).Length);
        Assert.Contains("The model has the layers 0 to 11.", Assert.Throws<ArgumentOutOfRangeException>(() => LayerIndices.Of(8..13, 12)).Message, StringComparison.Ordinal);
        Assert.Contains("The model has the layers 0 to 11.", Assert.Throws<ArgumentOutOfRangeException>(() => LayerIndices.Of(^13.., 12)).Message, StringComparison.Ordinal);
        Assert.Contains("No layer lies in", Assert.Throws<ArgumentOutOfRangeException>(() => LayerIndices.Of(5..5, 12)).Message, StringComparison.Ordinal);
    }
}
