using Ist.Runtime.Devices;

namespace Ist.Runtime.Layers;

public static unsafe partial class ColumnLookup
{
    private readonly struct ForwardJob(float* y, int* ids, float* table, int rows, int height, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            float* from = table + (long)task * width;
            for (int row = 0; row < rows; row++)
                y[(long)row * height + task] = from[ids[row]];
        }
    }

    /// <summary>A task owns a row of the table and takes all ids in order, so equal ones add up in a fixed order.</summary>
    private readonly struct GradientJob(float* dtable, float* dy, int* ids, int rows, int height, int width) : ICpuJob
    {
        public void Execute(int task, int worker)
        {
            float* to = dtable + (long)task * width;
            for (int row = 0; row < rows; row++)
                to[ids[row]] += dy[(long)row * height + task];
        }
    }
}
