using Ist.Ptx;
using Ist.Runtime.Devices;

namespace Ist.Runtime.Tests.Gpu;

/// <summary>A card that executes and checks the PTX of kernels on the host; one for all tests of the collection.</summary>
public sealed class GpuFixture : IDisposable
{
    private readonly IlgpuDevice? _device;

    public GpuFixture()
    {
        if (PtxDevice.Missing is not null)
            return;
        Card = PtxDevice.Install();
        _device = IlgpuDevice.Open();
    }

    public PtxDevice? Card { get; }

    /// <summary>The card as a run has it; skips the test where there is none.</summary>
    public IlgpuDevice Device
    {
        get
        {
            Assert.SkipWhen(PtxDevice.Missing is not null, PtxDevice.Missing ?? "");
            return _device!;
        }
    }

    public void Dispose() => _device?.Dispose();
}
