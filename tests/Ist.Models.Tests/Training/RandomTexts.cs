using Ist.Runtime.Data;

namespace Ist.Models.Tests.Training;

/// <summary>Rows of made-up ids with a pattern to learn: each id is mostly followed by the one five further on.</summary>
internal static class RandomTexts
{
    public const int MaxLength = 14, Vocabulary = 307;

    public static DataSet Rows(int count, int seed, int longest = MaxLength)
    {
        var random = new Random(seed);
        return new DataSet([.. Enumerable.Range(0, count).Select(_ => Row(random, longest))]);
    }

    private static Example Row(Random random, int longest)
    {
        int[] ids = new int[random.Next(3, longest + 1)];
        ids[0] = random.Next(Vocabulary);
        for (int t = 1; t < ids.Length; t++)
            ids[t] = random.Next(5) == 0 ? random.Next(Vocabulary) : (ids[t - 1] + 5) % 40;
        // The first third is a prompt and not trained.
        return new Example(ids, [.. ids.Select((id, t) => t < ids.Length / 3 ? Batch.Ignored : id)]);
    }
}
