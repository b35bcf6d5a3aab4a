using System.CommandLine;
using System.Globalization;
using Ist.Cli.Evaluating;
using Ist.Cli.Finetuning;
using Ist.Cli.Loading;
using Ist.Cli.Progress;
using Ist.Cli.Settings;
using Ist.Models;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Evaluation;
using Ist.Runtime.Peft;
using Ist.Runtime.Training;

namespace Ist.Cli.Commands;

/// <summary>
/// <c>ist evaluate</c>: the mean loss per trained token and its perplexity, or of a classifier the loss per text and how well it labels;
/// with <c>--task</c> how well a model answers a task.
/// </summary>
internal static class EvaluateCommand
{
    private const string Examples = """
        ist evaluate --model llama/ --data test.jsonl
        ist evaluate --model llama/ --adapter run/ --data test.jsonl --json
        ist evaluate --model llama/ --task boolq --data boolq/test.json
        ist evaluate --model llama/ --task piqa --kind generation --data piqa/test.json --predictions piqa.jsonl
        ist evaluate --model llama/ --task my-task.yaml --data rows.jsonl
        multiple_choice compares ln p of the choices: acc, acc_norm (divided by characters) and acc_tokens (by tokens); of equals the
        first counts. generation takes the likeliest token always (LLM-Adapters searches with 4 beams), and no answer is a wrong one.
        Commonsense tasks are multiple_choice unless --kind says generation, which is how LLM-Adapters measures. GLUE's tasks take a
        classifier or a decoder.
        """;

    private static readonly string _tasks = string.Join(", ", BuiltInTasks.Names);

    private static readonly Setting<string> _data = new("data", "FILE", SettingKind.Text("a file"), "What to measure on: .jsonl, .json or .txt, as for 'ist finetune'; rows of the task with --task");
    private static readonly Setting<int> _maxLength = new("max-length", "N", SettingKind.Integer(2), "The most tokens of an example; longer ones are cut (default 256, with --task the model's positions)");
    private static readonly Setting<int> _batchSize = new("batch-size", "N", SettingKind.Integer(1), "Examples or choices at once (default 16)");
    private static readonly Setting<bool> _trainOnPrompt = new("train-on-prompt", "", SettingKind.Switch(), "Count the loss of prompts too, not only of completions");
    private static readonly Setting<bool> _json = new("json", "", SettingKind.Switch(), "Write one JSON object instead of a line");
    private static readonly Setting<string> _task = new("task", "NAME|FILE", SettingKind.Text("a task"), $"Answer a task: a .yaml file, or one of {_tasks}");
    private static readonly Setting<TaskKind> _kind = new("kind", "KIND", TaskFile.Kind, "With --task: multiple_choice, generation or classification (default as the task says)");
    private static readonly Setting<string> _predictions = new("predictions", "FILE.jsonl", SettingKind.Text("a file"), "With --task: write what the model answered to each row");
    private static readonly Setting<int> _limit = new("limit", "N", SettingKind.Integer(1), "With --task: the first N rows alone");

    private static readonly IReadOnlyList<Setting> _settings =
        [SharedSettings.Model, SharedSettings.Adapter, _data, _maxLength, _trainOnPrompt, _batchSize, _task, _kind, _predictions, _limit, SharedSettings.Threads, SharedSettings.Device, SharedSettings.Precision, _json];

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal) => CommandAction.Create(
        "evaluate", "Measures a model's loss on data, or how well it answers a task.", _settings, Examples,
        parsed => Run(new SettingReader(_settings, parsed), terminal), terminal);

    private static int Run(SettingReader reader, Terminal terminal)
    {
        if (reader.GetOrNull(_task) is { } task)
            return Answer(reader, task, terminal);
        foreach (Setting setting in (Setting[])[_kind, _predictions, _limit])
        {
            if (reader.Find(setting) is not null)
                throw new InputException($"--{setting.Name} belongs to --task, which is missing; give a task, or leave --{setting.Name} out");
        }
        return MeasureLoss(reader, terminal);
    }

    private static int Answer(SettingReader reader, string name, Terminal terminal)
    {
        if (reader.Find(_trainOnPrompt) is not null)
            throw new InputException("--train-on-prompt is about the loss, which --task does not measure; leave one of them out");
        TaskDefinition task = TaskFile.Load(name);
        task = task with { Kind = reader.Get(_kind, task.Kind) };
        (string folder, string file) = (reader.Require(SharedSettings.Model), reader.Require(_data));
        string? predictions = reader.GetOrNull(_predictions);
        if (predictions is not null)
            OutputFile.RequireWritable(predictions);
        IReadOnlyList<TaskRow> rows = TaskRows.Load(file);
        int limit = reader.Get(_limit, rows.Count);
        using AdaptedModel model = AdaptedModel.Load(folder, reader.GetOrNull(SharedSettings.Adapter), new NoPeftOptions(), terminal);
        int maxLength = MaxLength(reader, folder, model.Loaded.MaxTokens, model.Loaded.MaxTokens);
        Precision precision = reader.Get(SharedSettings.Precision, Precision.F32);
        using Device device = reader.Get(SharedSettings.Device, DeviceChoice.Auto).Open(
            reader.Get(SharedSettings.Threads, 0), given => Require(given, model.Loaded, task.Kind, precision), out _);
        TaskResult result = model.Answer(device, maxLength, task, [.. rows.Take(limit)], reader.Get(_batchSize, 16), precision);
        if (result.Truncated > 0)
            terminal.Warn($"{result.Truncated} of {result.Predictions.Count} rows do not fit into {maxLength} tokens and were cut; raise --max-length, or use a model with more positions");
        if (predictions is not null)
            result.SavePredictions(predictions);
        terminal.Output.WriteLine(reader.Get(_json, false) ? TaskReport.Json(task, result) : TaskReport.Table(task, result));
        return ExitCode.Done;
    }

    private static void Require(Device device, LoadedModel loaded, TaskKind kind, Precision precision)
    {
        if (kind != TaskKind.Generation)
        {
            Require(device, loaded, precision);
            return;
        }
        device.Require(precision);
        KernelSurvey.RequireGeneration(device, loaded.Model, loaded.Config.Widths);
    }

    private static int MeasureLoss(SettingReader reader, Terminal terminal)
    {
        (string folder, string file) = (reader.Require(SharedSettings.Model), reader.Require(_data));
        int sequences = reader.Get(_batchSize, 16), threads = reader.Get(SharedSettings.Threads, 0);
        bool json = reader.Get(_json, false);
        using AdaptedModel model = AdaptedModel.Load(folder, reader.GetOrNull(SharedSettings.Adapter), new NoPeftOptions(), terminal);
        int maxLength = MaxLength(reader, folder, model.Loaded.MaxTokens, FinetuneOptions.DefaultMaxLength);
        var encoding = new EncodingOptions(maxLength, reader.Get(_trainOnPrompt, false));
        DataSet data = new ModelText(model.Loaded).Encode(DataFile.Load(file), encoding);
        if (data.Cut > 0)
            terminal.Warn($"{data.Cut} rows are longer than {maxLength} tokens and lose their end; raise --max-length to keep it");
        Precision precision = reader.Get(SharedSettings.Precision, Precision.F32);
        using Device device = reader.Get(SharedSettings.Device, DeviceChoice.Auto).Open(threads, given => Require(given, model.Loaded, precision), out _);
        using var session = new EvaluationSession(device, model.Loaded.Model, model.Loaded.Config.Widths, sequences, data.Longest, precision: precision);
        model.Fill(session.Parameters);
        EvaluationResult result = session.Evaluator.Evaluate(data, new ShareProgress(terminal, TimeProvider.System));
        if (!double.IsFinite(result.Loss))
            throw new RunException($"The loss is {result.Loss}; the model or its adapter is damaged.");
        terminal.Output.WriteLine(json ? Json(result, data) : Line(result, data));
        return ExitCode.Done;
    }

    private static void Require(Device device, LoadedModel loaded, Precision precision)
    {
        device.Require(precision);
        KernelSurvey.RequireEvaluation(device, loaded.Model, loaded.Config.Widths);
    }

    private static string Line(EvaluationResult result, DataSet data) => result.Accuracy is double accuracy
        ? string.Create(CultureInfo.InvariantCulture, $"loss {result.Loss:F4}  accuracy {accuracy:P2}  matthews {result.Labels!.Matthews:F4}  macro-F1 {result.Labels.MacroF1:F4}  rows {data.Rows:N0}")
        : string.Create(CultureInfo.InvariantCulture, $"loss {result.Loss:F4}  perplexity {result.Perplexity:F2}  tokens {result.Tokens:N0}  rows {data.Rows:N0}");

    private static int MaxLength(SettingReader reader, string folder, int positions, int unasked)
    {
        int asked = reader.Get(_maxLength, Math.Min(unasked, positions));
        return asked <= positions ? asked : throw new InputException(
            $"--max-length is {asked}, but the model in {folder} has {positions} positions for a text (max_position_embeddings, less virtual tokens); give {positions} or less.");
    }

    private static string Json(EvaluationResult result, DataSet data)
    {
        var json = new Dictionary<string, object?> { ["loss"] = result.Loss };
        if (result.Accuracy is double accuracy)
            (json["accuracy"], json["matthews"], json["macro_f1"]) = (accuracy, result.Labels!.Matthews, result.Labels.MacroF1);
        else
            (json["perplexity"], json["tokens"]) = (result.Perplexity, result.Tokens);
        (json["rows"], json["cut_rows"]) = (data.Rows, data.Cut);
        return PythonJson.Dumps(json);
    }
}
