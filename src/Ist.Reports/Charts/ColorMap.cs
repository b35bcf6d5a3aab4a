using System.Globalization;

namespace Ist.Reports.Charts;

/// <summary>
/// Cividis: dark blue for little, yellow for much. Its lightness rises evenly, also for eyes that tell few colours apart (J. R. Nuñez,
/// C. R. Anderton, R. S. Renslow: Optimizing colormaps with consideration for color vision deficiency, PLoS ONE 13(7), 2018).
/// </summary>
internal static class ColorMap
{
    // Every eighth part of the map; between them it is nearly straight.
    private static readonly (int Red, int Green, int Blue)[] _points =
        [(0, 34, 78), (18, 53, 112), (59, 73, 108), (87, 93, 109), (112, 113, 115), (138, 134, 120), (165, 156, 116), (195, 179, 105), (254, 232, 56)];

    /// <summary>The colour of a share from 0 to 1.</summary>
    public static (byte Red, byte Green, byte Blue) At(double share)
    {
        double place = Math.Clamp(share, 0, 1) * (_points.Length - 1);
        int below = Math.Min((int)place, _points.Length - 2);
        double rest = place - below;
        byte Mix(int one, int other) => (byte)Math.Round(one + (other - one) * rest);
        return (Mix(_points[below].Red, _points[below + 1].Red), Mix(_points[below].Green, _points[below + 1].Green), Mix(_points[below].Blue, _points[below + 1].Blue));
    }

    /// <summary>The same as pages write it: <c>#00224e</c>.</summary>
    public static string Hex(double share)
    {
        (byte red, byte green, byte blue) = At(share);
        return string.Create(CultureInfo.InvariantCulture, $"#{red:x2}{green:x2}{blue:x2}");
    }
}
