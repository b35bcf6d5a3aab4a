using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Ist.Cli.Settings;
using Ist.Runtime;
using Ist.Runtime.Devices;

namespace Ist.Cli.Loading;

/// <summary>Where to compute, as <c>--device</c> says it.</summary>
/// <param name="Word">What was given.</param>
/// <param name="Card">The CUDA card's number; null for the processor.</param>
/// <param name="IsAutomatic">Whether the processor takes the place of a card that can't be had.</param>
internal sealed record DeviceChoice(string Word, int? Card, bool IsAutomatic)
{
    /// <summary>A card where there is one, else the processor.</summary>
    public static DeviceChoice Auto { get; } = new("auto", 0, IsAutomatic: true);

    /// <summary>What the option may be.</summary>
    public static SettingKind<DeviceChoice> Kind { get; } = new("auto, cpu, cuda or cuda:N", isSwitch: false, (SettingValue given, [MaybeNullWhen(false)] out DeviceChoice value) =>
    {
        value = given.IsList ? null : Parse(given.Texts[0]);
        return value is not null;
    });

    /// <summary>Opens the device.</summary>
    /// <param name="threads">Threads of the processor; 0 for one per processor.</param>
    /// <param name="require">Throws an <see cref="InputException"/> where a device has no kernels for what is to be run.</param>
    /// <param name="reason">Why it is not the card that was wished for; null where nothing is to be said.</param>
    /// <exception cref="InputException">A card was asked for that can't be had.</exception>
    public Device Open(int threads, Action<Device> require, out string? reason)
    {
        reason = null;
        if (Card is not int card)
            return new CpuDevice(threads);
        if (!IsAutomatic)
            return Required(IlgpuDevice.Open(card), require);
        try
        {
            if (IlgpuDevice.OpenOrNull(card, out reason) is { } device)
                return Required(device, require);
        }
        catch (InputException e)
        {
            reason = e.Message.TrimEnd('.');
        }
        return new CpuDevice(threads);
    }

    private static Device Required(Device device, Action<Device> require)
    {
        try
        {
            require(device);
            return device;
        }
        catch
        {
            device.Dispose();
            throw;
        }
    }

    private static DeviceChoice? Parse(string word) => word switch
    {
        "auto" => Auto,
        "cpu" => new DeviceChoice(word, null, IsAutomatic: false),
        "cuda" => new DeviceChoice(word, 0, IsAutomatic: false),
        _ when word.StartsWith("cuda:", StringComparison.Ordinal) && int.TryParse(word.AsSpan(5), NumberStyles.None, CultureInfo.InvariantCulture, out int card) =>
            new DeviceChoice(word, card, IsAutomatic: false),
        _ => null,
    };
}
