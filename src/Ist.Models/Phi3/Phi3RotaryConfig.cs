using System.Collections.Immutable;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;

namespace Ist.Models;

/// <summary>
/// Reads a Phi-3's rotary embedding: <c>partial_rotary_factor</c>, <c>rope_theta</c>, and LongRoPE's factors in <c>rope_scaling</c>
/// (transformers 4) or <c>rope_parameters</c> (transformers 5). Their type was called <c>su</c> or <c>yarn</c> in early files.
/// </summary>
internal static class Phi3RotaryConfig
{
    public static RotaryAngles Read(JsonConfig config, int headSize, DecoderDefaults defaults)
    {
        (float theta, JsonConfig? scaling) = RotaryConfig.Theta(config, defaults.RotaryTheta);
        int turned = Turned(config, scaling, headSize);
        string key = scaling is null || scaling.Has("rope_type") ? "rope_type" : "type";
        return scaling?.GetString(key, "default") switch
        {
            null or "default" => new RotaryAngles(headSize, theta, null, turned),
            "longrope" or "su" or "yarn" => new RotaryAngles(headSize, theta, LongRope(config, scaling, turned / 2, defaults), turned),
            var other => throw scaling.Fault(key, $"is '{other}', expected 'default' or 'longrope'; a Phi-3 has no other scalings"),
        };
    }

    private static int Turned(JsonConfig config, JsonConfig? scaling, int headSize)
    {
        JsonConfig at = scaling is not null && scaling.Has("partial_rotary_factor") ? scaling : config;
        double factor = at.GetDouble("partial_rotary_factor", 1);
        int turned = factor is > 0 and <= 1 ? (int)(headSize * factor) : 0;
        return turned > 0 && turned % 2 == 0
            ? turned
            : throw at.Fault("partial_rotary_factor", $"is {factor}, expected a number up to 1 that makes an even number of a head's {headSize} elements");
    }

    private static LongRotaryScaling LongRope(JsonConfig config, JsonConfig scaling, int pairs, DecoderDefaults defaults)
    {
        JsonConfig at = scaling.Has("original_max_position_embeddings") ? scaling : config;
        int original = at.GetPositive("original_max_position_embeddings", defaults.MaxPositions);
        double factor = (double)config.GetPositive("max_position_embeddings", defaults.MaxPositions) / original;
        double sharpening = scaling.GetDouble("attention_factor", factor <= 1 ? 1 : Math.Sqrt(1 + Math.Log(factor) / Math.Log(original)));
        if (!(sharpening > 0) || !float.IsFinite((float)sharpening))
            throw scaling.Fault("attention_factor", $"is {sharpening}, expected a positive number");
        return new LongRotaryScaling(Factors(scaling, "short_factor", pairs), Factors(scaling, "long_factor", pairs), original, (float)sharpening);
    }

    private static ImmutableArray<float> Factors(JsonConfig scaling, string key, int pairs)
    {
        ImmutableArray<float> factors = scaling.GetFloats(key);
        if (factors.Length != pairs)
            throw scaling.Fault(key, $"has {factors.Length} numbers, expected one for each of the {pairs} pairs that are turned");
        return factors.All(factor => factor > 0) ? factors : throw scaling.Fault(key, "has a number that is not positive; correct it");
    }
}
