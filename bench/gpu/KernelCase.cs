namespace Ist.GpuBench;

/// <summary>A kernel to measure.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Bytes">Bytes that it must read and write.</param>
/// <param name="Operations">Operations of its products; 0 where it has none.</param>
/// <param name="Launch">Launches it.</param>
internal sealed record KernelCase(string Name, double Bytes, double Operations, Action Launch);
