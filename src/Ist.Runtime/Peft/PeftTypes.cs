using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Peft;

/// <summary>The methods whose adapters can be loaded, by the <c>peft_type</c> of their <c>adapter_config.json</c>.</summary>
public static class PeftTypes
{
    private static readonly SortedDictionary<string, PeftReader> _readers = new(StringComparer.Ordinal)
    {
        ["BOTTLENECK"] = (JsonConfig config, out IReadOnlyList<string> warnings) => new BottleneckOptions(BottleneckConfig.Parse(config, out warnings), config.Source),
        ["IA3"] = (JsonConfig config, out IReadOnlyList<string> warnings) => new Ia3Options(Ia3Config.Parse(config, out warnings), config.Source),
        ["LN_TUNING"] = (JsonConfig config, out IReadOnlyList<string> warnings) => new LnTuningOptions(LnTuningConfig.Parse(config, out warnings), config.Source),
        ["LORA"] = (JsonConfig config, out IReadOnlyList<string> warnings) => new LoraOptions(LoraAdapterConfig.Parse(config, out warnings), config.Source),
        ["PREFIX_TUNING"] = (JsonConfig config, out IReadOnlyList<string> warnings) => new PrefixOptions(PrefixConfig.Parse(config, out warnings), config.Source),
        ["PROMPT_TUNING"] = (JsonConfig config, out IReadOnlyList<string> warnings) => new PromptOptions(PromptConfig.Parse(config, out warnings), config.Source),
        ["VERA"] = (JsonConfig config, out IReadOnlyList<string> warnings) => new VeraOptions(VeraConfig.Parse(config, out warnings), config.Source),
    };

    private delegate PeftOptions PeftReader(JsonConfig config, out IReadOnlyList<string> warnings);

    /// <summary>The settings of an adapter's method.</summary>
    /// <param name="config">Its <c>adapter_config.json</c>.</param>
    /// <param name="warnings">One line for each field that is unknown and ignored, or that deserves a look.</param>
    /// <exception cref="InputException">The method is unknown, a value is wrong, or a field that Ist doesn't support would change what is computed.</exception>
    public static PeftOptions Read(JsonConfig config, out IReadOnlyList<string> warnings)
    {
        if (BranchAdapterConfig.IsOne(config))
            return new BranchAdapterOptions(BranchAdapterConfig.Parse(config, out warnings), config.Source);
        string type = config.GetString("peft_type");
        return _readers.TryGetValue(type, out PeftReader? read)
            ? read(config, out warnings)
            : throw config.Fault("peft_type", $"is {OneLine.Quote(type)}, which is not supported; supported: {string.Join(", ", _readers.Keys)}");
    }
}
