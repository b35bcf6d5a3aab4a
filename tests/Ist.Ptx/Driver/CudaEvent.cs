namespace Ist.Ptx.Driver;

/// <summary>An event: when it was recorded last, in ticks of the host's clock; null before that.</summary>
internal sealed class CudaEvent
{
    public long? Recorded { get; set; }
}
