using System.Diagnostics;
using Ist.Runtime.Data;

namespace Ist.Runtime.Training;

/// <summary>
/// A whole training run: steps, evaluations, metrics and checkpoints in one folder. Rows of <c>metrics.jsonl</c> are written
/// as they come; a run that is killed at any time resumes from its newest checkpoint with the same bits.
/// </summary>
public sealed class TrainingRun
{
    private readonly Trainer _trainer;
    private readonly DataSet? _heldOut;
    private readonly TrainingRunOptions _options;
    private readonly ITrainingObserver? _observer;
    private readonly TrainerLog _log = new();
    private int _saved;

    /// <summary>Puts a run together; nothing is written yet.</summary>
    /// <param name="trainer">Does the steps.</param>
    /// <param name="heldOut">What to evaluate on, or null not to.</param>
    /// <param name="options">Where to write and how often.</param>
    /// <param name="observer">Is told how it goes on.</param>
    /// <exception cref="InputException">A held-out example is too long.</exception>
    public TrainingRun(Trainer trainer, DataSet? heldOut, TrainingRunOptions options, ITrainingObserver? observer = null)
    {
        if (heldOut is not null)
            Evaluator.RequireFits(heldOut, trainer.Options.MaxLength);
        _trainer = trainer;
        _heldOut = heldOut;
        _options = options;
        _observer = observer;
    }

    /// <summary>The first evaluation, before any step; null when there was none.</summary>
    public EvaluationResult? First { get; private set; }

    /// <summary>The newest evaluation; null when there was none.</summary>
    public EvaluationResult? Last { get; private set; }

    /// <summary>
    /// Goes on from the newest complete checkpoint in the output folder. A damaged one is skipped with a warning; where there
    /// is none at all the run begins at its beginning, also with a warning.
    /// </summary>
    /// <returns>Optimizer steps done.</returns>
    /// <exception cref="InputException">The checkpoint is of a run with other options, or every one is damaged.</exception>
    public int Resume()
    {
        IReadOnlyList<string> folders = TrainingCheckpoint.Find(_options.Output);
        foreach (string folder in folders)
        {
            TrainingCheckpoint checkpoint;
            try
            {
                checkpoint = TrainingCheckpoint.Open(folder, _trainer.Parameters.FileName);
            }
            catch (InputException e)
            {
                _observer?.OnWarning($"{folder} is skipped, it is damaged: {e.Message}");
                continue;
            }
            using (checkpoint)
                checkpoint.Restore(_trainer, _log, _options);
            _saved = _trainer.StepsDone;
            First = Evaluation(_log.Rows.FirstOrDefault(row => row.ContainsKey("eval_loss") && row["step"] is 0));
            Last = Evaluation(_log.Rows.LastOrDefault(row => row.ContainsKey("eval_loss")));
            return _trainer.StepsDone;
        }
        if (folders.Count > 0)
            throw new InputException($"{_options.Output}: every checkpoint is damaged; delete them and begin anew without --resume");
        _observer?.OnWarning($"{_options.Output} has no checkpoint to resume from; the run begins at its beginning");
        return 0;
    }

    /// <summary>Does the steps that are left.</summary>
    /// <param name="cancellation">Stops the run after the step at work; a checkpoint is then written.</param>
    /// <exception cref="RunException">The run diverged, or its files can't be written.</exception>
    public RunOutcome Run(CancellationToken cancellation = default)
    {
        using MetricsFile metrics = MetricsFile.Open(_options.Output, _trainer.StepsDone);
        _observer?.OnBegin(_trainer.StepsDone);
        if (_trainer.StepsDone == 0)
            First = Evaluate(metrics);
        while (_trainer.StepsDone < _trainer.Options.Steps)
        {
            if (cancellation.IsCancellationRequested)
            {
                Save();
                return RunOutcome.Stopped;
            }
            Step(metrics);
            bool last = _trainer.StepsDone == _trainer.Options.Steps;
            if (last || IsDue(_options.EvalEvery))
                Evaluate(metrics);
            if (IsDue(_options.SaveEvery) || (last && _options.SaveEvery > 0))
                Save();
        }
        return RunOutcome.Completed;
    }

    private bool IsDue(int every) => every > 0 && _trainer.StepsDone % every == 0;

    private void Step(MetricsFile metrics)
    {
        long begin = Stopwatch.GetTimestamp();
        StepResult step = _trainer.Step();
        TimeSpan time = Stopwatch.GetElapsedTime(begin);
        if (_trainer.Policy.ProbeBefore(step.Step - 1) is { } probe)
            _observer?.OnProbe(probe);
        metrics.Add(step, time, _trainer.Selected, _trainer.Policy);
        _log.Add(step, _trainer.Epoch);
        _observer?.OnStep(step, step.Tokens / time.TotalSeconds);
    }

    private EvaluationResult? Evaluate(MetricsFile metrics)
    {
        if (_heldOut is null)
            return null;
        long begin = Stopwatch.GetTimestamp();
        EvaluationResult result = _trainer.Evaluator.Evaluate(_heldOut);
        if (!double.IsFinite(result.Loss))
            throw new RunException($"The held-out loss after {_trainer.StepsDone} steps is {result.Loss}; lower the learning rate or check the model.");
        int examples = _heldOut.Examples.Count, sequences = _trainer.Options.Sequences;
        metrics.Add(_trainer.StepsDone, result);
        _log.Add(_trainer.StepsDone, _trainer.Epoch, result, Stopwatch.GetElapsedTime(begin).TotalSeconds, examples, (examples + sequences - 1) / sequences);
        _observer?.OnEvaluation(_trainer.StepsDone, result);
        return Last = result;
    }

    private void Save()
    {
        if (_saved == _trainer.StepsDone)
            return;
        string folder = TrainingCheckpoint.Save(_trainer, _log, _options);
        _saved = _trainer.StepsDone;
        _observer?.OnCheckpoint(folder);
    }

    private EvaluationResult? Evaluation(IReadOnlyDictionary<string, object?>? row) =>
        row?["eval_loss"] is double loss && _heldOut is not null
            ? new EvaluationResult(loss, _trainer.Evaluator.TrainedTokensOf(_heldOut), row.GetValueOrDefault("eval_accuracy") as double?)
            : null;
}
