using System.Text;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// The values that parameters begin with. Random ones depend on the seed, the parameter's key and the element alone, so
/// neither the order of declaration nor what else is trained changes them.
/// </summary>
internal static unsafe class InitialValues
{
    /// <summary>Fills a parameter that has its memory.</summary>
    public static void Fill(Parameter parameter, ulong seed)
    {
        if (parameter.Start is { } start)
        {
            start(new Span<float>(parameter.Value, checked((int)parameter.Count)));
            return;
        }
        if (parameter.Draw is { } draw)
        {
            draw(new Span<float>(parameter.Value, checked((int)parameter.Count)), RandomKey.For(seed, RandomUse.InitialValues));
            return;
        }
        switch (parameter.Initial)
        {
            case Initial.Zeros:
                Constant(parameter, 0);
                break;
            case Initial.Ones:
                Constant(parameter, 1);
                break;
            case Initial.Normal:
                Normal(parameter, RandomKey.For(seed, RandomUse.InitialValues), parameter.Deviation);
                break;
            case Initial.KaimingUniform:
                Uniformly(parameter, RandomKey.For(seed, RandomUse.InitialValues), parameter.Bound ?? 1 / Math.Sqrt(parameter.Shape[^1]));
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(parameter), parameter.Initial, "No such beginning.");
        }
    }

    private static void Constant(Parameter parameter, float value) =>
        new Span<float>(parameter.Value, checked((int)parameter.Count)).Fill(value);

    private static void Uniformly(Parameter parameter, ulong key, double bound)
    {
        ulong stream = Hash(parameter.Key);
        Span<uint> block = stackalloc uint[4];
        for (long at = 0; at < parameter.Count; at++)
        {
            if (at % 4 == 0)
                Philox.Block(key, stream, (ulong)at / 4, block);
            parameter.Value[at] = (float)((2 * Fraction(block[(int)(at % 4)]) - 1) * bound);
        }
    }

    // Box and Muller: two uniform numbers make two normal ones.
    private static void Normal(Parameter parameter, ulong key, double deviation)
    {
        ulong stream = Hash(parameter.Key);
        Span<uint> block = stackalloc uint[4];
        for (long at = 0; at < parameter.Count; at += 2)
        {
            if (at % 4 == 0)
                Philox.Block(key, stream, (ulong)at / 4, block);
            int pair = (int)(at % 4);
            double radius = deviation * Math.Sqrt(-2 * Math.Log(Fraction(block[pair])));
            (double sine, double cosine) = Math.SinCos(2 * Math.PI * Fraction(block[pair + 1]));
            parameter.Value[at] = (float)(radius * cosine);
            if (at + 1 < parameter.Count)
                parameter.Value[at + 1] = (float)(radius * sine);
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
