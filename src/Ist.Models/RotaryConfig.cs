using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;

namespace Ist.Models;

/// <summary>
/// Reads the rotary embedding's settings: <c>rope_theta</c> and <c>rope_scaling</c> (transformers 4) or
/// <c>rope_parameters</c> (transformers 5).
/// </summary>
internal static class RotaryConfig
{
    public static RotaryAngles Read(JsonConfig config, int headSize, float defaultTheta)
    {
        (float theta, JsonConfig? scaling) = Theta(config, defaultTheta);
        JsonConfig partial = scaling is not null && scaling.Has("partial_rotary_factor") ? scaling : config;
        if (partial.GetDouble("partial_rotary_factor", 1) != 1)
            throw partial.Fault("partial_rotary_factor", "is not 1; this family turns the whole head");
        return new RotaryAngles(headSize, theta, scaling is null ? null : Scaling(config, scaling, theta, headSize));
    }

    /// <summary>The base, and the object that says how frequencies are stretched, if there is one.</summary>
    public static (float Theta, JsonConfig? Scaling) Theta(JsonConfig config, float fallback)
    {
        JsonConfig? parameters = config.GetObjectOrNull("rope_parameters");
        float theta = parameters?.GetFloat("rope_theta", fallback) ?? config.GetFloat("rope_theta", fallback);
        return theta > 0
            ? (theta, parameters ?? config.GetObjectOrNull("rope_scaling"))
            : throw (parameters ?? config).Fault("rope_theta", $"is {theta}, expected a positive number");
    }

    /// <summary>How many elements of a head are turned, of which a key gives the part.</summary>
    /// <exception cref="InputException">It is no part of 1, or makes no even number.</exception>
    public static int Turned(JsonConfig at, string key, double fallback, int headSize)
    {
        double part = at.GetDouble(key, fallback);
        int turned = part is > 0 and <= 1 ? (int)(headSize * part) : 0;
        return turned > 0 && turned % 2 == 0
            ? turned
            : throw at.Fault(key, $"is {part}, expected a number up to 1 that makes an even number of a head's {headSize} elements");
    }

    /// <summary>How frequencies are stretched; null for not at all.</summary>
    /// <param name="config">The model's configuration.</param>
    /// <param name="scaling">The object that says so.</param>
    /// <param name="theta">The base.</param>
    /// <param name="turned">Elements of a head that are turned.</param>
    public static RotaryScaling? Scaling(JsonConfig config, JsonConfig scaling, float theta, int turned)
    {
        string key = scaling.Has("rope_type") ? "rope_type" : "type";
        return scaling.GetString(key, "default") switch
        {
            "default" => null,
            "linear" => new LinearRotaryScaling(Factor(scaling, "factor")),
            "dynamic" => Dynamic(scaling),
            "llama3" => Llama3(scaling),
            "yarn" => YarnConfig.Read(config, scaling, theta, turned),
            var other => throw scaling.Fault(key, $"is '{other}', expected 'default', 'linear', 'dynamic', 'llama3' or 'yarn'; other scalings are not supported"),
        };
    }

    // The base grows with a text beyond max_position_embeddings, and no text goes there.
    private static RotaryScaling? Dynamic(JsonConfig scaling)
    {
        Factor(scaling, "factor");
        return null;
    }

    private static Llama3RotaryScaling Llama3(JsonConfig scaling)
    {
        float low = Factor(scaling, "low_freq_factor"), high = Factor(scaling, "high_freq_factor");
        if (high <= low)
            throw scaling.Fault("high_freq_factor", $"is {high}, expected more than low_freq_factor ({low})");
        int positions = scaling.GetInt("original_max_position_embeddings");
        if (positions <= 0)
            throw scaling.Fault("original_max_position_embeddings", $"is {positions}, expected a positive number");
        return new Llama3RotaryScaling(Factor(scaling, "factor"), low, high, positions);
    }

    private static float Factor(JsonConfig scaling, string key)
    {
        float value = scaling.GetFloat(key);
        return value > 0 ? value : throw scaling.Fault(key, $"is {value}, expected a positive number");
    }
}
