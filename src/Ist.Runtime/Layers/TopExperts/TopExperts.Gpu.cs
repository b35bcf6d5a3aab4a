using ILGPU;
using Ist.Runtime.Devices;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

public static unsafe partial class TopExperts
{
    private const int GpuThreads = 128;

    private static void Forward<E>(IlgpuDevice gpu, Run run, Act<Chosen> weights, Ids<Routes> routes, Act<E> logits, TopExperts<E> layer) where E : IWidth
    {
        var table = new RouteTable(routes, run.Rows);
        var onGpu = new GpuRoutes(gpu, table);
        int experts = logits.Width;
        gpu.For(Groups(run.Rows), GpuThreads, new GpuChoose(
            gpu.Values(weights.Data, table.Count), onGpu, gpu.Values(logits.Data, (long)run.Rows * experts), run.Rows, experts));
        if (layer.Balance.IsOn)
            layer.Balance.Measure(gpu, run, layer.Layer, logits.Data, table);
        ArrayView<int> counts = gpu.View((int*)gpu.Workspace, experts);
        gpu.For(experts, GpuThreads, new GpuCount(counts, onGpu));
        gpu.For(experts, Lane.Count, new GpuSort(counts, onGpu));
        gpu.For(experts, GpuThreads, new GpuGroup(counts, onGpu));
        fixed (int* onHost = gpu.RouteCounts.Of(routes, experts))
            gpu.Download(gpu.Workspace, onHost, (long)experts * sizeof(int));
    }

    private static void Backward<E>(
        IlgpuDevice gpu, Run run, Into into, Act<E> dlogits, Act<Chosen> dweights, Act<Chosen> weights, Ids<Routes> routes, Act<E> logits, TopExperts<E> layer)
        where E : IWidth
    {
        var table = new RouteTable(routes, run.Rows);
        gpu.For(Groups(run.Rows), GpuThreads, new GpuBackward(
            (int)into, gpu.Values(dlogits.Data, (long)run.Rows * dlogits.Width), gpu.Values(dweights.Data, table.Count), gpu.Values(weights.Data, table.Count),
            new GpuRoutes(gpu, table), run.Rows, dlogits.Width));
        if (layer.Balance.IsOn)
            layer.Balance.Backward(gpu, run, dlogits.Data, logits.Data);
    }

    private static int Groups(int rows) => (rows + GpuThreads - 1) / GpuThreads;

    /// <summary>A thread is a row.</summary>
    internal readonly struct GpuChoose(Values weights, GpuRoutes routes, Values logits, int rows, int experts) : IGpuJob
    {
        public void Execute()
        {
            int row = Grid.IdxX * Group.DimX + Group.IdxX;
            if (row >= rows)
                return;
            int first = row * routes.PerRow;
            for (int j = 0; j < routes.PerRow; j++)
                routes.Experts[first + j] = Largest((long)row * experts, first, j);
            float max = logits[(long)row * experts + routes.Experts[first]], sum = 0;
            for (int j = 0; j < routes.PerRow; j++)
                sum += Exponential(row, first + j, max);
            for (int j = 0; j < routes.PerRow; j++)
                weights.Set(first + j, Exponential(row, first + j, max) / sum);
        }

        private float Exponential(int row, int choice, float max) => GpuMath.Exp(logits[(long)row * experts + routes.Experts[choice]] - max);

        /// <summary>The expert of the largest logit that was not chosen before, of equals the first.</summary>
        private int Largest(long logit, int first, int taken)
        {
            int best = -1;
            float largest = 0;
            for (int e = 0; e < experts; e++)
            {
                float l = logits[logit + e];
                if ((best < 0 || l > largest) && !IsTaken(e, first, taken))
                    (best, largest) = (e, l);
            }
            return best;
        }

        private bool IsTaken(int expert, int first, int taken)
        {
            for (int i = 0; i < taken; i++)
            {
                if (routes.Experts[first + i] == expert)
                    return true;
            }
            return false;
        }
    }

    /// <summary>How many rows chose an expert, which is a group.</summary>
    internal readonly struct GpuCount(ArrayView<int> counts, GpuRoutes routes) : IGpuJob
    {
        public void Execute()
        {
            double count = 0;
            for (int choice = Group.IdxX; choice < routes.Count; choice += Group.DimX)
                count += routes.Experts[choice] == Grid.IdxX ? 1d : 0d;
            count = Lane.GroupSum(count);
            if (Group.IdxX == 0)
                counts[Grid.IdxX] = (int)count;
        }
    }

    /// <summary>A warp finds the choices of an expert, in their order, and puts them behind those of the experts before.</summary>
    internal readonly struct GpuSort(ArrayView<int> counts, GpuRoutes routes) : IGpuJob
    {
        public void Execute()
        {
            int begin = Begin(counts);
            for (int first = 0; first < routes.Count; first += Lane.Count)
            {
                int choice = first + Lane.Index, own = choice < routes.Count && routes.Experts[choice] == Grid.IdxX ? 1 : 0, sum = own;
                for (int distance = 1; distance < Lane.Count; distance *= 2)
                {
                    int before = Warp.ShuffleUp(sum, distance);
                    sum += Lane.Index >= distance ? before : 0;
                }
                if (own == 1)
                {
                    routes.Choices[begin + sum - 1] = choice;
                    routes.Places[choice] = begin + sum - 1;
                }
                begin += Warp.Shuffle(sum, Lane.Count - 1);
            }
        }
    }

    /// <summary>Writes the expert of its places, when nobody asks for that of choices any more.</summary>
    internal readonly struct GpuGroup(ArrayView<int> counts, GpuRoutes routes) : IGpuJob
    {
        public void Execute()
        {
            int begin = Begin(counts);
            for (int i = Group.IdxX; i < counts[Grid.IdxX]; i += Group.DimX)
                routes.Experts[begin + i] = Grid.IdxX;
        }
    }

    /// <summary>The first place of the group's expert.</summary>
    private static int Begin(ArrayView<int> counts)
    {
        int begin = 0;
        for (int e = 0; e < Grid.IdxX; e++)
            begin += counts[e];
        return begin;
    }

    /// <summary>A thread is a row.</summary>
    internal readonly struct GpuBackward(
        int into, Values dlogits, Values dweights, Values weights, GpuRoutes routes, int rows, int experts) : IGpuJob
    {
        public void Execute()
        {
            int row = Grid.IdxX * Group.DimX + Group.IdxX;
            if (row >= rows)
                return;
            int first = row * routes.PerRow;
            long logit = (long)row * experts;
            for (int e = 0; e < experts && into == (int)Into.Set; e++)
                dlogits.Set(logit + e, 0);
            float mean = 0;
            for (int j = 0; j < routes.PerRow; j++)
                mean += weights[first + j] * dweights[first + j];
            for (int j = 0; j < routes.PerRow; j++)
            {
                long at = logit + routes.Experts[routes.Places[first + j]];
                dlogits.Set(at, dlogits[at] + weights[first + j] * (dweights[first + j] - mean));
            }
        }
    }
}
