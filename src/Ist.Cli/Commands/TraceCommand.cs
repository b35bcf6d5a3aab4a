using System.CommandLine;
using Ist.Cli.Loading;
using Ist.Cli.Settings;
using Ist.Cli.Tracing;
using Ist.Models;
using Ist.Runtime;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;
using Ist.Runtime.Training;

namespace Ist.Cli.Commands;

/// <summary><c>ist trace</c>: what a model computes on given tensors, to compare it with another framework.</summary>
internal static class TraceCommand
{
    private const string Examples = """
        ist trace --model llama/ --input batch.safetensors --output traced.safetensors
        ist trace --model llama/ --adapter run/ --input batch.safetensors --output traced.safetensors --gradients adapter
        batch.safetensors has input_ids, attention_mask and labels (I64, [batch, time]; labels not shifted, -100 ignored).
        traced.safetensors gets logits (F32, [batch, time, vocab]), loss (F32) and grad.KEY for each trained tensor.
        Dropout is off. Logits of padded places mean nothing, and such places predict nothing: with padding on the left Hugging Face's
        loss counts one of them for each row, this one does not. Rows of virtual tokens (prompt tuning) come first in logits, so that time
        grows by their number, and the last of them predicts the first token.
        """;

    private static readonly Setting<string> _input = new("input", "IN.safetensors", SettingKind.Text("a file"), "The batch: input_ids, attention_mask and labels");
    private static readonly Setting<string> _output = new("output", "OUT.safetensors", SettingKind.Text("a file"), "The file to write");
    private static readonly Setting<TracedGradients> _gradients = new("gradients", "WHICH",
        SettingKind.Choice(("adapter", TracedGradients.Adapter), ("all", TracedGradients.All), ("none", TracedGradients.None)),
        "Gradients of: adapter, all (every base weight, without an adapter) or none (default adapter where there is one)");

    private static readonly IReadOnlyList<Setting> _settings =
        [SharedSettings.Model, SharedSettings.Adapter, _input, _output, _gradients, SharedSettings.Threads, SharedSettings.Device, SharedSettings.Precision];

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal) => CommandAction.Create(
        "trace", "Writes a model's logits, loss and gradients on given tensors.", _settings, Examples,
        parsed => Run(new SettingReader(_settings, parsed), terminal), terminal);

    private static int Run(SettingReader reader, Terminal terminal)
    {
        (string folder, string input, string output) = (reader.Require(SharedSettings.Model), reader.Require(_input), reader.Require(_output));
        string? adapter = reader.GetOrNull(SharedSettings.Adapter);
        TracedGradients gradients = reader.Get(_gradients, adapter is null ? TracedGradients.None : TracedGradients.Adapter);
        if (gradients == TracedGradients.Adapter && adapter is null)
            throw new InputException("--gradients is adapter, but there is no --adapter; give one, or --gradients all for those of the base weights.");
        if (gradients == TracedGradients.All && adapter is not null)
            throw new InputException("--gradients is all, which are those of the base weights without an adapter; leave --adapter out, or give --gradients adapter.");
        OutputFile.RequireWritable(output);
        PeftOptions bare = gradients == TracedGradients.All ? new FullOptions() : new NoPeftOptions();
        using AdaptedModel model = AdaptedModel.Load(folder, adapter, bare, terminal);
        using TraceBatch batch = TraceBatch.Load(input, model.Loaded);
        Precision precision = reader.Get(SharedSettings.Precision, Precision.F32);
        bool backward = gradients != TracedGradients.None;
        using Device device = reader.Get(SharedSettings.Device, DeviceChoice.Auto).Open(
            reader.Get(SharedSettings.Threads, 0), given => Require(given, model.Loaded, backward, precision), out _);
        device.Require(precision);
        using var trace = new Trace(device, model, batch.Batch, backward, precision);
        trace.Save(output);
        return ExitCode.Done;
    }

    private static void Require(Device device, LoadedModel loaded, bool backward, Precision precision)
    {
        device.Require(precision);
        if (backward)
            KernelSurvey.RequireGradients(device, loaded.Model, loaded.Config.Widths);
        else
            KernelSurvey.RequireEvaluation(device, loaded.Model, loaded.Config.Widths);
    }
}
