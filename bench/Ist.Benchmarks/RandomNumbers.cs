using Ist.Runtime.Devices;

namespace Ist.Benchmarks;

/// <summary>What benchmarks compute with.</summary>
internal static unsafe class RandomNumbers
{
    /// <summary>Memory with numbers between -0.5 and 0.5, the same ones each time.</summary>
    public static float* Allocate(CpuDevice cpu, long count)
    {
        var random = new Random(1);
        float* numbers = (float*)cpu.Allocate(count * sizeof(float));
        for (long i = 0; i < count; i++)
            numbers[i] = random.NextSingle() - 0.5f;
        return numbers;
    }
}
