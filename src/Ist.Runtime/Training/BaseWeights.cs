using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// The base weights' share of a memory plan: they are mapped from their files, not cut from the arena. Those that are trained are
/// there too, since their first values are read from there.
/// </summary>
internal static class BaseWeights
{
    /// <summary>Adds their bytes to a plan.</summary>
    public static MemoryPlan AddTo(MemoryPlan plan, ModelContents contents, Precision precision)
    {
        foreach (Weight weight in contents.Weights)
            plan.Add(MemoryKind.BaseWeights, DeviceWeights.Bytes(weight, precision));
        return plan;
    }
}
