namespace Ist.Ptx.Tests.Ilgpu;

/// <summary>A process has one driver and so one device: tests on it run one after the other.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class DeviceCollection
{
    public const string Name = "the device of this process";
}
