using System.Text;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// The values that parameters begin with. Random ones depend on the seed, the parameter's key and the element alone, so
/// neither the order of declaration nor what else is trained changes them.
/// </summary>
internal static class InitialValues
{
    /// <summary>Writes the values of a parameter.</summary>
    public static void Fill(Span<float> values, Parameter parameter, ulong seed)
    {
        if (parameter.Start is { } start)
        {
            start(values);
            return;
        }
        if (parameter.Draw is { } draw)
        {
            draw(values, RandomKey.For(seed, RandomUse.InitialValues));
            return;
        }
        switch (parameter.Initial)
        {
            case Initial.Zeros:
                values.Clear();
                break;
            case Initial.Ones:
                values.Fill(1);
                break;
            case Initial.Normal:
                Normal(values, parameter.Key, RandomKey.For(seed, RandomUse.InitialValues), parameter.Deviation);
                break;
            case Initial.KaimingUniform:
                Uniformly(values, parameter.Key, RandomKey.For(seed, RandomUse.InitialValues), parameter.Bound ?? 1 / Math.Sqrt(parameter.Shape[^1]));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(parameter), parameter.Initial, "No such beginning.");
        }
    }

    private static void Uniformly(Span<float> values, string name, ulong key, double bound)
    {
        ulong stream = Hash(name);
        Span<uint> block = stackalloc uint[4];
        for (int at = 0; at < values.Length; at++)
        {
            if (at % 4 == 0)
                Philox.Block(key, stream, (ulong)at / 4, block);
            values[at] = (float)((2 * Fraction(block[at % 4]) - 1) * bound);
        }
    }

    // Box and Muller: two uniform numbers make two normal ones.
    private static void Normal(Span<float> values, string name, ulong key, double deviation)
    {
        ulong stream = Hash(name);
        Span<uint> block = stackalloc uint[4];
        for (int at = 0; at < values.Length; at += 2)
        {
            if (at % 4 == 0)
                Philox.Block(key, stream, (ulong)at / 4, block);
            int pair = at % 4;
            double radius = deviation * Math.Sqrt(-2 * Math.Log(Fraction(block[pair])));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * Fraction(block[pair + 1]));
            values[at] = (float)(radius * cosine);
            if (at + 1 < values.Length)
                values[at + 1] = (float)(radius * sine);
        }
    }

    /// <summary>In (0, 1), never on either end.</summary>
    private static double Fraction(uint word) => (word + 0.5) / 4294967296.0;

    /// <summary>FNV-1a, 64 bits: a key's place among the streams.</summary>
    private static ulong Hash(string key)
    {
        ulong hash = 0xCBF29CE484222325;
        foreach (byte b in Encoding.UTF8.GetBytes(key))
            hash = unchecked((hash ^ b) * 0x100000001B3);
        return hash;
    }
}
