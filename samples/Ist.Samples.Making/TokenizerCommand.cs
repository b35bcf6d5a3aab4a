using System.CommandLine;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Data;
using Ist.Samples.Making.Tokenizers;

namespace Ist.Samples.Making;

/// <summary><c>tokenizer</c>: learns a byte-level BPE vocabulary.</summary>
internal static class TokenizerCommand
{
    public static Command Create()
    {
        var size = new Option<int>("--vocab-size") { Description = "Tokens in all: the special one, 256 bytes, and merges.", DefaultValueFactory = _ => 2000 };
        var output = new Option<string>("--output") { Description = "The folder for tokenizer.json and tokenizer_config.json.", Required = true };
        var files = new Argument<string[]>("files") { Description = "Texts to learn from: .txt, or rows in .jsonl or .json.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("tokenizer", "Learns a byte-level BPE vocabulary and writes it as Hugging Face's tokenizers do.") { size, output, files };
        command.SetAction(result =>
        {
            if (result.GetValue(size) is < BytePairVocabulary.Smallest or > 1_000_000)
                throw new InputException($"--vocab-size {result.GetValue(size)}: a number from {BytePairVocabulary.Smallest} (one special token and 256 bytes) to 1000000 was expected");
            string folder = result.GetValue(output)!;
            OutputFolder.Prepare(folder);
            var counter = new PieceCounter();
            foreach (DataRow row in result.GetValue(files)!.SelectMany(file => DataFile.Load(file).Rows))
            {
                counter.Add(row.Prompt);
                counter.Add(row.Completion);
            }
            BytePairVocabulary vocabulary = BytePairTrainer.Train(counter.Pieces, result.GetValue(size));
            TokenizerFiles.Write(folder, vocabulary);
            Console.WriteLine($"{vocabulary.Tokens.Count} tokens from {counter.Pieces.Count} different pieces, in {folder}");
        });
        return command;
    }
}
