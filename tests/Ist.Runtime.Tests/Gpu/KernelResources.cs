namespace Ist.Runtime.Tests.Gpu;

/// <summary>What a kernel takes of a card.</summary>
/// <param name="Registers">Registers of a thread.</param>
/// <param name="Frame">Bytes of its stack frame.</param>
/// <param name="Spills">Bytes of registers that are stored and loaded because there are too few.</param>
/// <param name="Shared">Bytes of shared memory of a group, dynamic memory left out.</param>
internal sealed record KernelResources(int Registers, int Frame, int Spills, int Shared);
