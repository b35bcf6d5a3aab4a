using System.CommandLine;
using Ist.Cli.Loading;
using Ist.Cli.Settings;
using Ist.Models;
using Ist.Runtime.Devices;
using Ist.Runtime.Generation;
using Ist.Runtime.Peft;
using Ist.Runtime.Training;

namespace Ist.Cli.Commands;

/// <summary><c>ist generate</c>: continues a text; the continuation, and nothing else, goes to the standard output as it comes.</summary>
internal static class GenerateCommand
{
    private const string Examples = """
        ist generate --model llama/ --prompt "Once upon a time"
        ist generate --model llama/ --adapter run/ --prompt "Once" --temperature 0.8 --top-p 0.95 --seed 7
        """;

    private static readonly Setting<string> _prompt = new("prompt", "TEXT", SettingKind.AnyText("a text"), "The text to go on from; may be empty where the tokenizer begins a text itself");
    private static readonly Setting<int> _maxNewTokens = new("max-new-tokens", "N", SettingKind.Integer(1), "Tokens to add at most (default 128)");
    private static readonly Setting<double> _temperature = new("temperature", "F",
        SettingKind.Number("a number, 0 or more", f => f >= 0), "0 takes the likeliest token always; 1 draws by the model's probabilities (default 0)");
    private static readonly Setting<double> _topP = new("top-p", "F",
        SettingKind.Number("a number, more than 0 and at most 1", f => f is > 0 and <= 1), "Draw from the likeliest tokens of this joint probability (default 1)");
    private static readonly Setting<int> _topK = new("top-k", "N", SettingKind.Integer(0), "Draw from the N likeliest tokens; 0 for all (default 0)");
    private static readonly Setting<bool> _profile = new("profile", "", SettingKind.Switch(), "Tell at the end, on the standard error, where the time went: milliseconds, share and rates of each kernel");
    private static readonly Setting<ulong> _seed = new("seed", "N", SettingKind.Seed(), "Decides the draws (default 42)");

    private static readonly IReadOnlyList<Setting> _settings =
        [SharedSettings.Model, SharedSettings.Adapter, _prompt, _maxNewTokens, _temperature, _topP, _topK, _seed, _profile, SharedSettings.Threads, SharedSettings.Device, SharedSettings.Precision];

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal) => CommandAction.Create(
        "generate", "Continues a text.", _settings, Examples,
        parsed => Run(new SettingReader(_settings, parsed), terminal), terminal);

    private static int Run(SettingReader reader, Terminal terminal)
    {
        (string folder, string prompt) = (reader.Require(SharedSettings.Model), reader.Require(_prompt));
        int threads = reader.Get(SharedSettings.Threads, 0);
        var options = new GenerationOptions
        {
            MaxNewTokens = reader.Get(_maxNewTokens, 128),
            Temperature = reader.Get(_temperature, 0),
            TopP = reader.Get(_topP, 1),
            TopK = reader.Get(_topK, 0),
            Seed = reader.Get(_seed, 42UL),
        };
        using AdaptedModel model = AdaptedModel.Load(folder, reader.GetOrNull(SharedSettings.Adapter), new NoPeftOptions(), terminal);
        var text = new ModelText(model.Loaded);
        Precision precision = reader.Get(SharedSettings.Precision, Precision.F32);
        using Device device = reader.Get(SharedSettings.Device, DeviceChoice.Auto).Open(threads, given => Require(given, model.Loaded, precision), out _);
        device.Profile = reader.Get(_profile, false) ? new WorkProfile() : null;
        foreach (string piece in text.Continue(device, text.Prompt(prompt), options, precision, model.Fill))
        {
            terminal.Output.Write(piece);
            terminal.Output.Flush();
        }
        terminal.Output.WriteLine();
        if (device.Profile is { } profile)
            ProfileTable.Write(profile, terminal.Error, "token");
        return ExitCode.Done;
    }

    private static void Require(Device device, LoadedModel loaded, Precision precision)
    {
        device.Require(precision);
        KernelSurvey.RequireGeneration(device, loaded.RequireCausalLm(), loaded.Config.Widths);
    }
}
