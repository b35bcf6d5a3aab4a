using Ist.Runtime;

namespace Ist.GpuBench;

/// <summary>A LLaMA with random weights, and the batch that it is trained on.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Hidden">Width of the stream.</param>
/// <param name="Layers">Layers.</param>
/// <param name="Heads">Query heads.</param>
/// <param name="KeyValueHeads">Key heads.</param>
/// <param name="Intermediate">Width of the feed-forward layers.</param>
/// <param name="Vocabulary">Tokens.</param>
/// <param name="Rows">Rows of a step; fewer at once where the card has no room.</param>
/// <param name="Length">Tokens of a row.</param>
/// <param name="WarmSteps">Steps that are not measured.</param>
/// <param name="Steps">Steps that are: a multiple of the ten after which IST probes, so that a tenth of them do.</param>
internal sealed record BenchShape(
    string Name, int Hidden, int Layers, int Heads, int KeyValueHeads, int Intermediate, int Vocabulary, int Rows, int Length, int WarmSteps, int Steps)
{
    /// <summary>LoRA's rank and alpha, on all linear layers.</summary>
    public const int Rank = 16, Alpha = 32;

    /// <summary>A shape that a device for tests computes in seconds.</summary>
    public static BenchShape Tiny { get; } = new("tiny", 32, 4, 2, 1, 48, 64, 2, 8, 1, 1);

    /// <summary>Llama 3.2 1B, and Llama 2 7B.</summary>
    public static IReadOnlyList<BenchShape> Large { get; } =
    [
        new("1b", 2048, 16, 32, 8, 8192, 128256, 8, 512, 2, 10),
        new("7b", 4096, 32, 32, 32, 11008, 32000, 8, 512, 2, 10),
    ];

    /// <summary>The width of a head.</summary>
    public int HeadSize => Hidden / Heads;

    /// <summary>The shapes of a command line: <c>--tiny</c>, names, or nothing for all large ones.</summary>
    /// <exception cref="InputException">A name is unknown.</exception>
    public static IReadOnlyList<BenchShape> Of(IReadOnlyList<string> names) => names switch
    {
        [] => Large,
        ["--tiny"] => [Tiny],
        _ => [.. names.Select(name => Large.FirstOrDefault(shape => shape.Name == name)
            ?? throw new InputException($"'{name}' is no shape; give --tiny, or some of {string.Join(", ", Large.Select(shape => shape.Name))}."))],
    };
}
