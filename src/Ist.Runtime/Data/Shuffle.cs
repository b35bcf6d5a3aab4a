using Ist.Runtime.Numerics;

namespace Ist.Runtime.Data;

/// <summary>Random permutations that depend on their key and stream alone.</summary>
internal static class Shuffle
{
    /// <summary>Shuffles in place (Fisher and Yates): every order is equally likely.</summary>
    public static void Of(Span<int> items, ulong key, ulong stream)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)(Uniform.Double(key, stream, (ulong)i) * (i + 1));
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
