using System.Diagnostics;

namespace Ist.Runtime.Devices;

/// <summary>
/// Measures where the time of training steps, or of generated tokens, goes: each job that a device runs, by phase and kernel, and matrix products by shape.
/// A device without one asks a single field per job. Used by one thread at a time, as the device is.
/// </summary>
public sealed class WorkProfile
{
    private static readonly int _phases = Enum.GetValues<StepPhase>().Length;

    private readonly Dictionary<(StepPhase, Type, ProfiledProduct?), ProfiledJobs> _jobs = [];
    private readonly long[] _phaseTicks = new long[_phases];
    private ProfiledProduct? _product;
    private JobWork _expected;
    private int _rows;
    private long _since = Stopwatch.GetTimestamp();

    /// <summary>The phase at work.</summary>
    public StepPhase Phase { get; private set; }

    /// <summary>Steps that have begun; of generation, tokens.</summary>
    public long Steps { get; private set; }

    /// <summary>What ran, in no order.</summary>
    public IReadOnlyCollection<ProfiledJobs> Jobs => _jobs.Values;

    /// <summary>The time of a phase so far.</summary>
    public TimeSpan TimeOf(StepPhase phase) =>
        Stopwatch.GetElapsedTime(0, _phaseTicks[(int)phase] + (phase == Phase ? Stopwatch.GetTimestamp() - _since : 0));

    /// <summary>The time of all steps so far.</summary>
    public TimeSpan TimeOfSteps => Enum.GetValues<StepPhase>().Where(phase => phase != StepPhase.Between)
        .Aggregate(TimeSpan.Zero, (sum, phase) => sum + TimeOf(phase));

    /// <summary>A step begins, with its first phase.</summary>
    public void BeginStep(StepPhase phase = StepPhase.Selection)
    {
        Steps++;
        Begin(phase);
    }

    /// <summary>A phase begins, and with it the one before ends.</summary>
    public void Begin(StepPhase phase)
    {
        long now = Stopwatch.GetTimestamp();
        _phaseTicks[(int)Phase] += now - _since;
        _since = now;
        Phase = phase;
    }

    /// <summary>The batch at work has so many rows.</summary>
    public void Read(int rows) => _rows = rows;

    /// <summary>Forgets what was measured, as after steps that only warmed up.</summary>
    public void Reset()
    {
        _jobs.Clear();
        Array.Clear(_phaseTicks);
        Steps = 0;
        _since = Stopwatch.GetTimestamp();
    }

    /// <summary>The jobs up to <see cref="LeaveProduct"/> are of this product.</summary>
    internal void EnterProduct(WorkKind kind, int m, int n, int k) => _product = new ProfiledProduct(kind, Size(m), Size(n), Size(k));

    private int Size(int size) => size == _rows ? 0 : size;

    internal void LeaveProduct() => _product = null;

    /// <summary>The next job, which can't say so itself, does so much.</summary>
    internal void Expect(JobWork work) => _expected = work;

    /// <summary>A job ran that was told of by <see cref="Expect"/>, or does nothing that is counted.</summary>
    internal void Add(Type job, long ticks)
    {
        Add(job, ticks, _expected);
        _expected = default;
    }

    internal void Add(Type job, long ticks, JobWork work)
    {
        if (!_jobs.TryGetValue((Phase, job, _product), out ProfiledJobs? jobs))
            _jobs.Add((Phase, job, _product), jobs = new ProfiledJobs(Phase, job, _product));
        jobs.Add(ticks, work);
    }
}
