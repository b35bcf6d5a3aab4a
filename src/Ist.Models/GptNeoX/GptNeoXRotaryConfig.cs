using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;

namespace Ist.Models;

/// <summary>
/// Reads a GPT-NeoX' rotary embedding: <c>rotary_emb_base</c>, <c>rotary_pct</c> and <c>rope_scaling</c> (transformers 4), or
/// <c>rope_parameters</c> (transformers 5).
/// </summary>
internal static class GptNeoXRotaryConfig
{
    private const float DefaultTheta = 10000;
    private const double DefaultPart = 0.25;

    public static RotaryAngles Read(JsonConfig config, int headSize)
    {
        JsonConfig? parameters = config.GetObjectOrNull("rope_parameters");
        (JsonConfig at, string key) = Place(config, parameters, "rope_theta", "rotary_emb_base");
        float theta = at.GetFloat(key, DefaultTheta);
        if (!(theta > 0))
            throw at.Fault(key, $"is {theta}, expected a positive number");
        (at, key) = Place(config, parameters, "partial_rotary_factor", "rotary_pct");
        int turned = RotaryConfig.Turned(at, key, DefaultPart, headSize);
        JsonConfig? scaling = parameters ?? config.GetObjectOrNull("rope_scaling");
        return new RotaryAngles(headSize, theta, scaling is null ? null : RotaryConfig.Scaling(config, scaling, theta, turned), turned);
    }

    // transformers 4 writes both names, and reads its own.
    private static (JsonConfig At, string Key) Place(JsonConfig config, JsonConfig? parameters, string key, string ownKey) =>
        parameters is not null && parameters.Has(key) ? (parameters, key) : config.Has(ownKey) ? (config, ownKey) : (config, key);
}
