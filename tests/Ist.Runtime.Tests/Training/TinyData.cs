using Ist.Runtime.Data;

namespace Ist.Runtime.Tests.Training;

/// <summary>Rows that a <see cref="TinyCausalLm"/> can learn: each id is mostly followed by the next one.</summary>
internal static class TinyData
{
    public const int MaxLength = 9;

    public static DataSet Rows(int count, int seed)
    {
        var random = new Random(seed);
        return new DataSet([.. Enumerable.Range(0, count).Select(_ => Row(random))]);
    }

    private static Example Row(Random random)
    {
        int[] ids = new int[random.Next(3, MaxLength + 1)];
        ids[0] = random.Next(TinyCausalLm.Vocabulary);
        for (int t = 1; t < ids.Length; t++)
            ids[t] = random.Next(4) == 0 ? random.Next(TinyCausalLm.Vocabulary) : (ids[t - 1] + 1) % TinyCausalLm.Vocabulary;
        // The first third is a prompt and not trained.
        int prompt = ids.Length / 3;
        return new Example(ids, [.. ids.Select((id, t) => t < prompt ? Batch.Ignored : id)]);
    }
}
