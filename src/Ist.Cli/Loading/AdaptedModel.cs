using Ist.Cli.Progress;
using Ist.Models;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Evaluation;
using Ist.Runtime.Peft;
using Ist.Runtime.Tokenizers;
using Ist.Runtime.Training;

namespace Ist.Cli.Loading;

/// <summary>A model of a Hugging Face folder, with a peft adapter or without one, for commands that don't train it.</summary>
internal sealed class AdaptedModel : IDisposable
{
    private readonly string _model;

    private readonly string? _adapter;

    private readonly Terminal _terminal;

    private AdaptedModel(LoadedModel loaded, string model, string? adapter, Terminal terminal)
    {
        Loaded = loaded;
        _model = model;
        _adapter = adapter;
        _terminal = terminal;
    }

    /// <summary>The model; its parameters have no memory yet.</summary>
    public LoadedModel Loaded { get; }

    /// <summary>Makes the model.</summary>
    /// <param name="model">The Hugging Face folder.</param>
    /// <param name="adapter">The adapter's folder, or null for the model alone.</param>
    /// <param name="bare">The method in the slots where there is no adapter.</param>
    /// <param name="terminal">Is told of fields that are ignored.</param>
    /// <exception cref="InputException">A file is wrong, or the adapter is of another model.</exception>
    public static AdaptedModel Load(string model, string? adapter, PeftOptions bare, Terminal terminal)
    {
        if (adapter is null)
            return new AdaptedModel(LoadedModel.Load(model, _ => bare), model, null, terminal);
        using AdapterFolder folder = AdapterFolder.Open(adapter);
        PeftOptions peft = PeftTypes.Read(folder.Config, out IReadOnlyList<string> warnings);
        foreach (string warning in warnings)
            terminal.Warn(warning);
        return new AdaptedModel(LoadedModel.Load(model, _ => peft), model, adapter, terminal);
    }

    /// <summary>Gives the adapter's parameters, which have their memory, the values of its file.</summary>
    /// <exception cref="InputException">The file is of another model.</exception>
    public void Fill(ParameterSet parameters)
    {
        if (_adapter is null)
            return;
        string path = Path.Combine(_adapter, Loaded.Peft.TensorFile);
        IReadOnlyList<string> missing = parameters.Load(path);
        if (missing.Count > 0)
            _terminal.Warn($"{path} lacks {missing[0]}{(missing.Count == 1 ? "" : $" and {missing.Count - 1} more")}, so the base model's own values are used; peft does not save the biases of bias=lora_only, and beside VeRA none");
    }

    /// <summary>Lets it answer a task.</summary>
    /// <param name="device">Where to compute.</param>
    /// <param name="maxTokens">The most tokens of a text.</param>
    /// <param name="task">The task.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="sequences">Texts that pass through the model at once.</param>
    /// <param name="precision">How factors of the base model's products are rounded, and activations.</param>
    /// <exception cref="InputException">The task lacks what its kind or the model needs, or a row does not fit it.</exception>
    public TaskResult Answer(Device device, int maxTokens, TaskDefinition task, IReadOnlyList<TaskRow> rows, int sequences, Precision precision)
    {
        var evaluated = new EvaluatedModel(Loaded.Model, Loaded.Config.Widths, maxTokens, Tokenizer.Load(_model), Loaded.Config.LabelNames, Fill) { Precision = precision };
        return TaskEvaluation.Evaluate(device, evaluated, task, rows, sequences, new ShareProgress(_terminal, TimeProvider.System));
    }

    /// <inheritdoc/>
    public void Dispose() => Loaded.Dispose();
}
