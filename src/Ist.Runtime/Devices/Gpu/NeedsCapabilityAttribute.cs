namespace Ist.Runtime.Devices.Gpu;

/// <summary>The oldest card that a kernel runs on, where it is newer than the oldest that Ist knows.</summary>
/// <param name="major">The compute capability: 8 in 8.0.</param>
[AttributeUsage(AttributeTargets.Struct)]
internal sealed class NeedsCapabilityAttribute(int major) : Attribute
{
    /// <summary>The compute capability: 8 in 8.0.</summary>
    public int Major => major;
}
