using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Optimizers;

public sealed unsafe partial class AdamW
{
    /// <summary>Both moments of a parameter, and how many steps it has taken. They have no address while they are freed.</summary>
    private sealed class Moments(Parameter parameter)
    {
        public readonly Parameter Parameter = parameter;
        public float* First;
        public float* Second;
        public long Steps;
        public bool IsActive;

        /// <summary>Floats from the first moment to the second, and to whatever comes behind that.</summary>
        public readonly long Stride = Arena.Bytes(parameter.Count) / sizeof(float);

        private long Bytes => Parameter.Count * sizeof(float);

        public void Clear(Device device)
        {
            device.Clear(First, Bytes);
            device.Clear(Second, Bytes);
            Steps = 0;
        }

        /// <summary>Where both lie, one behind the other.</summary>
        public void Lie(float* place)
        {
            First = place;
            Second = place is null ? null : place + Stride;
        }

        /// <summary>Moves both down, or leaves them where they are.</summary>
        public void MoveTo(Device device, float* place)
        {
            device.MoveDown(First, place, Bytes);
            device.MoveDown(Second, place + Stride, Bytes);
            Lie(place);
        }
    }

    /// <summary>
    /// Room for the moments of the layers that a step trains. They lie one behind another: when layers leave, those that stay move
    /// together, and those that enter come behind them. So it is as large as the largest layers of one step, and no larger.
    /// </summary>
    private sealed class Room
    {
        private readonly Moments[] _inside;
        private readonly float* _memory;
        private int _count;

        public Room(Arena arena, Moments[] ofLayers)
        {
            _inside = new Moments[ofLayers.Length];
            Floats = ofLayers
                .Where(moments => moments.Parameter.Layer >= arena.Kept.Lowest)
                .GroupBy(moments => moments.Parameter.Layer, (_, layer) => layer.Sum(moments => 2 * moments.Stride))
                .OrderDescending().Take(arena.Kept.Trained).Sum();
            _memory = arena.Floats(Floats, MemoryKind.OptimizerState);
        }

        public long Floats { get; }

        /// <summary>Lets those go that are not active, and takes in those that are and have no memory.</summary>
        public void Settle(Device device, Moments[] ofLayers)
        {
            float* end = _memory;
            int stay = 0;
            foreach (Moments moments in _inside.AsSpan(0, _count))
            {
                if (!moments.IsActive)
                {
                    moments.Lie(null);
                    moments.Steps = 0;
                    continue;
                }
                moments.MoveTo(device, end);
                end += 2 * moments.Stride;
                _inside[stay++] = moments;
            }
            foreach (Moments moments in ofLayers)
            {
                if (!moments.IsActive || moments.First is not null)
                    continue;
                if (end + 2 * moments.Stride > _memory + Floats)
                    throw new InvalidOperationException("A step trains more layers, or lower ones, than there is room for moments of.");
                moments.Lie(end);
                moments.Clear(device);
                end += 2 * moments.Stride;
                _inside[stay++] = moments;
            }
            _count = stay;
        }
    }
}
