using Ist.Runtime.Data;
using Ist.Runtime.Tests.Checkpoints;
using Ist.Samples.Making.Records;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Making;

public sealed class RecordSetTests
{
    [Fact]
    public void The_rows_depend_on_the_seed_alone()
    {
        (IReadOnlyList<RecordRow> train, IReadOnlyList<RecordRow> held) = RecordSet.Generate(seed: 7, 100, 10);

        Assert.Equal(train, RecordSet.Generate(seed: 7, 100, 10).Train);
        Assert.Equal(held, RecordSet.Generate(seed: 7, 100, 10).Held);
        Assert.NotEqual(train, RecordSet.Generate(seed: 8, 100, 10).Train);
    }

    [Fact]
    public void Fewer_rows_are_the_first_of_more() =>
        Assert.Equal(RecordSet.Generate(seed: 7, 20, 5).Train, RecordSet.Generate(seed: 7, 200, 5).Train.Take(20));

    [Fact]
    public void Records_to_judge_by_have_a_boat_and_a_harbour_that_never_meet_in_training()
    {
        (IReadOnlyList<RecordRow> train, IReadOnlyList<RecordRow> held) = RecordSet.Generate(seed: 7, 3000, 200);

        Assert.Equal((3000, 200), (train.Count, held.Count));
        Assert.Empty(train.Select(r => (r.Boat.Name, r.Boat.Harbour)).Intersect(held.Select(r => (r.Boat.Name, r.Boat.Harbour))));
        Assert.Empty(train.Select(r => r.Prompt).Intersect(held.Select(r => r.Prompt)));
        Assert.Equal(3200, train.Concat(held).Select(r => r.Prompt).Distinct().Count());
        // But every name and every harbour to judge by is known from other rows.
        Assert.Subset(train.Select(r => r.Boat.Name).ToHashSet(), held.Select(r => r.Boat.Name).ToHashSet());
        Assert.Subset(train.Select(r => r.Boat.Harbour).ToHashSet(), held.Select(r => r.Boat.Harbour).ToHashSet());
        Assert.Equal(12, held.Select(r => r.Boat.Name).Distinct().Count());
    }

    [Fact]
    public void Every_value_stands_in_the_prompt_and_in_the_sentence_and_no_other_value_does()
    {
        Assert.All(RecordSet.Generate(seed: 7, 1000, 10).Train, row =>
        {
            Boat boat = row.Boat;
            foreach (string value in new[] { boat.Name, boat.Kind, boat.Harbour, boat.Colour, boat.Cargo, boat.Skipper, boat.Leaves }.OfType<string>())
            {
                Assert.Contains($": {value}", row.Prompt, StringComparison.Ordinal);
                Assert.Contains($" {value}", row.Completion, StringComparison.Ordinal);
            }
            if (boat.Cargo is null)
                Assert.DoesNotContain(BoatValues.Cargoes, row.Completion.Contains);
            if (boat.Skipper is null)
                Assert.DoesNotContain(BoatValues.Skippers, row.Completion.Contains);
            Assert.StartsWith(" ", row.Completion, StringComparison.Ordinal);
            Assert.EndsWith(".", row.Completion, StringComparison.Ordinal);
            Assert.DoesNotContain("  ", row.Completion, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void The_shipped_files_are_those_that_the_generator_writes()
    {
        using var folder = new TemporaryFolder();
        (IReadOnlyList<RecordRow> train, IReadOnlyList<RecordRow> held) = RecordSet.Generate(seed: 7, 3000, 200);
        foreach ((string name, IReadOnlyList<RecordRow> rows) in (ReadOnlySpan<(string, IReadOnlyList<RecordRow>)>)[("train.jsonl", train), ("eval.jsonl", held)])
        {
            RecordFile.Write(folder.File(name), rows);
            string shipped = Path.Combine(SharedFolder.Root, "samples", "data", name);

            Assert.Equal(File.ReadAllText(shipped), File.ReadAllText(folder.File(name)));
            Assert.Equal(rows.Select(r => (r.Prompt, r.Completion)), DataFile.Load(shipped).Rows.Select(r => (r.Prompt, r.Completion)));
        }
    }
}
