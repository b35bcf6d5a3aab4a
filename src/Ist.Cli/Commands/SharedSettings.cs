using Ist.Cli.Loading;
using Ist.Cli.Settings;

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

    /// <summary>The number of threads.</summary>
    public static Setting<int> Threads { get; } = new("threads", "N", SettingKind.Integer(1), "Threads (default one per processor); results don't depend on it");
}
