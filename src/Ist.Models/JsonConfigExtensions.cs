using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Layers;
using Ist.Runtime.Tensors;

namespace Ist.Models;

/// <summary>Values that every family's <c>config.json</c> has.</summary>
internal static class JsonConfigExtensions
{
    /// <summary>A count or size, or the fallback.</summary>
    public static int GetPositive(this JsonConfig config, string key, int fallback)
    {
        int value = config.GetInt(key, fallback);
        return value > 0 ? value : throw config.Fault(key, $"is {value}, expected a positive number");
    }

    /// <summary>Of two names of one thing, the first that is there; the second where none is.</summary>
    public static string FirstOf(this JsonConfig config, string key, string otherKey) => config.Has(key) ? key : otherKey;

    /// <summary>The size of the residual stream, of which four times as many must be countable, or the fallback.</summary>
    public static int GetHidden(this JsonConfig config, string key, int fallback)
    {
        int value = config.GetPositive(key, fallback);
        return value <= int.MaxValue / 4 ? value : throw config.Fault(key, $"is {value}, expected at most {int.MaxValue / 4}");
    }

    /// <summary>What a norm adds to a variance, or the fallback.</summary>
    public static float GetEpsilon(this JsonConfig config, string key, float fallback)
    {
        float value = config.GetFloat(key, fallback);
        return value >= 0 ? value : throw config.Fault(key, "is negative, expected 0 or more");
    }

    /// <summary>The precision that the checkpoint is kept in: <c>dtype</c>, formerly <c>torch_dtype</c>.</summary>
    public static DType GetDType(this JsonConfig config)
    {
        string key = config.Has("dtype") ? "dtype" : "torch_dtype";
        return config.GetString(key, "float32") switch
        {
            "float32" => DType.F32,
            "float16" => DType.F16,
            "bfloat16" => DType.BF16,
            var other => throw config.Fault(key, $"is '{other}', expected 'float32', 'float16' or 'bfloat16'"),
        };
    }

    /// <summary>An activation function by its name in transformers, or the fallback's.</summary>
    public static ActivationFunction GetActivation(this JsonConfig config, string key, string fallback)
    {
        string name = config.GetString(key, fallback);
        return ActivationFunctions.TryGet(name, out ActivationFunction function)
            ? function
            : throw config.Fault(key, $"is '{name}', expected one of {string.Join(", ", ActivationFunctions.Names)}; other functions are not supported");
    }

    /// <summary>Says of dropout inside the model, where there is any, that training does without it.</summary>
    /// <param name="config">The file.</param>
    /// <param name="dropouts">The keys, and what they are where they are missing.</param>
    public static IReadOnlyList<string> WarnOfDropout(this JsonConfig config, IEnumerable<(string Key, double Missing)> dropouts)
    {
        string[] keys = [.. dropouts.Where(d => config.GetDouble(d.Key, d.Missing) != 0).Select(d => $"'{d.Key}'")];
        return keys.Length == 0 ? [] :
        [
            $"{config.Source}: {string.Join(", ", keys)} {(keys.Length == 1 ? "is" : "are")} not 0, but training does without dropout inside the model; an adapter's own dropout works",
        ];
    }

    /// <summary>Refuses a switch that asks for what no part of the family declares.</summary>
    /// <exception cref="InputException">It is on.</exception>
    public static void Refuse(this JsonConfig config, string key, string what)
    {
        if (config.GetBool(key, false))
            throw config.Fault(key, $"is true, but no part declares {what} yet; use a checkpoint without them");
    }
}
