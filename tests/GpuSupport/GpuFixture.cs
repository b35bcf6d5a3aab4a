using Ist.Runtime.Devices;
using Xunit;

namespace Ist.GpuSupport;

/// <summary>One card for all tests of the collection, with the kernels that were compiled for it.</summary>
public sealed class GpuFixture : IDisposable
{
    private readonly Lazy<IlgpuDevice> _device = new(TestCard.Open);

    /// <summary>The card as a run has it; skips the test where there is none.</summary>
    public IlgpuDevice Device
    {
        get
        {
            Assert.SkipWhen(TestCard.Missing is not null, TestCard.Missing ?? "");
            return _device.Value;
        }
    }

    /// <summary>The card where a test is to compute on <see cref="TestCard.Cuda"/>; null where on the processor.</summary>
    public IlgpuDevice? On(string device) => device == TestCard.Cuda ? Device : null;

    public void Dispose()
    {
        if (_device.IsValueCreated)
            _device.Value.Dispose();
    }
}
