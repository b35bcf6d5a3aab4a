using Ist.Runtime.Devices;

namespace Ist.Runtime.Training;

/// <summary>The mean of memory plans; equal ones are made once.</summary>
internal sealed class MeanPlan
{
    private readonly Dictionary<KeptLayers, (MemoryPlan Plan, int Times)> _plans = [];

    /// <summary>The mean of what was added.</summary>
    public MemoryPlan Mean
    {
        get
        {
            var mean = new MemoryPlan();
            int times = _plans.Values.Sum(plan => plan.Times);
            foreach (MemoryKind kind in Enum.GetValues<MemoryKind>())
                mean.Add(kind, (long)Math.Round(_plans.Values.Sum(plan => (double)plan.Plan[kind] * plan.Times) / times));
            return mean;
        }
    }

    /// <summary>Adds a plan.</summary>
    /// <param name="layers">What it is for.</param>
    /// <param name="make">Makes it.</param>
    public void Add(KeptLayers layers, Func<KeptLayers, MemoryPlan> make)
    {
        (MemoryPlan Plan, int Times) known = _plans.TryGetValue(layers, out (MemoryPlan Plan, int Times) found) ? found : (make(layers), 0);
        _plans[layers] = (known.Plan, known.Times + 1);
    }
}
