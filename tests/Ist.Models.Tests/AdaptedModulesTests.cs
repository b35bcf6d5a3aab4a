using Ist.Models.Tests.Golden;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;

namespace Ist.Models.Tests;

/// <summary>Which modules get an adapter: every linear layer but the head with all-linear, and peft's default else.</summary>
public sealed class AdaptedModulesTests
{
    [Theory]
    [InlineData("gpt2", "attn.c_attn attn.c_proj mlp.c_fc mlp.c_proj", "attn.c_attn", true)]
    [InlineData("gptj", "attn.k_proj attn.out_proj attn.q_proj attn.v_proj mlp.fc_in mlp.fc_out", "attn.q_proj attn.v_proj", false)]
    [InlineData("gptneox", "attention.dense attention.query_key_value mlp.dense_4h_to_h mlp.dense_h_to_4h", "attention.query_key_value", false)]
    [InlineData("gptneox-seq", "attention.dense attention.query_key_value mlp.dense_4h_to_h mlp.dense_h_to_4h", "attention.query_key_value", false)]
    [InlineData("bloom", "mlp.dense_4h_to_h mlp.dense_h_to_4h self_attention.dense self_attention.query_key_value", "self_attention.query_key_value", false)]
    [InlineData("opt", "fc1 fc2 self_attn.k_proj self_attn.out_proj self_attn.q_proj self_attn.v_proj", "self_attn.q_proj self_attn.v_proj", false)]
    public void Of_a_family(string checkpoint, string all, string byDefault, bool fanInFanOut)
    {
        Assert.Equal(all, Adapted(checkpoint, _ => ModuleSelector.AllLinear, out string config));
        Assert.Contains($"\"fan_in_fan_out\": {(fanInFanOut ? "true" : "false")}", config, StringComparison.Ordinal);
        Assert.Equal(byDefault, Adapted(checkpoint, ModuleSelector.OfNames, out _));
    }

    // The modules of the second layer, by their names within it; nothing outside the layers may be adapted.
    private static string Adapted(string checkpoint, Func<IReadOnlyList<string>, ModuleSelector> targets, out string config)
    {
        using LoadedModel loaded = LoadedModel.Load(GoldenSet.CheckpointPath(checkpoint), family =>
            new LoraOptions(new LoraAdapterConfig { TargetModules = targets(family.DefaultTargets) }, "the test"));
        SlotEntry[] adapted = [.. loaded.Model.Contents.Slots.Where(slot => slot.Description is not null)];
        Assert.DoesNotContain(adapted, slot => slot.Layer < 0);
        config = loaded.Peft.ToAdapterConfig(loaded.Model.Contents.Slots)!;
        return string.Join(' ', adapted.Where(slot => slot.Layer == 1).Select(slot => slot.Module.Split(".1.")[1]).Order(StringComparer.Ordinal));
    }
}
