namespace Ist.Cli.Finetuning;

/// <summary>A task that a run's result answers.</summary>
/// <param name="Task">The name of a built-in one, or its file.</param>
/// <param name="Data">The file of its rows.</param>
internal readonly record struct TaskChoice(string Task, string Data);
