using Ist.Cli.Evaluating;
using Ist.Cli.Loading;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Evaluation;

namespace Ist.Cli.Finetuning;

/// <summary>A task that the results of runs answer, with its rows.</summary>
/// <param name="Definition">The task.</param>
/// <param name="Rows">Its rows.</param>
/// <param name="Hash">Tells whether an answer is one to the same task and the same rows.</param>
internal sealed record RunTask(TaskDefinition Definition, IReadOnlyList<TaskRow> Rows, string Hash)
{
    /// <summary>The file of a run's folder that has the figures.</summary>
    public string FileName => $"task-{Definition.Name}.json";

    /// <summary>Reads a task and its rows.</summary>
    /// <exception cref="InputException">There is no such task, or a file is wrong.</exception>
    public static RunTask Load(TaskChoice choice)
    {
        TaskDefinition definition = TaskFile.Load(choice.Task);
        return new RunTask(definition, TaskRows.Load(choice.Data), Fingerprint.OfTask(choice.Task, choice.Data));
    }

    /// <summary>Whether a run's folder has the answer.</summary>
    /// <exception cref="InputException">Its file is damaged.</exception>
    public bool IsAnswered(string folder) =>
        Path.Combine(folder, FileName) is var path && File.Exists(path) && JsonConfig.Load(path).GetString("task_hash") == Hash;

    /// <summary>Writes the figures, and which of them is the main one, to a run's folder.</summary>
    /// <exception cref="RunException">The file can't be written.</exception>
    public void Write(string folder, TaskResult result) =>
        AtomicFile.WriteAllText(Path.Combine(folder, FileName), PythonJson.Dumps(new Dictionary<string, object?>(TaskReport.Figures(Definition, result))
        {
            ["metric"] = result.Metrics[0].Name,
            ["task_hash"] = Hash,
        }) + "\n");
}
