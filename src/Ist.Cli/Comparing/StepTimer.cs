using System.Diagnostics;
using Ist.Cli.Finetuning;
using Ist.Runtime;
using Ist.Runtime.Devices;
using Ist.Runtime.Sparse;
using Ist.Runtime.Training;

namespace Ist.Cli.Comparing;

/// <summary>
/// Measures how long the steps of policies and methods take, by short runs in turns: in a turn each runs once over the same batches, in the
/// other order than in the turn before, and is compared with the baseline of that turn, so that a machine which is busy at times is so for
/// all. Turns take the comparison's seeds in turn, since policies draw layers of different depth. With one thread the time is the
/// processor's, in which other programs have no share.
/// </summary>
internal sealed class StepTimer
{
    /// <summary>Turns that count; one before them warms up.</summary>
    public const int Turns = 6;

    // The first steps of a run meet cold memory, and IST probes from its tenth step on.
    private const int StepsBefore = 10, StepsTimed = 20;

    private readonly IReadOnlyList<CompareCell> _first;
    private readonly IReadOnlyList<ulong> _seeds;

    /// <summary>Takes what is to be measured.</summary>
    /// <param name="cells">Runs of it; the first one is the baseline's.</param>
    public StepTimer(IReadOnlyList<CompareCell> cells)
    {
        _first = [.. cells.DistinctBy(cell => (cell.Policy, cell.Method))];
        _seeds = [.. cells.Select(cell => cell.Options.Seed).Distinct()];
    }

    /// <summary>Measures.</summary>
    /// <exception cref="InputException">Something that was given is wrong.</exception>
    /// <exception cref="RunException">There is not enough memory, or a run diverged.</exception>
    public IReadOnlyList<StepTime> Measure()
    {
        var inputs = new Dictionary<string, FinetuneInputs>();
        try
        {
            foreach (CompareCell cell in _first.DistinctBy(cell => cell.Method))
                inputs[cell.Method] = FinetuneInputs.Load(cell.Options);
            using Device device = _first[0].Options.Device.Open(_first[0].Options.Threads, given =>
            {
                foreach (CompareCell cell in _first)
                {
                    FinetuneInputs input = inputs[cell.Method];
                    KernelSurvey.RequireTraining(given, input.Loaded.Model, input.Loaded.Config.Widths, input.Numbers);
                }
            }, out _);
            return Measure(device, inputs);
        }
        finally
        {
            foreach (FinetuneInputs input in inputs.Values)
                input.Dispose();
        }
    }

    private IReadOnlyList<StepTime> Measure(Device device, Dictionary<string, FinetuneInputs> inputs)
    {
        double[][] milliseconds = [.. _first.Select(_ => new double[Turns])];
        for (int turn = -1; turn < Turns; turn++)
        {
            ulong seed = _seeds[Math.Max(turn, 0) % _seeds.Count];
            for (int i = 0; i < _first.Count; i++)
            {
                int at = turn % 2 == 0 ? i : _first.Count - 1 - i;
                double time = Time(device, inputs[_first[at].Method], _first[at].Options.Selection, seed);
                if (turn >= 0)
                    milliseconds[at][turn] = time;
            }
        }
        string clock = IsProcessorTime(device) ? "processor" : "wall";
        return [.. _first.Select((cell, i) => new StepTime(
            cell.Policy, cell.Method, clock, Median(milliseconds[i]), Median(milliseconds[i].Zip(milliseconds[0], (time, baseline) => time / baseline)), milliseconds[i]))];
    }

    private static double Time(Device device, FinetuneInputs inputs, Selection selection, ulong seed)
    {
        ISelectionPolicy policy = selection.PolicyOf(inputs.Loaded.Model.LayerCount, seed);
        // As often as it falls due in the long run: probes, and choices that are held.
        int period = policy is ImportanceSparseTuning ist ? ist.Options.Interval : policy.HoldSteps;
        int timed = (StepsTimed + period - 1) / period * period;
        TrainingOptions numbers = inputs.Numbers with { Steps = StepsBefore + timed, WarmupSteps = 0, Seed = seed, InactiveMoments = selection.State };
        using var trainer = new Trainer(device, inputs.Loaded.Model, inputs.Loaded.Config.Widths, inputs.Training, numbers, policy);
        for (int step = 0; step < StepsBefore; step++)
            trainer.Step();
        TimeSpan begin = Now(device);
        for (int step = 0; step < timed; step++)
            trainer.Step();
        return (Now(device) - begin).TotalMilliseconds / timed;
    }

    private static bool IsProcessorTime(Device device) => device is CpuDevice { Threads: 1 };

    private static TimeSpan Now(Device device) => IsProcessorTime(device) ? Environment.CpuUsage.TotalTime : Stopwatch.GetElapsedTime(0);

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
