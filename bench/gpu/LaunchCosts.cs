using System.Diagnostics;
using System.Runtime.InteropServices;
using Ist.Runtime;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;

namespace Ist.GpuBench;

/// <summary>What launching a kernel costs that has next to nothing to do: one by one, and in a graph captured from the stream.</summary>
internal static unsafe class LaunchCosts
{
    // From cuda.h: other threads may go on calling the driver while this one captures.
    private const int ThreadLocal = 1;

    /// <summary>Measures it, in words.</summary>
    /// <param name="device">The card.</param>
    /// <param name="launches">Launches, and nodes of the graph.</param>
    public static string Of(IlgpuDevice device, int launches)
    {
        const int Quads = 32;
        Quad* x = (Quad*)device.Allocate(Quads * sizeof(Quad)), y = (Quad*)device.Allocate(Quads * sizeof(Quad));
        device.Clear(x, Quads * sizeof(Quad));
        var job = new CopyJob(device.View(y, Quads), device.View(x, Quads));
        device.For(1, Quads, job);
        device.Synchronize();
        long begin = Stopwatch.GetTimestamp();
        Launch();
        double host = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
        device.Synchronize();
        double all = Stopwatch.GetElapsedTime(begin).TotalMicroseconds;
        string alone = $"a launch takes the host {host / launches:F2} us, and an empty card {all / launches:F2} us";
        string graph = Captured(device, Launch) is { } taken ? $"; in a graph {taken / launches:F2} us" : "; the driver has no graphs";
        device.Free(x);
        device.Free(y);
        return alone + graph;

        void Launch()
        {
            for (int i = 0; i < launches; i++)
                device.For(1, Quads, job);
        }
    }

    // Microseconds of a replay, from an idle card to an idle card.
    private static double? Captured(IlgpuDevice device, Action launch)
    {
        if (!CudaDriver.TryLoad(out nint driver) || !NativeLibrary.TryGetExport(driver, "cuStreamBeginCapture_v2", out nint beginCapture))
            return null;
        nint stream = device.StreamHandle, graph, replay;
        Check(((delegate* unmanaged<nint, int, int>)beginCapture)(stream, ThreadLocal), "cuStreamBeginCapture");
        launch();
        Check(((delegate* unmanaged<nint, nint*, int>)NativeLibrary.GetExport(driver, "cuStreamEndCapture"))(stream, &graph), "cuStreamEndCapture");
        Check(((delegate* unmanaged<nint*, nint, ulong, int>)NativeLibrary.GetExport(driver, "cuGraphInstantiateWithFlags"))(&replay, graph, 0), "cuGraphInstantiateWithFlags");
        var launchGraph = (delegate* unmanaged<nint, nint, int>)NativeLibrary.GetExport(driver, "cuGraphLaunch");
        double best = double.MaxValue;
        for (int turn = 0; turn < 3; turn++)
        {
            long begin = Stopwatch.GetTimestamp();
            Check(launchGraph(replay, stream), "cuGraphLaunch");
            device.Synchronize();
            best = Math.Min(best, Stopwatch.GetElapsedTime(begin).TotalMicroseconds);
        }
        Check(((delegate* unmanaged<nint, int>)NativeLibrary.GetExport(driver, "cuGraphExecDestroy"))(replay), "cuGraphExecDestroy");
        Check(((delegate* unmanaged<nint, int>)NativeLibrary.GetExport(driver, "cuGraphDestroy"))(graph), "cuGraphDestroy");
        return best;
    }

    private static void Check(int status, string call)
    {
        if (status != 0)
            throw new RunException($"{call} failed with CUDA error {status}.");
    }
}
