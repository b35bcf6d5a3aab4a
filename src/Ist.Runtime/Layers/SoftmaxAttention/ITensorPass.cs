using Ist.Runtime.Devices;
using Ist.Runtime.Numerics.GpuProducts;

namespace Ist.Runtime.Layers;

/// <summary>A pass of attention on tensor cores, of whatever is multiplied and however wide its tiles are.</summary>
internal interface ITensorPass
{
    /// <summary>Launches its kernels.</summary>
    void Launch<TFormat, THead>(IlgpuDevice gpu) where TFormat : struct, ITensorFormat where THead : struct, ITensorHead;
}
