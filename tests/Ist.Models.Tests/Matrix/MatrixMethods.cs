using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;

namespace Ist.Models.Tests.Matrix;

/// <summary>The columns of the matrix: every method, with the modules that it has by default where there are such.</summary>
internal static class MatrixMethods
{
    private const string Source = "the matrix";

    private static readonly SortedDictionary<string, Func<IModelFamily, PeftOptions>> _all = new(StringComparer.Ordinal)
    {
        ["bitfit"] = family => new BitFitOptions(null, family.TaskType, ModuleSelector.OfNames(family.DefaultTargets)),
        ["bottleneck-parallel"] = family => Bottleneck(family, parallel: true),
        ["bottleneck-series"] = family => Bottleneck(family, parallel: false),
        ["dora"] = family => LowRank(family, new LoraAdapterConfig { TargetModules = ModuleSelector.AllLinear, UseDora = true, LoraDropout = 0.1 }),
        ["full"] = _ => new FullOptions(),
        ["houlsby"] = family => Branch(family, BranchInput.Output, "swish"),
        ["ia3"] = Ia3,
        ["ln"] = family => new LnTuningOptions(new LnTuningConfig
        {
            TaskType = family.TaskType,
            TargetModules = ModuleSelector.OfNames(LnTuningDefaults.Of(family.ModelType)!),
            ModulesToSave = Heads(family),
        }, Source),
        ["lora"] = family => LowRank(family, new LoraAdapterConfig { TargetModules = ModuleSelector.AllLinear, LoraDropout = 0.1 }),
        // Embeddings and heads too, and all biases.
        ["lora-everywhere"] = family => LowRank(family, new LoraAdapterConfig
        {
            TargetModules = ModuleSelector.OfPattern(".*", Source),
            ExcludeModules = family.HeadModules.Count == 0 ? null : ModuleSelector.OfPattern($"({string.Join('|', family.HeadModules)}).*", Source),
            Bias = BiasTraining.All,
        }),
        ["parallel"] = family => Branch(family, BranchInput.Stream, "gelu", scaling: null),
        ["pfeiffer"] = family => Branch(family, BranchInput.Sum, "gelu"),
        ["prefix"] = family => new PrefixOptions(new PrefixConfig { Shared = Virtual(family) }, Source),
        ["prompt"] = family => new PromptOptions(new PromptConfig { Shared = Virtual(family) }, Source),
        ["rslora"] = family => LowRank(family, new LoraAdapterConfig { TargetModules = ModuleSelector.OfNames(family.DefaultTargets), UseRslora = true }),
        ["vera"] = family => new VeraOptions(new VeraConfig
        {
            TaskType = family.TaskType,
            R = 3,
            VeraDropout = 0.1,
            TargetModules = ModuleSelector.AllLinear,
            Bias = BiasTraining.Adapted,
            ModulesToSave = Heads(family),
        }, Source),
    };

    /// <summary>Their names.</summary>
    public static IEnumerable<string> Names => _all.Keys;

    /// <summary>A method's settings for a family.</summary>
    public static PeftOptions Options(string method, IModelFamily family) => _all[method](family);

    /// <summary>Whether the method can be folded into the weights.</summary>
    public static bool Merges(string method) => method is not ("bottleneck-parallel" or "bottleneck-series" or "houlsby" or "parallel" or "pfeiffer" or "prefix" or "prompt" or "full");

    /// <summary>Whether a layer's adapter scale acts on what the method trains.</summary>
    public static bool HasScale(string method) => method is not ("bitfit" or "full" or "ln" or "prompt");

    /// <summary>A part of the message where a model has no place for a method; null where it has one.</summary>
    public static string? Refusal(string model, string method) => (method, MatrixModels.Family(model).ModelType) switch
    {
        ("bitfit", "gemma" or "gemma2" or "llama" or "mistral" or "mixtral" or "phi3" or "qwen3") when model != "llama-biased" => "bitfit, which trains biases, but this model has none",
        ("bottleneck-series", "bert" or "mixtral" or "roberta") => "series adapters stand in feed-forward modules alone",
        ("houlsby" or "parallel" or "pfeiffer", "bloom" or "gemma2" or "gpt_neox" or "mixtral" or "opt" or "phi" or "phi3") => "no adapter behind any of its branches",
        ("prompt", _) when model == "opt-projected" => "this one's embeddings are projected to that width",
        _ => null,
    };

    private static PromptLearningConfig Virtual(IModelFamily family) => new() { TaskType = family.TaskType, NumVirtualTokens = 3, ModulesToSave = Heads(family) };

    private static LoraOptions LowRank(IModelFamily family, LoraAdapterConfig config) =>
        new(config with { TaskType = family.TaskType, R = 2, LoraAlpha = 4, ModulesToSave = Heads(family) }, Source);

    private static Ia3Options Ia3(IModelFamily family)
    {
        Ia3Defaults defaults = Ia3Defaults.Of(family.ModelType) ?? (family.ModelType == "phi" ? new(["q_proj", "fc2"], ["fc2"]) : new Ia3Defaults([.. family.DefaultTargets, "down_proj"], ["down_proj"]));
        ModuleSelector targets = ModuleSelector.OfNames(defaults.TargetModules);
        return new Ia3Options(new Ia3Config
        {
            TaskType = family.TaskType,
            TargetModules = targets,
            FeedforwardModules = defaults.FeedforwardOf(targets),
            ModulesToSave = Heads(family),
        }, Source);
    }

    private static BottleneckOptions Bottleneck(IModelFamily family, bool parallel) => new(new BottleneckConfig
    {
        TaskType = family.TaskType,
        TargetModules = ModuleSelector.OfNames(BottleneckDefaults.Of(family.ModelType, parallel, adapterP: false) ?? (family.ModelType, parallel) switch
        {
            (_, true) => family.DefaultTargets,
            ("gpt2", _) => ["mlp.c_fc", "mlp.c_proj"],
            ("mixtral", _) => ["w1", "w2"],
            ("phi", _) => ["fc1", "fc2"],
            ("phi3", _) => ["gate_up_proj", "down_proj"],
            _ => ["intermediate.dense", "output.dense"],
        }),
        BottleneckSize = 3,
        AdapterDropout = 0.1,
        Scaling = parallel ? null : 1.5,
        UseParallelAdapter = parallel,
        ModulesToSave = Heads(family),
    }, Source);

    private static BranchAdapterOptions Branch(IModelFamily family, BranchInput input, string function, double? scaling = 1) => new(new BranchAdapterConfig
    {
        Name = "tiny",
        ModelType = family.ModelType,
        MhAdapter = input == BranchInput.Output,
        Input = input,
        OriginalLnBefore = input == BranchInput.Sum,
        NonLinearity = function,
        ReductionFactor = 4,
        Scaling = scaling,
        Dropout = 0.1,
    }, Source);

    private static ModulesToSave Heads(IModelFamily family) => new([.. family.HeadModules]);
}
