using System.Diagnostics;
using System.Globalization;

namespace Ist.Runtime.Devices;

/// <summary>
/// A profile for people: phases, kernels and products by shape, each with milliseconds a step and its share. GFLOP/s and GB/s are those
/// of the kernel's own time; a dash stands where a kernel counts none.
/// </summary>
public static class ProfileTable
{
    private const int LabelWidth = 44;

    /// <summary>Writes it.</summary>
    /// <param name="profile">What was measured.</param>
    /// <param name="output">Where to.</param>
    /// <param name="step">What a step is called.</param>
    public static void Write(WorkProfile profile, TextWriter output, string step = "step")
    {
        if (profile.Steps == 0)
            return;
        double whole = profile.TimeOfSteps.TotalMilliseconds / profile.Steps;
        ProfiledJobs[] jobs = [.. profile.Jobs.Where(job => job.Phase != StepPhase.Between)];
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"profile of {profile.Steps:N0} {step}s of {whole:F1} ms{(jobs.Sum(job => job.Operations) is > 0 and double all ? $", {all / profile.TimeOfSteps.TotalSeconds / 1e9:F1} GFLOP/s over all" : "")}"));
        output.WriteLine();
        Head(output, "phase", step);
        foreach (StepPhase phase in Enum.GetValues<StepPhase>().Where(phase => phase != StepPhase.Between && profile.TimeOf(phase) > TimeSpan.Zero))
            Row(output, phase.ToString().ToLowerInvariant(), profile.TimeOf(phase).TotalMilliseconds / profile.Steps, whole, jobs.Where(job => job.Phase == phase));
        output.WriteLine();
        Head(output, "kernel", step);
        foreach (var group in jobs.GroupBy(job => (job.Kernel, job.Phase)).OrderByDescending(group => group.Sum(job => job.Ticks)))
            Row(output, $"{group.Key.Kernel}, {group.Key.Phase.ToString().ToLowerInvariant()}", Milliseconds(group) / profile.Steps, whole, group);
        double kernels = Milliseconds(jobs) / profile.Steps;
        Row(output, "between kernels", whole - kernels, whole, []);
        output.WriteLine();
        Head(output, "product, m x n x k", step);
        foreach (var group in jobs.Where(job => job.Product is not null).GroupBy(job => (job.Product!.Value, job.Phase)).OrderByDescending(group => group.Sum(job => job.Ticks)))
        {
            (ProfiledProduct product, StepPhase phase) = group.Key;
            Row(output, string.Create(CultureInfo.InvariantCulture,
                $"{product.Kind.ToString().ToLowerInvariant()} {Size(product.M)} x {Size(product.N)} x {Size(product.K)}, {phase.ToString().ToLowerInvariant()}"), Milliseconds(group) / profile.Steps, whole, group);
        }
    }

    private static string Size(int size) => size == 0 ? "rows" : size.ToString(CultureInfo.InvariantCulture);

    private static double Milliseconds(IEnumerable<ProfiledJobs> jobs) => jobs.Sum(job => job.Ticks) * 1000.0 / Stopwatch.Frequency;

    private static void Head(TextWriter output, string label, string step) =>
        output.WriteLine($"{label.PadRight(LabelWidth)}{"ms/" + step,10}{"share",9}{"GFLOP/s",10}{"GB/s",9}");

    private static void Row(TextWriter output, string label, double milliseconds, double whole, IEnumerable<ProfiledJobs> jobs)
    {
        double seconds = Milliseconds(jobs) / 1000;
        string operations = Rate(jobs.Sum(job => job.Operations), seconds), bytes = Rate(jobs.Sum(job => job.Bytes), seconds);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{label.PadRight(LabelWidth)}{milliseconds,10:F2}{milliseconds / whole,9:P1}{operations,10}{bytes,9}"));
    }

    private static string Rate(double count, double seconds) =>
        count > 0 && seconds > 0 ? (count / seconds / 1e9).ToString("F1", CultureInfo.InvariantCulture) : "-";
}
