using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;

namespace Ist.Models;

/// <summary>Reads YaRN's settings in <c>rope_scaling</c> or <c>rope_parameters</c>, with the defaults of transformers.</summary>
internal static class YarnConfig
{
    /// <param name="config">The model's configuration.</param>
    /// <param name="scaling">The settings.</param>
    /// <param name="theta">The base.</param>
    /// <param name="turned">Elements of a head that are turned.</param>
    public static YarnRotaryScaling Read(JsonConfig config, JsonConfig scaling, float theta, int turned)
    {
        double factor = scaling.GetDouble("factor");
        if (!(factor >= 1))
            throw scaling.Fault("factor", FormattableString.Invariant($"is {factor}, expected 1 or more"));
        int positions = config.GetInt("max_position_embeddings"), original = scaling.GetPositive("original_max_position_embeddings", positions);
        // Versions of transformers take one or the other where there are two that differ.
        if (scaling.Has("original_max_position_embeddings") && Math.Abs(positions / (double)original - factor) > 1e-6 * factor)
        {
            throw scaling.Fault("factor", FormattableString.Invariant(
                $"is {factor}, but max_position_embeddings is {positions / (double)original} times the original ({original}), which versions of transformers take instead; make them agree"));
        }
        double first = YarnRotaryScaling.PairOf(Positive(scaling, "beta_fast", 32), original, theta, turned), last = YarnRotaryScaling.PairOf(Positive(scaling, "beta_slow", 1), original, theta, turned);
        if (scaling.GetBool("truncate", true))
            (first, last) = (Math.Floor(first), Math.Ceiling(last));
        (first, last) = (Math.Max(first, 0), Math.Min(last, turned - 1));
        return new YarnRotaryScaling((float)factor, first, first == last ? last + 0.001 : last, (float)Positive(scaling, "attention_factor", Sharpening(scaling, factor)));
    }

    private static double Sharpening(JsonConfig scaling, double factor)
    {
        double scale = scaling.GetDouble("mscale", 0), scaleAll = scaling.GetDouble("mscale_all_dim", 0);
        return scale != 0 && scaleAll != 0 ? Scale(factor, scale) / Scale(factor, scaleAll) : Scale(factor, 1);
    }

    private static double Scale(double factor, double scale) => 0.1 * scale * Math.Log(factor) + 1;

    private static double Positive(JsonConfig scaling, string key, double fallback)
    {
        double value = scaling.GetDouble(key, fallback);
        return value > 0 && float.IsFinite((float)value) ? value : throw scaling.Fault(key, FormattableString.Invariant($"is {value}, expected a positive number"));
    }
}
