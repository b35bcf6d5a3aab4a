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
    public static IlgpuDevice Open(int number = 0) => OpenOrNull(number, out string? reason)
        ?? throw new InputException($"--device cuda can't be had: {reason}; install the driver and look with 'nvidia-smi', or give --device cpu.");

    /// <summary>Opens a card where the machine has any.</summary>
    /// <param name="number">Which, from 0, as the driver counts them.</param>
    /// <param name="reason">Why there is none, in words; null where a card is opened.</param>
    /// <exception cref="InputException">There are cards, but not this one, or it is too old.</exception>
    public static IlgpuDevice? OpenOrNull(int number, out string? reason)
    {
        // ILGPU is only loaded where there is a driver.
        reason = CudaDriver.TryLoad(out _) ? null : $"no CUDA driver ({CudaDriver.FileName} is not found)";
        return reason is null ? OpenCard(number, out reason) : null;
    }

    private static IlgpuDevice? OpenCard(int number, out string? reason)
    {
        // At the default level ILGPU forgets in which memory a view lies, and loads become generic ones.
        Context context = Context.Create(builder => builder.Cuda().Optimize(OptimizationLevel.O2));
        try
        {
            Context.DeviceCollection<CudaDevice> cards = context.GetCudaDevices();
            if (cards.Count == 0)
            {
                context.Dispose();
                reason = "the CUDA driver finds no card";
                return null;
            }
            if (number >= cards.Count)
                throw new InputException($"--device cuda:{number} is not there: this machine has {cards.Count} CUDA {(cards.Count == 1 ? "card" : "cards")}, counted from 0; give a lower number.");
            CudaDevice card = cards[number];
            if (card.Architecture is not { } architecture || architecture.Major < OldestMajor)
                throw new InputException($"{card.Name} has compute capability {card.Architecture?.Major}.{card.Architecture?.Minor}; {OldestMajor}.0 or newer is needed; give another card or --device cpu.");
            reason = null;
            return new IlgpuDevice(context, card);
        }
        catch
        {
            context.Dispose();
            throw;
        }
    }
}
