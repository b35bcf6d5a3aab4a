using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tests.Checkpoints;

public class LoraTargetsTests
{
    private static readonly string[] _modules =
    [
        .. from l in Enumerable.Range(0, 12) from m in new[] { "self_attn.q_proj", "self_attn.v_proj", "mlp.down_proj" } select $"model.layers.{l}.{m}",
        "lm_head",
    ];

    [Fact]
    public void Names_match_whole_or_as_an_ending_after_a_dot()
    {
        Assert.Equal(["lm_head"], Targeted(Names("lm_head")));
        Assert.Equal(12, Targeted(Names("q_proj")).Length);
        Assert.Equal(12, Targeted(Names("self_attn.q_proj")).Length);
        Assert.Equal(["model.layers.1.mlp.down_proj"], Targeted(Names("model.layers.1.mlp.down_proj")));
        Assert.False(ModuleSelector.OfNames(["proj"]).Matches("model.q_proj"));
        Assert.Equal(["model.layers.1.mlp.down_proj"], Targeted(Names("1.mlp.down_proj")));
    }

    [Fact]
    public void A_pattern_must_match_the_whole_name()
    {
        Assert.Equal(["model.layers.3.self_attn.q_proj"], Targeted(Pattern(@".*\.3\.(?P<kind>self_attn)\.q_proj")));
        Assert.Equal(24, Targeted(Pattern(@"model.*q_proj|model.*v_proj")).Length);
        Assert.Equal(["lm_head"], Targeted(Pattern("(?i)LM_HEAD")));
        Bad.Input(() => Targeted(Pattern("q_proj")), "'q_proj' matches no module", "it has 'down_proj', 'lm_head', 'q_proj', 'v_proj'");
    }

    [Fact]
    public void All_linear_leaves_out_the_output_head()
    {
        var config = new LoraAdapterConfig { TargetModules = ModuleSelector.AllLinear };
        Assert.Equal(_modules[..^1], Targeted(config));
        string[] heads = ["embed_out", "score", "classifier", "classifier.dense"];
        Assert.Equal(["classifiers"], new LoraTargets(config, "--target").Resolve([.. heads, "classifiers"]).Select(t => t.Key));
    }

    [Fact]
    public void Excluded_modules_are_left_out()
    {
        Assert.Equal(11, Targeted(Names("q_proj") with { ExcludeModules = ModuleSelector.OfNames(["3.self_attn.q_proj"]) }).Length);
        Assert.Equal(2, Targeted(Names("q_proj") with { ExcludeModules = ModuleSelector.OfPattern(@".*\.\d\..*", "t") }).Length);
        Bad.Input(() => Targeted(Names("q_proj") with { ExcludeModules = ModuleSelector.OfNames(["q_proj"]) }), "no module is left");
    }

    [Fact]
    public void Layers_are_chosen_by_index()
    {
        Assert.Equal(["model.layers.1.self_attn.q_proj", "model.layers.11.self_attn.q_proj"], Targeted(Names("q_proj") with { LayersToTransform = [11, 1] }));
        Assert.Equal(["model.layers.1.self_attn.q_proj"], Targeted(Names("q_proj") with { LayersToTransform = [1], LayersPattern = ["h", "layers"] }));
        Bad.Input(() => Targeted(Names("q_proj") with { LayersToTransform = [1], LayersPattern = ["h"] }), "no module is left");
        // Named in full: whatever its layer. Outside the layers: never by index.
        Assert.Equal(["model.layers.0.mlp.down_proj"], Targeted(Names("model.layers.0.mlp.down_proj") with { LayersToTransform = [1] }));
        Assert.Equal(["model.layers.1.self_attn.q_proj", "lm_head"], Targeted(Names("q_proj", "lm_head") with { LayersToTransform = [1] }));
    }

    [Fact]
    public void The_layer_is_the_last_number_between_dots_after_a_name()
    {
        var targets = new LoraTargets(Names("w1") with { LayersToTransform = [5] }, "t");
        Assert.NotNull(targets.Match("model.layers.0.experts.5.w1"));
        Assert.Null(targets.Match("model.layers.5.experts.0.w1"));
        // The generic pattern wants a name before the list.
        Assert.Null(targets.Match("layers.5.w1"));
    }

    [Fact]
    public void Rank_and_alpha_follow_the_first_pattern_that_matches()
    {
        LoraAdapterConfig config = Names("q_proj", "v_proj") with
        {
            R = 4,
            LoraAlpha = 8,
            RankPattern = [new("layers.1.self_attn.q_proj", 16), new("q_proj", 2), new(@"model\.layers\.[23]\..*", 7)],
            AlphaPattern = [new("v_proj|x", 3)],
        };
        var targets = new LoraTargets(config, "t");
        Assert.Equal(new LoraTarget(16, 8, 0.5), targets.Match("model.layers.1.self_attn.q_proj"));
        Assert.Equal(new LoraTarget(2, 8, 4), targets.Match("model.layers.0.self_attn.q_proj"));
        Assert.Equal(new LoraTarget(2, 8, 4), targets.Match("model.layers.11.self_attn.q_proj"));
        Assert.Equal(new LoraTarget(7, 3, 3 / 7.0), targets.Match("model.layers.3.self_attn.v_proj"));
        Assert.Equal(new LoraTarget(4, 3, 0.75), targets.Match("model.layers.4.self_attn.v_proj"));
        Assert.Null(targets.Match("model.layers.1.mlp.down_proj"));
        Assert.Equal(new LoraTarget(4, 3, 1.5), new LoraTargets(config with { UseRslora = true }, "t").Match("model.layers.4.self_attn.v_proj"));
    }

    [Fact]
    public void An_entry_that_matches_nothing_is_named_with_what_there_is() =>
        Bad.Input(() => Targeted(Names("q_proj", "v_porj")), "--target: 'target_modules'", "'v_porj' matches no module",
            "did you mean 'v_proj'", "it has 'down_proj', 'lm_head', 'q_proj', 'v_proj'");

    [Fact]
    public void A_pattern_that_takes_too_long_is_refused() =>
        Bad.Input(() => new LoraTargets(Pattern("(a+)+b"), "t").Match(new string('a', 60)), "takes too long");

    private static LoraAdapterConfig Names(params string[] names) => new() { TargetModules = ModuleSelector.OfNames(names) };

    private static LoraAdapterConfig Pattern(string pattern) => new() { TargetModules = ModuleSelector.OfPattern(pattern, "t") };

    private static string[] Targeted(LoraAdapterConfig config) =>
        [.. new LoraTargets(config, "--target").Resolve(_modules).Select(t => t.Key)];
}
