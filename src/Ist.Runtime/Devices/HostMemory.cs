using System.Globalization;

namespace Ist.Runtime.Devices;

/// <summary>The memory of the machine, and what a process takes of it beside what it plans.</summary>
public static class HostMemory
{
    // .NET itself, compiled code, tokenizer and tokens. Measured on Linux x64 over plans from 0.6 to 1.1 GiB: always 63 MiB.
    private const long BytesOfRuntime = 64L << 20;

    /// <summary>
    /// Bytes that a process takes beside its plan: a constant for .NET and the rest of the program, and each thread's scratch
    /// memory. The peak of its resident memory is this and the plan, within a tenth.
    /// </summary>
    /// <param name="threads">Threads that compute.</param>
    public static long RuntimeBytes(int threads) => BytesOfRuntime + CpuDevice.WorkspaceBytes + (long)threads * CpuDevice.ScratchBytes;

    /// <summary>
    /// Bytes that can still be taken: what Linux says is available, within the limit of the control group where there is one, and
    /// elsewhere what the garbage collector may use.
    /// </summary>
    public static long Available
    {
        get
        {
            long available = Kilobytes("/proc/meminfo", "MemAvailable:") ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
            const string group = "/sys/fs/cgroup/";
            if (Number(group + "memory.max") is long most && Number(group + "memory.current") is long used)
                available = Math.Min(available, most - used + (Field(group + "memory.stat", "file") ?? 0)); // pages of files give way
            return Math.Max(0, available);
        }
    }

    /// <summary>The most that this process has had resident, in bytes.</summary>
    public static long Peak
    {
        get
        {
            using var process = System.Diagnostics.Process.GetCurrentProcess();
            return Kilobytes("/proc/self/status", "VmHWM:") ?? process.PeakWorkingSet64;
        }
    }

    private static long? Kilobytes(string file, string name) => Field(file, name) * 1024;

    private static long? Field(string file, string name) => Read(file)
        ?.Split('\n').Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))
        .Where(words => words.Length > 1 && words[0] == name && long.TryParse(words[1], CultureInfo.InvariantCulture, out _))
        .Select(words => (long?)long.Parse(words[1], CultureInfo.InvariantCulture)).FirstOrDefault();

    private static long? Number(string file) =>
        long.TryParse(Read(file)?.Trim(), CultureInfo.InvariantCulture, out long number) ? number : null;

    private static string? Read(string file)
    {
        try
        {
            return File.Exists(file) ? File.ReadAllText(file) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
