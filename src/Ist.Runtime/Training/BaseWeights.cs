using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>The frozen weights' share of a memory plan: they are mapped from their files, not cut from the arena.</summary>
internal static class BaseWeights
{
    /// <summary>Adds their bytes to a plan.</summary>
    public static MemoryPlan AddTo(MemoryPlan plan, ModelContents contents)
    {
        foreach (Weight weight in contents.Weights)
        {
            if (weight.Parameter is null)
                plan.Add(MemoryKind.BaseWeights, weight.Count * weight.DType.BitSize / 8);
        }
        return plan;
    }
}
