using Ist.Ptx;
using Ist.Runtime.Devices;

namespace Ist.GpuSupport;

/// <summary>
/// The card of the tests: one that executes and checks the PTX of kernels on the host, or with the environment variable
/// <c>IST_TEST_DEVICE=cuda</c> the machine's own, whose absence is then an error.
/// </summary>
internal static class TestCard
{
    /// <summary>How tests name the devices that they compute on.</summary>
    public const string Cpu = "cpu", Cuda = "cuda";

    private const string Variable = "IST_TEST_DEVICE";

    /// <summary>Whether the machine's own card is tested.</summary>
    public static bool IsReal { get; } = Environment.GetEnvironmentVariable(Variable) switch
    {
        null or "" => false,
        Cuda => true,
        var other => throw new InvalidOperationException($"{Variable} is '{other}'; give '{Cuda}', or leave it out."),
    };

    /// <summary>Why there is no card, for a skipped test; null where there is one.</summary>
    public static string? Missing => IsReal ? null : PtxDevice.Missing;

    /// <summary>Opens it.</summary>
    public static IlgpuDevice Open()
    {
        if (!IsReal)
            PtxDevice.Install(new PtxDeviceOptions { HasCublas = true });
        return IlgpuDevice.Open();
    }
}
