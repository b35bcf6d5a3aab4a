using Ist.Cli.Loading;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Models;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Cli.Finetuning;

/// <summary>The settings of the method that a run trains, for the model that it trains.</summary>
internal static class MethodSettings
{
    private const string Source = "--target", VirtualTokensSource = "--num-virtual-tokens";

    /// <summary>Makes them; what was not given is as peft has it for the family.</summary>
    /// <exception cref="InputException">The method has no targets of its own for the family, and none were given.</exception>
    public static PeftOptions Of(FinetuneOptions options, IModelFamily family) => options.Method switch
    {
        Method.Lora => LowRank(options, family, dora: false),
        Method.Dora => LowRank(options, family, dora: true),
        Method.Vera => Vera(options, family),
        Method.Ia3 => Ia3(options, family),
        Method.Prefix => Prefix(options, family),
        Method.Prompt => Prompt(options, family),
        Method.Bottleneck => Bottleneck(options, family),
        Method.Houlsby or Method.Pfeiffer or Method.Parallel => Branch(options, family),
        Method.Ln => Ln(options, family),
        Method.BitFit => new BitFitOptions(options.Model, family.TaskType, ModuleSelector.OfNames(family.DefaultTargets)),
        Method.Full => new FullOptions(),
        _ => new NoPeftOptions(),
    };

    private static LoraOptions LowRank(FinetuneOptions options, IModelFamily family, bool dora) => new(new LoraAdapterConfig
    {
        BaseModelNameOrPath = options.Model,
        TaskType = family.TaskType,
        R = options.Rank,
        LoraAlpha = options.Alpha,
        LoraDropout = options.Dropout,
        UseDora = dora,
        Bias = options.Bias,
        ModulesToSave = Saved(options, family),
        TargetModules = Targets(options.Targets ?? family.DefaultTargets),
    }, Source);

    private static VeraOptions Vera(FinetuneOptions options, IModelFamily family) => new(new VeraConfig
    {
        BaseModelNameOrPath = options.Model,
        TaskType = family.TaskType,
        R = options.Rank,
        VeraDropout = options.Dropout,
        Bias = options.Bias,
        ModulesToSave = Saved(options, family),
        TargetModules = Targets(options.Targets ?? VeraDefaults.Of(family)),
    }, Source);

    private static Ia3Options Ia3(FinetuneOptions options, IModelFamily family)
    {
        Ia3Defaults defaults = Ia3Defaults.Of(family.ModelType)
            ?? throw new InputException($"--method is ia3, for which peft knows no modules of a {family.ModelType} model; give --method lora or dora.");
        ModuleSelector targets = Targets(options.Targets ?? defaults.TargetModules);
        return new Ia3Options(new Ia3Config
        {
            BaseModelNameOrPath = options.Model,
            TaskType = family.TaskType,
            TargetModules = targets,
            FeedforwardModules = defaults.FeedforwardOf(targets),
            ModulesToSave = Saved(options, family),
        }, Source);
    }

    private static PrefixOptions Prefix(FinetuneOptions options, IModelFamily family) => new(
        new PrefixConfig
        {
            Shared = Shared(options, family),
            PrefixProjection = options.PrefixProjection,
            EncoderHiddenSize = options.EncoderHiddenSize,
        },
        VirtualTokensSource)
    {
        TrainsEncoder = options.PrefixProjection,
    };

    private static PromptOptions Prompt(FinetuneOptions options, IModelFamily family) => new(
        new PromptConfig
        {
            Shared = Shared(options, family),
            Init = options.PromptInit,
            InitText = options.PromptInitText,
            TokenizerNameOrPath = options.PromptInitText is null ? null : options.Model,
        },
        VirtualTokensSource)
    {
        // As peft reads it: with what the tokenizer puts around a text.
        InitTokens = options.PromptInitText is null ? [] : [.. ModelText.Prompt(options.Model, options.PromptInitText)],
    };

    private static PromptLearningConfig Shared(FinetuneOptions options, IModelFamily family) => new()
    {
        BaseModelNameOrPath = options.Model,
        TaskType = family.TaskType,
        NumVirtualTokens = options.NumVirtualTokens,
        ModulesToSave = Saved(options, family),
    };

    private static BottleneckOptions Bottleneck(FinetuneOptions options, IModelFamily family)
    {
        AdapterShape shape = options.Adapter;
        IReadOnlyList<string> targets = options.Targets ?? BottleneckDefaults.Of(family.ModelType, shape.IsParallel, shape.IsAdapterP)
            ?? throw new InputException($"--method is bottleneck, for which LLM-Adapters knows no modules of a {family.ModelType} model; give --target.");
        return new BottleneckOptions(new BottleneckConfig
        {
            BaseModelNameOrPath = options.Model,
            TaskType = family.TaskType,
            TargetModules = Targets(targets),
            BottleneckSize = shape.Size ?? 256,
            NonLinearity = shape.NonLinearity ?? "tanh",
            AdapterDropout = options.Dropout,
            Scaling = shape.Scaling ?? 1,
            UseParallelAdapter = shape.IsParallel,
            UseAdapterP = shape.IsAdapterP,
            ModulesToSave = Saved(options, family),
        }, Source);
    }

    // AdapterHub's configurations DoubleSeqBnConfig, SeqBnConfig and ParBnConfig.
    private static BranchAdapterOptions Branch(FinetuneOptions options, IModelFamily family)
    {
        JsonConfig model = CheckpointFolder.ReadConfig(options.Model);
        (AdapterShape shape, bool parallel) = (options.Adapter, options.Method == Method.Parallel);
        return new BranchAdapterOptions(new BranchAdapterConfig
        {
            Name = options.Method.ToString().ToLowerInvariant(),
            ModelName = options.Model,
            ModelClass = model.Has("architectures") ? model.GetStringOrList("architectures")[0] : null,
            ModelType = family.ModelType,
            HiddenSize = family.Read(model).Widths.Of<Model>(),
            MhAdapter = options.Method == Method.Houlsby,
            Input = parallel ? BranchInput.Stream : options.Method == Method.Pfeiffer ? BranchInput.Sum : BranchInput.Output,
            OriginalLnBefore = options.Method == Method.Pfeiffer,
            NonLinearity = shape.NonLinearity ?? (options.Method == Method.Houlsby ? "swish" : "relu"),
            ReductionFactor = shape.ReductionFactor ?? (parallel ? 2 : 16),
            Scaling = shape.Scaling ?? (parallel ? 4 : 1),
            Dropout = options.Dropout,
            InitWeights = parallel ? "mam_adapter" : "bert",
        }, "--method");
    }

    private static LnTuningOptions Ln(FinetuneOptions options, IModelFamily family) => new(new LnTuningConfig
    {
        BaseModelNameOrPath = options.Model,
        TaskType = family.TaskType,
        TargetModules = ModuleSelector.OfNames(options.Targets ?? LnTuningDefaults.Of(family.ModelType)
            ?? throw new InputException($"--method is ln, for which the norms of a {family.ModelType} model must be named; give --target.")),
        ModulesToSave = Saved(options, family),
    }, Source);

    private static ModulesToSave Saved(FinetuneOptions options, IModelFamily family) =>
        new([.. options.ModulesToSave.Names.Concat(family.HeadModules).Distinct()]);

    private static ModuleSelector Targets(IReadOnlyList<string> names) =>
        names is ["all-linear"] ? ModuleSelector.AllLinear : ModuleSelector.OfNames(names);
}
