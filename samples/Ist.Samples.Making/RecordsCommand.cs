using System.CommandLine;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Samples.Making.Records;

namespace Ist.Samples.Making;

/// <summary><c>records</c>: rows from a record of a boat to a sentence about it.</summary>
internal static class RecordsCommand
{
    public static Command Create()
    {
        var seed = new Option<ulong>("--seed") { Description = "The random seed; the rows depend on it alone.", DefaultValueFactory = _ => 7 };
        var rows = new Option<int>("--rows") { Description = "Rows of train.jsonl.", DefaultValueFactory = _ => 3000 };
        var evalRows = new Option<int>("--eval-rows") { Description = "Rows of eval.jsonl.", DefaultValueFactory = _ => 200 };
        var output = new Option<string>("--output") { Description = "The folder for train.jsonl and eval.jsonl.", Required = true };
        var command = new Command("records", "Writes rows {\"prompt\": a record of a boat, \"completion\": a sentence about it}.") { seed, rows, evalRows, output };
        command.SetAction(result =>
        {
            foreach (Option<int> count in (Option<int>[])[rows, evalRows])
            {
                if (result.GetValue(count) is < 1 or > 100_000)
                    throw new InputException($"{count.Name} {result.GetValue(count)}: a number from 1 to 100000 was expected");
            }
            string folder = result.GetValue(output)!;
            OutputFolder.Prepare(folder);
            (IReadOnlyList<RecordRow> train, IReadOnlyList<RecordRow> held) = RecordSet.Generate(result.GetValue(seed), result.GetValue(rows), result.GetValue(evalRows));
            RecordFile.Write(Path.Combine(folder, "train.jsonl"), train);
            RecordFile.Write(Path.Combine(folder, "eval.jsonl"), held);
            Console.WriteLine($"{train.Count} rows to train on and {held.Count} of unseen records, in {folder}");
        });
        return command;
    }
}
