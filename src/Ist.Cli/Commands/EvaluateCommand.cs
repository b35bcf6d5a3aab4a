using System.CommandLine;
using System.Globalization;
using Ist.Cli.Finetuning;
using Ist.Cli.Loading;
using Ist.Cli.Settings;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Training;

namespace Ist.Cli.Commands;

/// <summary><c>ist evaluate</c>: the mean loss per trained token and its perplexity, or of a classifier the loss per text and the accuracy.</summary>
internal static class EvaluateCommand
{
    private const string Examples = """
        ist evaluate --model llama/ --data test.jsonl
        ist evaluate --model llama/ --adapter run/ --data test.jsonl --json
        """;

    private static readonly Setting<string> _data = new("data", "FILE", SettingKind.Text("a file"), "What to measure on: .jsonl, .json or .txt, as for 'ist finetune'");
    private static readonly Setting<int> _maxLength = new("max-length", "N", SettingKind.Integer(2), "The most tokens of an example; longer ones are cut (default 256)");
    private static readonly Setting<int> _batchSize = new("batch-size", "N", SettingKind.Integer(1), "Examples at once (default 16)");
    private static readonly Setting<bool> _trainOnPrompt = new("train-on-prompt", "", SettingKind.Switch(), "Count the loss of prompts too, not only of completions");
    private static readonly Setting<bool> _json = new("json", "", SettingKind.Switch(), "Write one JSON object instead of a line");

    private static readonly IReadOnlyList<Setting> _settings =
        [SharedSettings.Model, SharedSettings.Adapter, _data, _maxLength, _trainOnPrompt, _batchSize, SharedSettings.Threads, SharedSettings.Device, _json];

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal) => CommandAction.Create(
        "evaluate", "Measures a model's loss on data.", _settings, Examples,
        parsed => Run(new SettingReader(_settings, parsed), terminal), terminal);

    private static int Run(SettingReader reader, Terminal terminal)
    {
        (string folder, string file) = (reader.Require(SharedSettings.Model), reader.Require(_data));
        int sequences = reader.Get(_batchSize, 16), threads = reader.Get(SharedSettings.Threads, 0);
        bool json = reader.Get(_json, false);
        using AdaptedModel model = AdaptedModel.Load(folder, reader.GetOrNull(SharedSettings.Adapter), new NoPeftOptions(), terminal);
        int maxLength = MaxLength(reader, folder, model.Loaded.MaxTokens);
        var encoding = new EncodingOptions(maxLength, reader.Get(_trainOnPrompt, false));
        DataSet data = new ModelText(model.Loaded).Encode(DataFile.Load(file), encoding);
        if (data.Cut > 0)
            terminal.Warn($"{data.Cut} rows are longer than {maxLength} tokens and lose their end; raise --max-length to keep it");
        using Device device = reader.Get(SharedSettings.Device, DeviceChoice.Auto).Open(
            threads, given => KernelSurvey.Require(given, model.Loaded.Model, model.Loaded.Config.Widths, trains: false), out _);
        using var session = new EvaluationSession(device, model.Loaded.Model, model.Loaded.Config.Widths, sequences, data.Longest);
        model.Fill(session.Parameters);
        EvaluationResult result = session.Evaluator.Evaluate(data);
        if (!double.IsFinite(result.Loss))
            throw new RunException($"The loss is {result.Loss}; the model or its adapter is damaged.");
        terminal.Output.WriteLine(json ? Json(result, data) : Line(result, data));
        return ExitCode.Done;
    }

    private static string Line(EvaluationResult result, DataSet data) => result.Accuracy is double accuracy
        ? string.Create(CultureInfo.InvariantCulture, $"loss {result.Loss:F4}  accuracy {accuracy:P2}  rows {data.Rows:N0}")
        : string.Create(CultureInfo.InvariantCulture, $"loss {result.Loss:F4}  perplexity {result.Perplexity:F2}  tokens {result.Tokens:N0}  rows {data.Rows:N0}");

    private static int MaxLength(SettingReader reader, string folder, int positions)
    {
        int asked = reader.Get(_maxLength, Math.Min(FinetuneOptions.DefaultMaxLength, positions));
        return asked <= positions ? asked : throw new InputException(
            $"--max-length is {asked}, but the model in {folder} has {positions} positions for a text (max_position_embeddings, less virtual tokens); give {positions} or less.");
    }

    private static string Json(EvaluationResult result, DataSet data)
    {
        var json = new Dictionary<string, object?> { ["loss"] = result.Loss };
        if (result.Accuracy is double accuracy)
            json["accuracy"] = accuracy;
        else
            (json["perplexity"], json["tokens"]) = (result.Perplexity, result.Tokens);
        (json["rows"], json["cut_rows"]) = (data.Rows, data.Cut);
        return PythonJson.Dumps(json);
    }
}
