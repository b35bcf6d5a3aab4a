using Ist.Cli.Loading;
using Ist.Runtime;
using Ist.Runtime.Devices;
using Ist.Runtime.Evaluation;
using Ist.Runtime.Peft;

namespace Ist.Cli.Finetuning;

/// <summary>The tasks that the results of runs answer; their figures stand in <c>task-NAME.json</c> of each run's folder.</summary>
internal sealed class RunTasks
{
    private readonly IReadOnlyList<RunTask> _tasks;

    private readonly Terminal _terminal;

    /// <summary>Reads the tasks and their rows.</summary>
    /// <exception cref="InputException">There is no such task, a file is wrong, or two have one name.</exception>
    public RunTasks(IReadOnlyList<TaskChoice> choices, Terminal terminal)
    {
        _terminal = terminal;
        _tasks = [.. choices.Select(RunTask.Load)];
        if (Names.GroupBy(name => name, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new InputException($"--task names {twice.Key} twice; give each task a file of another name");
    }

    /// <summary>Their names.</summary>
    public IEnumerable<string> Names => _tasks.Select(task => task.Definition.Name);

    /// <summary>Whether one is answered by a generated text.</summary>
    public bool Generate => _tasks.Any(task => task.Definition.Kind == TaskKind.Generation);

    /// <summary>Refuses tasks that a model can't answer.</summary>
    /// <exception cref="InputException">One lacks what its kind or the model needs.</exception>
    public void Check(bool byClassifier)
    {
        foreach (RunTask task in _tasks)
            task.Definition.Check(byClassifier);
    }

    /// <summary>Lets the result of a run that was done before answer those that its folder has no answer to.</summary>
    /// <exception cref="InputException">A task does not fit the model, or the run's device can't be had.</exception>
    /// <exception cref="RunException">There is not enough memory, or a file can't be written.</exception>
    public void Answer(FinetuneOptions run)
    {
        if (_tasks.All(task => task.IsAnswered(run.Output)))
            return;
        using Device device = run.Device.Open(run.Threads, given => given.Require(run.Precision), out _);
        Answer(run, device);
    }

    /// <summary>Lets the result of a run that is done answer those that its folder has no answer to.</summary>
    /// <exception cref="InputException">A task does not fit the model.</exception>
    /// <exception cref="RunException">There is not enough memory, or a file can't be written.</exception>
    public void Answer(FinetuneOptions run, Device device)
    {
        RunTask[] open = [.. _tasks.Where(task => !task.IsAnswered(run.Output))];
        if (open.Length == 0)
            return;
        (string folder, string? adapter) = run.Method == Method.Full ? (run.Output, null) : (run.Model, run.Output);
        using AdaptedModel model = AdaptedModel.Load(folder, adapter, new NoPeftOptions(), _terminal);
        foreach (RunTask task in open)
        {
            TaskResult result = model.Answer(device, model.Loaded.MaxTokens, task.Definition, task.Rows, run.MicroBatchSize, run.Precision);
            if (result.Truncated > 0)
                _terminal.Warn($"{result.Truncated} of {result.Predictions.Count} rows of the task {task.Definition.Name} do not fit into {model.Loaded.MaxTokens} tokens and were cut");
            task.Write(run.Output, result);
            new FinetuneReport(_terminal.Output).Answered(task.Definition.Name, result);
        }
    }
}
