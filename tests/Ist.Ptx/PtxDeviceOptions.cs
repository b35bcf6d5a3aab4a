using System.Globalization;

namespace Ist.Ptx;

/// <summary>What the device says of itself.</summary>
public sealed record PtxDeviceOptions
{
    /// <summary>The compute capability: (8, 0) or (9, 0).</summary>
    public (int Major, int Minor) Capability { get; init; } = (9, 0);

    /// <summary>Bytes of device memory; an allocation beyond them fails as on a device.</summary>
    public long TotalMemory { get; init; } = 4L << 30;

    /// <summary>The device's name.</summary>
    public string Name { get; init; } = "PTX test device";

    /// <summary>The version of the driver, thousands for the major one.</summary>
    public int DriverVersion { get; init; } = 12080;

    /// <summary>Multiprocessors; kernels run no faster with more.</summary>
    public int Multiprocessors { get; init; } = 8;

    /// <summary>Branches backwards that a warp may take before the launch counts as hung.</summary>
    public long BranchLimit { get; init; } = 100_000_000;

    /// <summary>Whether the process finds cuBLAS too; what found it once goes on finding it.</summary>
    public bool HasCublas { get; init; }

    /// <summary>Bytes of shared memory that a block may have if it asks for more than 48 KiB, as this compute capability has it.</summary>
    public int MaxSharedMemory => Capability switch
    {
        ( >= 9, _) => 227 << 10,
        (8, 6 or 9) => 99 << 10,
        _ => 163 << 10,
    };

    /// <summary>The options as a text that <see cref="Parse"/> reads.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Capability.Major}.{Capability.Minor};{TotalMemory};{DriverVersion};{Multiprocessors};{BranchLimit};{HasCublas};{Name}");

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    public static PtxDeviceOptions Parse(string text)
    {
        string[] parts = text.Split(';', 7);
        string[] capability = parts[0].Split('.');
        if (parts.Length != 7 || capability.Length != 2)
            throw new FormatException($"'{text}' does not describe a PTX test device");
        var culture = CultureInfo.InvariantCulture;
        return new PtxDeviceOptions
        {
            Capability = (int.Parse(capability[0], culture), int.Parse(capability[1], culture)),
            TotalMemory = long.Parse(parts[1], culture),
            DriverVersion = int.Parse(parts[2], culture),
            Multiprocessors = int.Parse(parts[3], culture),
            BranchLimit = long.Parse(parts[4], culture),
            HasCublas = bool.Parse(parts[5]),
            Name = parts[6],
        };
    }
}
