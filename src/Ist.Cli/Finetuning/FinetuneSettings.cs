using Ist.Cli.Commands;
using Ist.Cli.Loading;
using Ist.Cli.Settings;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Peft;

namespace Ist.Cli.Finetuning;

/// <summary>The settings of <c>ist finetune</c>: options of the command line and keys of a run's file.</summary>
internal static class FinetuneSettings
{
    private static readonly Setting<string> _model = new("model", "DIR", SettingKind.Text("a folder"), "The model: a Hugging Face folder");
    private static readonly Setting<string> _data = new("data", "FILE", SettingKind.Text("a file"),
        "The training data: .jsonl or .json rows of {text}, {prompt, completion} or {instruction, input, output}, or a .txt");
    private static readonly Setting<string> _output = new("output", "DIR", SettingKind.Text("a folder"), "The folder that the run writes to");
    private static readonly Setting<string> _evalData = new("eval-data", "FILE", SettingKind.Text("a file"), "Held-out data, to measure the loss on");
    private static readonly Setting<double> _evalFraction = new("eval-fraction", "F",
        SettingKind.Number("a number between 0 and 1, such as 0.05", f => f is > 0 and < 1), "Hold out this share of the data instead");
    private static readonly Setting<Method> _method = new("method", "NAME",
        SettingKind.Choice(("lora", Method.Lora), ("dora", Method.Dora), ("vera", Method.Vera), ("ia3", Method.Ia3), ("prefix", Method.Prefix), ("prompt", Method.Prompt),
            ("bottleneck", Method.Bottleneck), ("houlsby", Method.Houlsby), ("pfeiffer", Method.Pfeiffer), ("parallel", Method.Parallel),
            ("ln", Method.Ln), ("bitfit", Method.BitFit), ("full", Method.Full), ("none", Method.None)),
        "What is trained: adapters by lora, dora, vera, ia3, bottleneck, houlsby, pfeiffer or parallel, virtual tokens by prefix or prompt, ln (the norms), bitfit (the biases), full (every weight) or none (default lora)");
    private static readonly Setting<bool> _init = new("init", "NAME",
        SettingKind.Choice(("checkpoint", false), ("random", true)), "How the weights begin: checkpoint, or random for pre-training with --method full (default checkpoint)");
    private static readonly Setting<int> _rank = new("rank", "N", SettingKind.Integer(1), "The rank of lora and dora (default 8) and of vera (default 256)");
    private static readonly Setting<double> _alpha = new("alpha", "F",
        SettingKind.Number("a positive number", f => f > 0), "The alpha of lora and dora; adapters are scaled by alpha / rank (default 16)");
    private static readonly Setting<double> _dropout = new("dropout", "F",
        SettingKind.Number("a probability, 0 or more and less than 1", f => f is >= 0 and < 1), "The dropout of lora, dora, vera and bottleneck adapters (default 0)");
    private static readonly Setting<IReadOnlyList<string>> _target = new("target", "NAMES",
        SettingKind.Names("module names such as q_proj,v_proj, or all-linear"), "Modules to adapt, or all-linear (default: as peft, for Llama q_proj,v_proj, with ia3 k_proj,v_proj,down_proj)");
    private static readonly Setting<int> _numVirtualTokens = new("num-virtual-tokens", "N", SettingKind.Integer(1), "Virtual tokens of prefix and prompt (default 20)");
    private static readonly Setting<bool> _prefixProjection = new("prefix-projection", "", SettingKind.Switch(), "Let a small network make the prefix while it is trained");
    private static readonly Setting<int> _encoderHiddenSize = new("encoder-hidden-size", "N", SettingKind.Integer(1), "The hidden size of that network (default the width of a layer's keys)");
    private static readonly Setting<PromptInit> _promptTuningInit = new("prompt-tuning-init", "NAME",
        SettingKind.Choice(("RANDOM", PromptInit.Random), ("SAMPLE_VOCAB", PromptInit.SampleVocab), ("TEXT", PromptInit.Text)),
        "How the virtual tokens of prompt begin: RANDOM, SAMPLE_VOCAB or TEXT (default RANDOM)");
    private static readonly Setting<string> _promptTuningInitText = new("prompt-tuning-init-text", "TEXT", SettingKind.Text("a text"), "The text that they begin with");
    private static readonly Setting<BiasTraining> _bias = new("bias", "NAME",
        SettingKind.Choice(("none", BiasTraining.None), ("all", BiasTraining.All), ("lora_only", BiasTraining.Adapted), ("vera_only", BiasTraining.Adapted)),
        "Biases that lora, dora and vera train too: none, all, or lora_only, with vera vera_only, for those of the adapted modules (default none)");
    private static readonly Setting<IReadOnlyList<string>> _modulesToSave = new("modules-to-save", "NAMES",
        SettingKind.Names("module names such as lm_head"), "Modules to train whole beside the adapters");
    private static readonly Setting<int> _bottleneckSize = new("bottleneck-size", "N", SettingKind.Integer(1), "The width in the middle of adapters by bottleneck (default 256)");
    private static readonly Setting<double> _reductionFactor = new("reduction-factor", "F",
        SettingKind.Number("a positive number", f => f > 0), "The model's width through that in the middle of adapters by houlsby, pfeiffer (default 16) or parallel (default 2)");
    private static readonly Setting<string> _nonLinearity = new("non-linearity", "NAME",
        SettingKind.Text("the name of an activation function"), "The activation of bottleneck adapters (default tanh, with houlsby swish, with pfeiffer and parallel relu)");
    private static readonly Setting<double> _scaling = new("scaling", "F",
        SettingKind.Number("a positive number", f => f > 0), "The factor of bottleneck adapters (default 1, with parallel 4)");
    private static readonly Setting<bool> _useParallelAdapter = new("use-parallel-adapter", "", SettingKind.Switch(), "Let adapters by bottleneck stand beside their layers, not before or after them");
    private static readonly Setting<bool> _useAdapterP = new("use-adapterp", "", SettingKind.Switch(), "Let bottleneck adapt only the last layer of each feed-forward network");
    private static readonly Setting<int> _steps = new("steps", "N", SettingKind.Integer(1), "Optimizer steps");
    private static readonly Setting<double> _epochs = new("epochs", "F",
        SettingKind.Number("a positive number", f => f > 0), "Passes over the training data, instead of steps (default 1)");
    private static readonly Setting<int> _batchSize = new("batch-size", "N", SettingKind.Integer(1), "Examples of a step, or packed rows (default 16)");
    private static readonly Setting<int> _microBatchSize = new("micro-batch-size", "N", SettingKind.Integer(1),
        "Examples at once, at most; fewer take less memory and learn the same (default the batch size)");
    private static readonly Setting<int> _maxLength = new("max-length", "N", SettingKind.Integer(2), "The most tokens of an example; longer ones are cut (default 256)");
    private static readonly Setting<bool> _packing = new("packing", "", SettingKind.Switch(),
        "Put short examples into rows of max-length together, each seeing itself alone: less padding; batch sizes then count rows");
    private static readonly Setting<double> _learningRate = new("lr", "F",
        SettingKind.Number("a positive number such as 2e-4", f => f > 0), "The highest learning rate (default 2e-4)");
    private static readonly Setting<ScheduleKind> _schedule = new("schedule", "NAME",
        SettingKind.Choice(("linear", ScheduleKind.Linear), ("cosine", ScheduleKind.Cosine), ("constant", ScheduleKind.Constant)),
        "How the learning rate falls: linear, cosine or constant (default linear)");
    private static readonly Setting<int> _warmupSteps = new("warmup-steps", "N", SettingKind.Integer(0), "Steps in which the learning rate rises (default 0)");
    private static readonly Setting<double> _weightDecay = new("weight-decay", "F",
        SettingKind.Number("a number, 0 or more", f => f >= 0), "AdamW's weight decay (default 0)");
    private static readonly Setting<double> _maxGradNorm = new("max-grad-norm", "F",
        SettingKind.Number("a number, 0 or more", f => f >= 0), "Clip gradients to this global norm; 0 for never (default 1)");
    private static readonly Setting<int> _evalEvery = new("eval-every", "N", SettingKind.Integer(1), "Evaluate every N steps (default: before and after the run)");
    private static readonly Setting<int> _saveEvery = new("save-every", "N", SettingKind.Integer(1), "Write a checkpoint every N steps (default: only when stopped)");
    private static readonly Setting<bool> _gradientCheckpointing = new("gradient-checkpointing", "", SettingKind.Switch(),
        "Layers keep their input alone and are computed again in the backward pass: less memory, a third more work, the same bits");
    private static readonly Setting<bool> _packWeights = new("pack-weights", "", SettingKind.Switch(),
        "Lay frozen weights out for their products once for the run: some per cent faster, two copies of the base model more in F32, the same bits");
    private static readonly Setting<bool> _log = new("log", "NAME",
        SettingKind.Choice(("tensorboard", true), ("none", false)), "Write the run's numbers for TensorBoard too, below runs/ in the output folder: tensorboard or none (default none)");
    private static readonly Setting<bool> _noMemoryCheck = new("no-memory-check", "", SettingKind.Switch(), "Begin also where the plan exceeds the available memory");
    private static readonly Setting<bool> _resume = new("resume", "", SettingKind.Switch(), "Go on from the newest checkpoint in --output");
    private static readonly Setting<bool> _profile = new("profile", "", SettingKind.Switch(), "Tell at the end where the time went: milliseconds, share and rates of each kernel");
    private static readonly Setting<int> _threads = new("threads", "N", SettingKind.Integer(1), "Threads (default one per processor); results don't depend on it");
    private static readonly Setting<ulong> _seed = new("seed", "N", SettingKind.Seed(), "Everything random follows from it (default 42)");
    private static readonly Setting<ulong> _dataSeed = new("data-seed", "N", SettingKind.Seed(), "The order of the data and what is held out follow from it, for runs of several seeds on the same data (default the seed)");
    private static readonly Setting<ProductChoice> _products = new("products", "NAME",
        SettingKind.Choice(("auto", ProductChoice.Auto), ("own", ProductChoice.Own), ("cublas", ProductChoice.Cublas)),
        "What computes large products on a card: cublas, own kernels, or auto, which takes cuBLAS where it is installed (default auto)");
    private static readonly Setting<bool> _trainOnPrompt = new("train-on-prompt", "", SettingKind.Switch(), "Train prompts too, not only completions");
    private static readonly Setting<IReadOnlyList<string>> _task = new("task", "NAMES|FILES", SettingKind.Names("tasks such as boolq,my-task.yaml"),
        "Tasks that the result answers when it is trained, as 'ist evaluate --task' does (on the processor)");
    private static readonly Setting<IReadOnlyList<string>> _taskData = new("task-data", "FILES", SettingKind.Names("files such as boolq/test.json,rows.jsonl"),
        "The rows of each task");
    private static readonly Setting<string> _samplePrompt = new("sample-prompt", "TEXT", SettingKind.Text("a text"), "Continue this text before and after training, to see the difference");

    /// <summary>All of them, in the order of the help.</summary>
    public static IReadOnlyList<Setting> All { get; } =
    [
        _model, _data, _output, _evalData, _evalFraction, _method, _init, _rank, _alpha, _dropout, _target, _bias, _modulesToSave, _numVirtualTokens,
        _prefixProjection, _encoderHiddenSize, _promptTuningInit, _promptTuningInitText,
        _bottleneckSize, _reductionFactor, _nonLinearity, _scaling, _useParallelAdapter, _useAdapterP, .. SelectionSettings.All, _steps, _epochs,
        _batchSize, _microBatchSize, _maxLength, _packing, _gradientCheckpointing, _packWeights, _learningRate, _schedule, _warmupSteps, _weightDecay, _maxGradNorm, _evalEvery, _saveEvery,
        _log, _resume, _noMemoryCheck, _profile, _threads, _seed, _dataSeed, SharedSettings.Device, SharedSettings.Precision, _products, _trainOnPrompt, _task, _taskData, _samplePrompt,
    ];

    /// <summary>The folder of a run.</summary>
    public static Setting<string> Output => _output;

    /// <summary>What a run trains.</summary>
    public static Setting<Method> PeftMethod => _method;

    /// <summary>Whether a run goes on.</summary>
    public static Setting<bool> Resume => _resume;

    /// <summary>Those that may change from one call to the next of what is still the same run.</summary>
    public static IReadOnlyList<Setting> OfCall { get; } = [_output, _resume, _noMemoryCheck, _profile, _threads, _saveEvery, _log, _task, _taskData];

    /// <summary>Those that decide what a run takes, which <c>ist plan</c> has too.</summary>
    public static IReadOnlyList<Setting> OfPlan { get; } =
    [
        .. All.Except<Setting>(
        [
            _data, _output, _evalData, _evalFraction, _promptTuningInit, _promptTuningInitText, _steps, _epochs, _packing, _learningRate, _schedule, _warmupSteps,
            _weightDecay, _maxGradNorm, _evalEvery, _saveEvery, _log, _resume, _noMemoryCheck, _profile, _dataSeed, _products, _trainOnPrompt, _task, _taskData, _samplePrompt,
        ]),
    ];

    /// <summary>Puts the options together.</summary>
    /// <exception cref="InputException">A setting is missing, or at odds with another.</exception>
    public static FinetuneOptions Read(SettingReader reader) => Read(reader, isPlan: false);

    /// <summary>Puts the options of a run together that is only planned, by IST unless told otherwise.</summary>
    /// <exception cref="InputException">A setting is missing, or at odds with another.</exception>
    public static FinetuneOptions ReadPlan(SettingReader reader) => Read(reader, isPlan: true);

    private static FinetuneOptions Read(SettingReader reader, bool isPlan)
    {
        reader.Exclude(_steps, _epochs);
        reader.Exclude(_evalData, _evalFraction);
        Method method = reader.Get(_method, Method.Lora);
        if (method == Method.None)
            throw new InputException($"{reader.Find(_method)!.Origin} is none, which trains nothing; give another method, such as lora, or measure the model as it is with 'ist evaluate'.");
        RequireMethod(reader, method, [_alpha], Method.Lora, Method.Dora);
        RequireMethod(reader, method, [_rank, _bias], Method.Lora, Method.Dora, Method.Vera);
        RequireMethod(reader, method, [_dropout], Method.Lora, Method.Dora, Method.Vera, Method.Bottleneck, Method.Houlsby, Method.Pfeiffer, Method.Parallel);
        RequireMethod(reader, method, [_target], Method.Lora, Method.Dora, Method.Vera, Method.Ia3, Method.Bottleneck, Method.Ln);
        RequireMethod(reader, method, [_modulesToSave], Method.Lora, Method.Dora, Method.Vera, Method.Ia3, Method.Prefix, Method.Prompt, Method.Bottleneck, Method.Ln);
        RequireMethod(reader, method, [_bottleneckSize, _useParallelAdapter, _useAdapterP], Method.Bottleneck);
        RequireMethod(reader, method, [_reductionFactor], Method.Houlsby, Method.Pfeiffer, Method.Parallel);
        RequireMethod(reader, method, [_nonLinearity, _scaling], Method.Bottleneck, Method.Houlsby, Method.Pfeiffer, Method.Parallel);
        RequireMethod(reader, method, [_numVirtualTokens], Method.Prefix, Method.Prompt);
        RequireMethod(reader, method, [_prefixProjection, _encoderHiddenSize], Method.Prefix);
        RequireMethod(reader, method, [_promptTuningInit, _promptTuningInitText], Method.Prompt);
        (string adapted, string other) = method == Method.Vera ? ("vera_only", "lora_only") : ("lora_only", "vera_only");
        if (reader.Find(_bias) is { Texts: [string text] } bias && text == other)
            throw new InputException($"{bias.Origin} is {other}, which with the method {method.ToString().ToLowerInvariant()} is called {adapted}; give that.");
        bool projects = reader.Get(_prefixProjection, false);
        if (!projects && reader.Find(_encoderHiddenSize) is { } size)
            throw new InputException($"{size.Origin} needs --prefix-projection, whose network it is of.");
        PromptInit init = reader.Get(_promptTuningInit, PromptInit.Random);
        if ((init == PromptInit.Text) != reader.Find(_promptTuningInitText) is not null)
            throw new InputException("--prompt-tuning-init TEXT and --prompt-tuning-init-text belong together; give both or none.");
        Selection selection = SelectionSettings.Read(reader, method, isPlan && method != Method.Prompt ? Sparsity.Ist : Sparsity.All);
        bool random = reader.Get(_init, false);
        if (random && method != Method.Full)
            throw new InputException($"{reader.Find(_init)!.Origin} is random, but frozen random weights learn nothing; add --method full.");
        if (reader.Find(_evalEvery) is { } every && reader.Find(_evalData) is null && reader.Find(_evalFraction) is null)
            throw new InputException($"{every.Origin} needs --eval-data or --eval-fraction, on which to evaluate.");
        int batchSize = reader.Get(_batchSize, 16);
        return new FinetuneOptions
        {
            Model = reader.Require(_model),
            Data = isPlan ? "" : reader.Require(_data),
            Output = isPlan ? "" : reader.Require(_output),
            EvalData = reader.GetOrNull(_evalData),
            EvalFraction = reader.GetOrNull(_evalFraction),
            Method = method,
            BeginsAtRandom = random,
            Rank = reader.Get(_rank, method == Method.Vera ? 256 : 8),
            Alpha = reader.Get(_alpha, 16),
            Dropout = reader.Get(_dropout, 0),
            Targets = reader.Find(_target) is { } targets ? _target.Read(targets) : null,
            NumVirtualTokens = reader.Get(_numVirtualTokens, 20),
            PrefixProjection = projects,
            EncoderHiddenSize = reader.GetOrNull(_encoderHiddenSize),
            PromptInit = init,
            PromptInitText = reader.GetOrNull(_promptTuningInitText),
            Bias = reader.Get(_bias, BiasTraining.None),
            ModulesToSave = reader.Find(_modulesToSave) is { } saved ? new ModulesToSave([.. _modulesToSave.Read(saved)]) : ModulesToSave.None,
            Adapter = new AdapterShape
            {
                Size = reader.GetOrNull(_bottleneckSize),
                ReductionFactor = reader.GetOrNull(_reductionFactor),
                NonLinearity = reader.GetOrNull(_nonLinearity),
                Scaling = reader.GetOrNull(_scaling),
                IsParallel = reader.Get(_useParallelAdapter, false),
                IsAdapterP = reader.Get(_useAdapterP, false),
            },
            Selection = selection,
            Steps = reader.GetOrNull(_steps),
            Epochs = reader.Get(_epochs, 1),
            BatchSize = batchSize,
            MicroBatchSize = Math.Min(batchSize, reader.Get(_microBatchSize, batchSize)),
            MaxLength = reader.GetOrNull(_maxLength),
            Packing = reader.Get(_packing, false),
            LearningRate = reader.Get(_learningRate, 2e-4),
            Schedule = reader.Get(_schedule, ScheduleKind.Linear),
            WarmupSteps = reader.Get(_warmupSteps, 0),
            WeightDecay = reader.Get(_weightDecay, 0),
            MaxGradNorm = reader.Get(_maxGradNorm, 1),
            EvalEvery = reader.Get(_evalEvery, 0),
            SaveEvery = reader.Get(_saveEvery, 0),
            LogsToTensorBoard = reader.Get(_log, false),
            GradientCheckpointing = reader.Get(_gradientCheckpointing, false),
            PackWeights = reader.Get(_packWeights, false),
            ChecksMemory = !reader.Get(_noMemoryCheck, false),
            Resume = reader.Get(_resume, false),
            Profiles = reader.Get(_profile, false),
            Threads = reader.Get(_threads, 0),
            Device = reader.Get(SharedSettings.Device, DeviceChoice.Auto),
            Precision = reader.Get(SharedSettings.Precision, Precision.F32),
            Products = reader.Get(_products, ProductChoice.Auto),
            Seed = reader.Get(_seed, 42UL),
            DataSeed = reader.GetOrNull(_dataSeed),
            TrainsOnPrompt = reader.Get(_trainOnPrompt, false),
            Tasks = TasksOf(reader),
            SamplePrompt = reader.GetOrNull(_samplePrompt),
        };
    }

    private static IReadOnlyList<TaskChoice> TasksOf(SettingReader reader)
    {
        IReadOnlyList<string> tasks = reader.Get(_task, []), files = reader.Get(_taskData, []);
        if (tasks.Count == 0 && files.Count == 0)
            return [];
        return tasks.Count == files.Count ? [.. tasks.Zip(files, (task, data) => new TaskChoice(task, data))] : throw new InputException(
            $"--{_task.Name} names {tasks.Count} tasks and --{_taskData.Name} {files.Count} files; give each task the file of its rows, in the same order.");
    }

    private static void RequireMethod(SettingReader reader, Method method, Setting[] settings, params Method[] methods)
    {
        if (methods.Contains(method))
            return;
        string[] names = [.. methods.Select(m => m.ToString().ToLowerInvariant())];
        foreach (Setting setting in settings)
        {
            string to = names.Length == 1 ? $"the method {names[0]}" : $"the methods {string.Join(", ", names[..^1])} and {names[^1]}";
            reader.RequireUnused(setting, _method, $"belongs to {to}, "
                + $"but the method is {method.ToString().ToLowerInvariant()}; leave it out.");
        }
    }
}
