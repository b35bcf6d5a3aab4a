using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;

namespace Ist.Models;

/// <summary>The model families that Ist knows, by their <c>model_type</c>.</summary>
public static class ModelFamilies
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<IModelFamily> All { get; } =
    [
        new BertFamily(), new BloomFamily(), new GemmaFamily(), new Gemma2Family(), new Gpt2Family(), new GptJFamily(), new GptNeoXFamily(), new LlamaFamily(),
        new MistralFamily(), new MixtralFamily(), new OptFamily(), new PhiFamily(), new Phi3Family(), new Qwen2Family(), new Qwen3Family(), new RobertaFamily(),
    ];

    /// <summary>The family of a checkpoint.</summary>
    /// <exception cref="InputException">Its <c>model_type</c> is missing or unknown.</exception>
    public static IModelFamily Of(JsonConfig config)
    {
        string type = config.GetString("model_type");
        return All.FirstOrDefault(family => family.ModelType == type)
            ?? throw config.Fault("model_type", $"is '{type}', which is not supported; supported: {string.Join(", ", All.Select(f => f.ModelType))}");
    }
}
