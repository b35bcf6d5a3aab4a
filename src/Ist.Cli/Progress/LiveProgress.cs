using Ist.Runtime.Training;
using Spectre.Console;

namespace Ist.Cli.Progress;

/// <summary>A bar and a line that are redrawn in place; what is to stay is written above them.</summary>
internal sealed class LiveProgress(Terminal terminal, int steps, int layers) : ProgressDisplay(terminal, steps, layers)
{
    private readonly IAnsiConsole _console = AnsiConsole.Create(new AnsiConsoleSettings
    {
        Out = new AnsiConsoleOutput(terminal.Output),
        Ansi = AnsiSupport.Yes,
        ColorSystem = terminal.HasColors ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.Yes,
    });

    private ProgressTask? _task;

    /// <inheritdoc/>
    public override RunOutcome Show(Func<RunOutcome> run) => _console.Progress()
        .Columns(new ProgressBarColumn(), new TaskDescriptionColumn { Alignment = Justify.Left })
        .Start(context =>
        {
            _task = context.AddTask("...", maxValue: Steps);
            return run();
        });

    /// <inheritdoc/>
    public override void OnStep(in StepResult step, double tokensPerSecond)
    {
        _task!.Description = Markup.Escape(Meter.Describe(step, tokensPerSecond));
        _task.Value = step.Step;
    }

    /// <inheritdoc/>
    protected override void WriteLine(string line) => _console.WriteLine(line);
}
