using System.CommandLine;
using Ist.Cli.Loading;
using Ist.Cli.Merging;
using Ist.Cli.Settings;
using Ist.Runtime;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Cli.Commands;

/// <summary><c>ist merge</c>: a model folder with an adapter folded into its weights.</summary>
internal static class MergeCommand
{
    private const string Examples = """
        ist merge --model llama/ --adapter run/ --output merged/
        ist merge --model llama/ --adapter run/ --output merged/ --dtype bfloat16
        The folder is one that transformers and every command here load without the adapter: config.json, the tokenizer's files and
        model.safetensors. Adapters that are not linear, such as bottlenecks and prefixes, can't be folded into weights.
        """;

    private static readonly Setting<string> _output = new("output", "DIR", SettingKind.Text("a folder"), "The folder to write");
    private static readonly Setting<DType> _dtype = new("dtype", "NAME",
        SettingKind.Choice(("float32", DType.F32), ("float16", DType.F16), ("bfloat16", DType.BF16)),
        "The precision to write: float32, float16 or bfloat16 (default as the model's tensors have)");

    private static readonly IReadOnlyList<Setting> _settings = [SharedSettings.Model, SharedSettings.Adapter, _output, _dtype];

    /// <summary>Makes the command.</summary>
    public static Command Create(Terminal terminal) => CommandAction.Create(
        "merge", "Folds an adapter into a model's weights.", _settings, Examples,
        parsed => Run(new SettingReader(_settings, parsed), terminal), terminal);

    private static int Run(SettingReader reader, Terminal terminal)
    {
        (string folder, string adapter, string output) = (reader.Require(SharedSettings.Model), reader.Require(SharedSettings.Adapter), reader.Require(_output));
        DType? dtype = reader.Find(_dtype) is null ? null : reader.Get(_dtype, DType.F32);
        MergedFolder.RefuseOther(output);
        using AdaptedModel model = AdaptedModel.Load(folder, adapter, new NoPeftOptions(), terminal);
        SlotEntry? fixedSlot = model.Loaded.Model.Contents.Slots.FirstOrDefault(slot => slot is { Description: not null, Merge: null });
        if (fixedSlot is not null)
        {
            throw new InputException($"{adapter}: {fixedSlot.Module} has {fixedSlot.Description}, which can't be folded into weights; "
                + "use the adapter beside its model, with --adapter");
        }
        long written = MergedFolder.Write(model, output, dtype);
        terminal.Output.WriteLine($"written {output}: {written:N0} parameters, no adapter is needed any more");
        return ExitCode.Done;
    }
}
