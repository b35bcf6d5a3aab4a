using System.Diagnostics;
using Ist.Runtime.Devices;

namespace Ist.GpuBench;

/// <summary>Times work on a card: all launches together, from an idle card to an idle card.</summary>
internal static class Measured
{
    /// <summary>Seconds that a call takes, in the mean, after one that compiles and warms up.</summary>
    /// <param name="device">The card.</param>
    /// <param name="least">Seconds that all calls are to take together.</param>
    /// <param name="call">Launches the work.</param>
    public static double Seconds(IlgpuDevice device, double least, Action call)
    {
        call();
        device.Synchronize();
        for (int calls = 1; ; calls *= 2)
        {
            long begin = Stopwatch.GetTimestamp();
            for (int i = 0; i < calls; i++)
                call();
            device.Synchronize();
            double seconds = Stopwatch.GetElapsedTime(begin).TotalSeconds;
            if (seconds >= least)
                return seconds / calls;
        }
    }
}
