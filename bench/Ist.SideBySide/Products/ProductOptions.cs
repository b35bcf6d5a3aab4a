using System.Globalization;

namespace Ist.SideBySide.Products;

/// <summary>A product to compute again and again; handed to its process as words.</summary>
/// <param name="Side">Whose product, one of <see cref="ProductSides.All"/>.</param>
/// <param name="Size">Rows and columns of each matrix.</param>
/// <param name="Threads">Threads that compute.</param>
internal sealed record ProductOptions(string Side, int Size, int Threads)
{
    public string[] ToWords() => ["--product-side", Side, Size.ToString(CultureInfo.InvariantCulture), Threads.ToString(CultureInfo.InvariantCulture)];

    public static ProductOptions Of(string[] words) => new(words[0], Number(words[1]), Number(words[2]));

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
