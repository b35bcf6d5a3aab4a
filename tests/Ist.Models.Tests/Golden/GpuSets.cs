using Ist.Models.Tests.Training;
using Ist.Runtime.Data;

namespace Ist.Models.Tests.Golden;

/// <summary>The sets that a card computes as well: those of which all layers and methods have kernels.</summary>
internal static class GpuSets
{
    private static readonly string[] _checkpoints =
    [
        "llama-mha", "llama-gqa-tied-rope3", "mistral", "mistral-swa", "qwen2", "qwen3", "gemma", "gemma2", "phi3", "gpt2", "gptj", "gptneox", "gptneox-seq", "opt",
        "bert-cls", "roberta-cls", "bloom", "mixtral",
    ];

    // Those whose layers are most unlike: a step costs seconds.
    private static readonly string[] _trained = ["llama-mha", "llama-gqa-tied-rope3", "gpt2", "bert-cls", "mixtral"];

    private static readonly (string Checkpoint, string Adapter)[] _adapters =
    [
        ("llama-mha", "lora"),
        ("llama-mha", "lora_qv"),
        ("llama-mha", "lora_patterns"),
        ("llama-mha", "lora_embed"),
        ("llama-mha", "lora_modules_to_save"),
        ("llama-mha", "rslora"),
        ("llama-mha", "dora"),
        ("llama-mha", "dora_rs"),
        ("llama-mha", "ia3"),
        ("llama-mha", "ln"),
        ("llama-mha", "vera"),
        ("llama-mha", "prompt"),
        ("llama-mha", "prefix"),
        ("llama-gqa-tied-rope3", "lora"),
        ("gpt2", "lora"),
        ("bert-cls", "lora"),
        ("bloom", "lora"),
        ("mixtral", "lora"),
        ("llama-gqa-tied-rope3", "prefix"),
        ("bloom", "prefix"),
        ("gpt2", "dora"),
        ("gpt2", "ia3"),
        ("gpt2", "vera"),
        ("qwen2", "lora_bias_b"),
        ("bert-cls", "adapters/parallel_learned"),
        ("gpt2", "adapters/houlsby"),
    ];

    /// <summary>The checkpoints that a card trains with LoRA and IST.</summary>
    public static TheoryData<string> Trained => [.. _trained];

    /// <summary>What it is trained with: texts, with a label each for a classifier.</summary>
    public static DataSet Texts(string checkpoint)
    {
        DataSet texts = RandomTexts.Rows(6, seed: 5);
        return GoldenSet.Classifiers.Any(row => row.Data == checkpoint)
            ? new DataSet([.. texts.Examples.Select((text, number) => new Example(text.Tokens, label: number % 2, []))])
            : texts;
    }

    /// <summary>Checkpoints on the processor, and those that a card computes on it too.</summary>
    public static TheoryData<string, string> With(TheoryData<string> checkpoints)
    {
        var devices = new TheoryData<string, string>();
        foreach (string checkpoint in checkpoints.Select(row => row.Data))
        {
            devices.Add(checkpoint, TestCard.Cpu);
            if (_checkpoints.Contains(checkpoint))
                devices.Add(checkpoint, TestCard.Cuda);
        }
        return devices;
    }

    /// <summary>Adapters on the processor, and those that a card computes on it too.</summary>
    public static TheoryData<string, string, string> With(params IEnumerable<TheoryData<string, string>> adapters)
    {
        var devices = new TheoryData<string, string, string>();
        foreach ((string checkpoint, string adapter) in adapters.SelectMany(data => data).Select(row => row.Data))
        {
            devices.Add(checkpoint, adapter, TestCard.Cpu);
            if (_adapters.Contains((checkpoint, adapter)))
                devices.Add(checkpoint, adapter, TestCard.Cuda);
        }
        return devices;
    }
}
