namespace Ist.GpuBench;

/// <summary>What a step takes.</summary>
/// <param name="Sequences">Rows at once; 0 where not even one has room.</param>
/// <param name="Seconds">Seconds of a step.</param>
/// <param name="Bytes">Bytes by plan.</param>
/// <param name="Operations">Operations of a step by plan.</param>
/// <param name="Loss">The last loss, nats.</param>
internal sealed record StepTimes(int Sequences, double Seconds, long Bytes, double Operations, double Loss);
