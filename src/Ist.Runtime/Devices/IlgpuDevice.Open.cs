using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.Cuda;
using Ist.Runtime.Devices.Gpu;

namespace Ist.Runtime.Devices;

public sealed unsafe partial class IlgpuDevice
{
    // Shuffles and independent threads of a warp; what is older is no longer known to CUDA 13.
    private const int OldestMajor = 7;

    /// <summary>Opens a card.</summary>
    /// <param name="number">Which, from 0, as the driver counts them.</param>
    /// <exception cref="InputException">There is no driver, no such card, or it is too old.</exception>
    public static IlgpuDevice Open(int number = 0)
    {
        if (WhyNone() is { } reason)
            throw new InputException($"--device cuda can't be had: {reason}; install the driver and look with 'nvidia-smi', or give --device cpu.");
        Context context = NewContext();
        try
        {
            Context.DeviceCollection<CudaDevice> cards = context.GetCudaDevices();
            if (number >= cards.Count)
                throw new InputException($"--device cuda:{number} is not there: this machine has {cards.Count} CUDA {(cards.Count == 1 ? "card" : "cards")}, counted from 0; give a lower number.");
            CudaDevice card = cards[number];
            if (card.Architecture is not { } architecture || architecture.Major < OldestMajor)
                throw new InputException($"{card.Name} has compute capability {card.Architecture?.Major}.{card.Architecture?.Minor}; {OldestMajor}.0 or newer is needed; give another card or --device cpu.");
            return new IlgpuDevice(context, card);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }

    /// <summary>Why no card can be opened on this machine, in words; null where one can.</summary>
    public static string? WhyNone()
    {
        // ILGPU is only loaded where there is a driver.
        return CudaDriver.TryLoad(out _) ? WhyNoCard() : $"no CUDA driver ({CudaDriver.FileName} is not found)";
    }

    private static string? WhyNoCard()
    {
        using Context context = NewContext();
        return context.GetCudaDevices().Count == 0 ? "the CUDA driver finds no card" : null;
    }

    // At the default level ILGPU forgets in which memory a view lies, and loads become generic ones.
    private static Context NewContext() => Context.Create(builder => builder.Cuda().Optimize(OptimizationLevel.O2));
}
