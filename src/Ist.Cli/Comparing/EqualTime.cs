using System.Globalization;
using Ist.Cli.Finetuning;
using Ist.Reports;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;

namespace Ist.Cli.Comparing;

/// <summary>
/// Runs of equal time: each policy and method takes as many steps as fit into the time of the first one's, with the learning rate's schedule
/// stretched over them. How long a step takes is measured once and stands in <c>comparison.json</c>, so what a run does hangs on
/// its seed and its steps alone, and a resumed comparison has the same runs.
/// </summary>
/// <param name="output">The comparison's folder.</param>
/// <param name="cells">The runs of equal steps; those of the first policy and method are the baseline of both.</param>
/// <param name="terminal">Where it is told.</param>
internal sealed class EqualTime(string output, IReadOnlyList<CompareCell> cells, Terminal terminal)
{
    /// <summary>The times of steps that the folder has.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static IReadOnlyList<StepTime> Measured(string output) =>
        Path.Combine(output, ComparisonReport.FileName) is var path && File.Exists(path) && JsonConfig.Load(path) is var file && file.Has("step_times")
            ? [.. file.GetObjects("step_times").Select(StepTime.Read)]
            : [];

    /// <summary>Refuses runs whose steps do not take one time.</summary>
    /// <exception cref="InputException">A policy has other steps before it begins to choose.</exception>
    public void Check()
    {
        if (cells.Any(cell => cell.Options.Selection.Ist.WarmupSteps > 0))
            throw new InputException("equal is time, but with sparse_warmup_steps a run's first steps take longer than its others; leave one of the two out");
    }

    /// <summary>The times of all policies and methods: those that the folder has, and those measured now.</summary>
    /// <exception cref="InputException">Something that was given is wrong.</exception>
    /// <exception cref="RunException">There is not enough memory, or a run diverged.</exception>
    public IReadOnlyList<StepTime> Measure()
    {
        IReadOnlyList<StepTime> before = Measured(output);
        CompareCell[] open = [.. cells.Where(cell => !before.Any(time => time.IsOf(cell)))];
        if (open.Length == 0)
            return before;
        terminal.Output.WriteLine("measures how long steps take");
        CompareCell[] baseline = [.. cells.Where(cell => (cell.Policy, cell.Method) == (cells[0].Policy, cells[0].Method))];
        IReadOnlyList<StepTime> now = new StepTimer([.. baseline, .. open.Except(baseline)]).Measure();
        foreach (StepTime time in now)
            terminal.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{time.Policy}, {time.Method}: {time.Milliseconds:F1} ms of {time.Clock} time, {time.Ratio:F3} of the baseline's"));
        terminal.Output.WriteLine();
        return [.. before, .. now.Where(time => !before.Any(b => (b.Policy, b.Method) == (time.Policy, time.Method)))];
    }

    /// <summary>The runs. Those of as many steps as the baseline's, its own among them, are those of equal steps.</summary>
    public IReadOnlyList<CompareCell> Runs(IReadOnlyList<StepTime> times)
    {
        int ofBaseline = StepsOfBaseline();
        return
        [
            .. from cell in cells
               let steps = times.First(time => time.IsOf(cell)).StepsFor(ofBaseline)
               select steps == ofBaseline ? cell with { Equal = EqualBudget.Time } : cell.InEqualTime(steps),
        ];
    }

    private int StepsOfBaseline()
    {
        if (cells[0].Options.Steps is int given)
            return given;
        using FinetuneInputs inputs = FinetuneInputs.Load(cells[0].Options);
        return inputs.Numbers.Steps;
    }
}
