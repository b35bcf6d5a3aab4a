namespace Ist.Ptx.Execution;

/// <summary>A decoded kernel: device functions are expanded where they are called.</summary>
internal sealed record Kernel
{
    public required string Name { get; init; }

    public required Instruction[] Instructions { get; init; }

    /// <summary>The names of all registers, by their index.</summary>
    public required IReadOnlyList<string> RegisterNames { get; init; }

    /// <summary>Bytes of all lanes of all registers of a warp.</summary>
    public required int RegisterBytes { get; init; }

    public required IReadOnlyList<(Register Register, ulong Bits)> Constants { get; init; }

    public required IReadOnlyList<(Register Register, Special Special)> Specials { get; init; }

    public required int ParameterBytes { get; init; }

    /// <summary>Offset and bytes of each parameter, as a launch by a list of pointers needs them.</summary>
    public required IReadOnlyList<(int Offset, int Bytes)> Parameters { get; init; }

    public required int LocalBytes { get; init; }

    public required int StaticSharedBytes { get; init; }

    public required int GlobalAccesses { get; init; }

    public required Index3? MaxThreads { get; init; }
}
