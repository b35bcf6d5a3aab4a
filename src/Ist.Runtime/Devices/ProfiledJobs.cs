namespace Ist.Runtime.Devices;

/// <summary>All jobs of one kind in one phase of the steps.</summary>
/// <param name="phase">The phase.</param>
/// <param name="job">The type of the jobs.</param>
/// <param name="product">The matrix product that they are part of, or null.</param>
public sealed class ProfiledJobs(StepPhase phase, Type job, ProfiledProduct? product)
{
    /// <summary>The phase.</summary>
    public StepPhase Phase => phase;

    /// <summary>The matrix product that the jobs are part of, or null.</summary>
    public ProfiledProduct? Product => product;

    /// <summary>The kernel: the class that holds the job, and the job where the class has several.</summary>
    public string Kernel { get; } = NameOf(job);

    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    /// <summary>From the launch to the end of the last task, in ticks of <see cref="System.Diagnostics.Stopwatch"/>.</summary>
    public long Ticks { get; private set; }

    /// <summary>Floating point operations of products, of those jobs that say.</summary>
    public double Operations { get; private set; }

    /// <summary>Bytes moved, of those jobs that say.</summary>
    public double Bytes { get; private set; }

    internal void Add(long ticks, JobWork work)
    {
        Count++;
        Ticks += ticks;
        Operations += work.Operations;
        Bytes += work.Bytes;
    }

    private static string NameOf(Type job)
    {
        string own = job.Name.Split('`')[0], name = own.EndsWith("Job", StringComparison.Ordinal) ? own[..^3] : own;
        string? holder = job.DeclaringType?.Name.Split('`')[0];
        return holder is null ? name : name.Length == 0 ? holder : $"{holder}.{name}";
    }
}
