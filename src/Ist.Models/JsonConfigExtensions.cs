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

    /// <summary>Refuses a switch that asks for what no part of the family declares.</summary>
    /// <exception cref="InputException">It is on.</exception>
    public static void Refuse(this JsonConfig config, string key, string what)
    {
        if (config.GetBool(key, false))
            throw config.Fault(key, $"is true, but no part declares {what} yet; use a checkpoint without them");
    }
}
