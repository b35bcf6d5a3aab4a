using System.Globalization;

namespace Ist.SideBySide.Sides;

/// <summary>What a side is to do; handed to its process as words.</summary>
/// <param name="Side">One of the names that the program's usage lists.</param>
/// <param name="Shape">The model.</param>
/// <param name="Folder">Where the fixture lies.</param>
/// <param name="Rows">Sequences of a step.</param>
/// <param name="Length">Tokens of a sequence.</param>
/// <param name="Threads">Threads that compute.</param>
/// <param name="Steps">Steps that will be done at most.</param>
/// <param name="Profiles">Whether the side tells where its time went.</param>
internal sealed record SideOptions(string Side, LlamaShape Shape, string Folder, int Rows, int Length, int Threads, int Steps, bool Profiles)
{
    public const double LearningRate = 1e-3;

    public string[] ToWords() =>
    [
        "--side", Side, Shape.Name, Folder, Rows.ToString(CultureInfo.InvariantCulture), Length.ToString(CultureInfo.InvariantCulture),
        Threads.ToString(CultureInfo.InvariantCulture), Steps.ToString(CultureInfo.InvariantCulture), Profiles.ToString(),
    ];

    public static SideOptions Of(string[] words) => new(
        words[0], LlamaShape.All.Single(shape => shape.Name == words[1]), words[2], Number(words[3]), Number(words[4]), Number(words[5]), Number(words[6]),
        bool.Parse(words[7]));

    private static int Number(string word) => int.Parse(word, CultureInfo.InvariantCulture);
}
