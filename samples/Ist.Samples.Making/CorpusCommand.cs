using System.CommandLine;
using System.Globalization;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Samples.Making.Corpora;
using Ist.Samples.Making.Tokenizers;

namespace Ist.Samples.Making;

/// <summary><c>corpus</c>: puts the texts for pre-training into one file.</summary>
internal static class CorpusCommand
{
    public static Command Create()
    {
        Option<string[]> text = Files("--text", "Texts to take as they are.");
        Option<string[]> wikitext = Files("--wikitext", "WikiText: headings and lines with <unk> are dropped, spaces around punctuation undone.");
        Option<string[]> e2e = Files("--e2e", "Lines 'meaning||text' of the E2E challenge: only the texts.");
        Option<string[]> records = Files("--e2e-records", "The same, as 'meaning => text'.");
        var output = new Option<string>("--output") { Description = "The file to write.", Required = true };
        var command = new Command("corpus", $"Joins texts, with {BytePairVocabulary.EndOfText} after each file, for pre-training and for the tokenizer.") { text, wikitext, e2e, records, output };
        command.SetAction(result =>
        {
            string[] parts =
            [
                .. Read(result.GetValue(text), t => t),
                .. Read(result.GetValue(wikitext), WikiText.Plain),
                .. Read(result.GetValue(e2e), t => EndToEnd.Plain(t, withMeaning: false)),
                .. Read(result.GetValue(records), t => EndToEnd.Plain(t, withMeaning: true)),
            ];
            if (parts.Length == 0)
                throw new InputException("corpus: no text was given; name some with --text, --wikitext, --e2e or --e2e-records");
            string whole = string.Concat(parts.Select(p => p.Trim() + "\n" + BytePairVocabulary.EndOfText));
            AtomicFile.WriteAllText(result.GetValue(output)!, whole);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{whole.Length / 1e6:F1} million characters of {parts.Length} texts, in {result.GetValue(output)}"));
        });
        return command;
    }

    private static Option<string[]> Files(string name, string description) =>
        new(name) { Description = description, AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => [] };

    private static IEnumerable<string> Read(string[]? paths, Func<string, string> clean) => paths!.Select(p => clean(TextFile.Read(p)));
}
