using Ist.SideBySide.Sides;

namespace Ist.SideBySide.Products;

/// <summary>The programs that multiply, and the environment in which each must begin.</summary>
internal static class ProductSides
{
    public static readonly string[] All = ["openblas-skylakex", "openblas-haswell", "torch", "ist", "ist-avx2"];

    public static ISide Of(ProductOptions options) => options.Side switch
    {
        "torch" => new TorchProduct(options),
        "ist" or "ist-avx2" => new IstProduct(options),
        _ => new OpenBlasProduct(options),
    };

    // OpenBLAS and .NET choose their instructions as they start.
    public static IReadOnlyDictionary<string, string> EnvironmentOf(ProductOptions options) => options.Side switch
    {
        "openblas-skylakex" => OpenBlas("SkylakeX", options.Threads),
        "openblas-haswell" => OpenBlas("Haswell", options.Threads),
        "ist-avx2" => new Dictionary<string, string> { ["DOTNET_EnableAVX512"] = "0" },
        _ => new Dictionary<string, string>(),
    };

    private static Dictionary<string, string> OpenBlas(string kernels, int threads) => new()
    {
        ["OPENBLAS_CORETYPE"] = kernels,
        ["OPENBLAS_NUM_THREADS"] = threads.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };
}
