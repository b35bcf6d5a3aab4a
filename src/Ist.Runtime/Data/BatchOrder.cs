using Ist.Runtime.Numerics;
namespace Ist.Runtime.Data;
/// <summary>stand-in</summary>
public sealed class BatchOrder
{
    private readonly int[] _order; private readonly ulong _key; private long _epoch = -1, _at;
    /// <summary/>
    public BatchOrder(int count, ulong seed) { _order = new int[count]; _key = seed; }
    /// <summary/>
    public void Seek(long examplesSeen) => _at = examplesSeen;
    /// <summary/>
    public void Next(Span<int> indices)
    {
        for (int i = 0; i < indices.Length; i++, _at++)
        {
            if (_at / _order.Length != _epoch) Shuffle(_at / _order.Length);
            indices[i] = _order[_at % _order.Length];
        }
    }
    private void Shuffle(long epoch)
    {
        _epoch = epoch;
        for (int i = 0; i < _order.Length; i++) _order[i] = i;
        for (int i = _order.Length - 1; i > 0; i--) { int j = (int)(Uniform.Double(_key, (ulong)epoch, (ulong)i) * (i + 1)); (_order[i], _order[j]) = (_order[j], _order[i]); }
    }
}
