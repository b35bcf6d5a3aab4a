using System.Numerics;

namespace Ist.Ptx.Instructions;

/// <summary>old &gt;= b ? 0 : old + 1.</summary>
internal readonly struct IncrementWrapped : IBinary<uint>
{
    public static uint Of(uint a, uint b) => a >= b ? 0 : a + 1;
}

/// <summary>old == 0 or old &gt; b ? b : old - 1.</summary>
internal readonly struct DecrementWrapped : IBinary<uint>
{
    public static uint Of(uint a, uint b) => a == 0 || a > b ? b : a - 1;
}
