using Xunit;

namespace Ist.GpuSupport;

/// <summary>Tests that share the process's one card, one after another.</summary>
[CollectionDefinition(Name)]
public sealed class GpuCollection : ICollectionFixture<GpuFixture>
{
    public const string Name = "GPU";
}
