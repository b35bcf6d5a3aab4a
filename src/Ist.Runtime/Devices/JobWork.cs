namespace Ist.Runtime.Devices;

/// <summary>What a job computes and moves.</summary>
/// <param name="Operations">Floating point operations of its products; a multiplication and an addition are two.</param>
/// <param name="Bytes">Bytes that it reads and writes, each value once however often caches give it.</param>
public readonly record struct JobWork(double Operations, double Bytes);
