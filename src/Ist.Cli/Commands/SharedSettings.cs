using Ist.Cli.Loading;
using Ist.Cli.Settings;
using Ist.Runtime.Devices;

namespace Ist.Cli.Commands;

/// <summary>Settings of all commands that use a model and don't train it.</summary>
internal static class SharedSettings
{
    /// <summary>The model.</summary>
    public static Setting<string> Model { get; } = new("model", "DIR", SettingKind.Text("a folder"), "The model: a Hugging Face folder");

    /// <summary>The adapter.</summary>
    public static Setting<string> Adapter { get; } = new("adapter", "DIR", SettingKind.Text("a folder"), "An adapter: a peft folder, such as the output of 'ist finetune'");

    /// <summary>Where to compute.</summary>
    public static Setting<DeviceChoice> Device { get; } =
        new("device", "NAME", DeviceChoice.Kind, "Where to compute: cpu, cuda, cuda:N, or auto, which takes a card where there is one that has all kernels (default auto)");

    /// <summary>How products are rounded.</summary>
    public static Setting<Precision> Precision { get; } = new("precision", "NAME",
        SettingKind.Choice([.. Enum.GetValues<Precision>().Select(precision => (precision.ToName(), precision))]),
        "The factors of the base model's products on a GPU: fp32, or on tensor cores tf32 or bf16 (default fp32); all else is fp32");

    /// <summary>The number of threads.</summary>
    public static Setting<int> Threads { get; } = new("threads", "N", SettingKind.Integer(1), "Threads (default one per processor); results don't depend on it");
}
