using System.CommandLine;
using Ist.Cli.Finetuning;
using Ist.Cli.Settings;

namespace Ist.Cli.Commands;

/// <summary><c>ist finetune</c>.</summary>
internal static class FinetuneCommand
{
    private const string Examples = """
        ist finetune --model llama/ --data rows.jsonl --eval-fraction 0.05 --output run/
        ist finetune --model llama/ --data rows.jsonl --output run/ --target all-linear --sparse ist --epochs 3
        ist finetune run.yaml --lr 1e-4          keys are the options' names with _ for -, as in 'max_length: 128'
        ist finetune run.yaml --resume           goes on from the newest checkpoint
        """;

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var file = new Argument<string?>("FILE")
        {
            Description = "Settings of the run in YAML or JSON; options of the command line overrule them. Paths in it are relative to the working directory",
            Arity = ArgumentArity.ZeroOrOne,
        };
        Command command = CommandAction.Create(
            "finetune", "Fine-tunes a model and writes the adapter as a peft folder.", FinetuneSettings.All, Examples, parsed =>
            {
                RunFile? settings = parsed.GetValue(file) is { } path ? RunFile.Load(path, FinetuneSettings.All) : null;
                return new FinetuneRun(FinetuneSettings.Read(new SettingReader(FinetuneSettings.All, parsed, settings)), terminal).Run();
            }, terminal);
        command.Add(file);
        return command;
    }
}
