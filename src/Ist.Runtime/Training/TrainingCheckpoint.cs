using System.Globalization;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Sparse;

namespace Ist.Runtime.Training;

/// <summary>
/// A folder <c>checkpoint-STEP</c>: the parameters in Hugging Face's file, <c>optimizer.safetensors</c>,
/// <c>trainer_state.json</c>, <c>ist_state.json</c> and <c>training_args.json</c>. It is written under another name and then
/// renamed, so a folder of this name is complete. A run that goes on from it has the same bits as one that was never stopped.
/// </summary>
internal sealed class TrainingCheckpoint : IDisposable
{
    private const string Prefix = "checkpoint-";
    private const string Unfinished = ".tmp";

    private readonly string _folder;
    private readonly JsonConfig _trainerState;
    private readonly JsonConfig _arguments;
    private readonly SafeTensorsFile _optimizer;

    private TrainingCheckpoint(string folder)
    {
        _folder = folder;
        _trainerState = JsonConfig.Load(Path.Combine(folder, TrainerState.FileName));
        _arguments = JsonConfig.Load(Path.Combine(folder, TrainingArguments.FileName));
        (Step, TokensRead) = TrainerState.Position(_trainerState);
        JsonConfig.Load(Path.Combine(folder, SelectionState.FileName));
        _optimizer = new SafeTensorsFile(Path.Combine(folder, OptimizerFile.FileName));
    }

    /// <summary>Optimizer steps done.</summary>
    public int Step { get; }

    /// <summary>Tokens read, padding left out.</summary>
    public long TokensRead { get; }

    /// <summary>The checkpoints of a run's folder, newest first.</summary>
    public static IReadOnlyList<string> Find(string output) => !Directory.Exists(output) ? [] :
        [.. Directory.EnumerateDirectories(output, Prefix + "*")
            .Select(folder => (Folder: folder, Step: StepOf(folder)))
            .Where(found => found.Step >= 0)
            .OrderByDescending(found => found.Step)
            .Select(found => found.Folder)];

    /// <summary>Opens a checkpoint and checks that its files are whole.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="parameters">The file that its parameters must be in.</param>
    /// <exception cref="InputException">A file is missing or damaged.</exception>
    public static TrainingCheckpoint Open(string folder, string parameters)
    {
        using (new SafeTensorsFile(Path.Combine(folder, parameters)))
            return new TrainingCheckpoint(folder);
    }

    /// <summary>Writes a checkpoint and deletes those beyond the limit.</summary>
    /// <returns>Its folder.</returns>
    /// <exception cref="RunException">It can't be written; older checkpoints are unchanged.</exception>
    public static string Save(Trainer trainer, TrainerLog log, TrainingRunOptions options)
    {
        string folder = Path.Combine(options.Output, Prefix + trainer.StepsDone.ToString(CultureInfo.InvariantCulture));
        string unfinished = folder + Unfinished;
        try
        {
            foreach (string leftover in Directory.EnumerateDirectories(options.Output, Prefix + "*" + Unfinished))
                Clear(leftover);
            Directory.CreateDirectory(unfinished);
            trainer.Parameters.SaveCheckpoint(unfinished);
            OptimizerFile.Save(Path.Combine(unfinished, OptimizerFile.FileName), trainer.Optimizer, trainer.Parameters.All);
            TrainerState.Write(Path.Combine(unfinished, TrainerState.FileName), trainer, log, options);
            TrainingArguments.Write(Path.Combine(unfinished, TrainingArguments.FileName), trainer.Options, trainer.Optimizer.InactiveMoments, options.Identity);
            SelectionState.Write(Path.Combine(unfinished, SelectionState.FileName), trainer.Policy, trainer.StepsDone, trainer.LayerCounts);
            options.DescribeModel?.Invoke(unfinished);
            Clear(folder);
            Directory.Move(unfinished, folder);
            foreach (string old in Find(options.Output).Where(f => StepOf(f) <= trainer.StepsDone).Skip(Math.Max(1, options.SaveTotalLimit)))
                Clear(old);
            return folder;
        }
        catch (Exception e) when (WriteFault.Explains(e))
        {
            throw new RunException($"{folder}: the checkpoint can't be written: {WriteFault.Cause(unfinished, e)}", e);
        }
    }

    /// <summary>Puts a trainer where the checkpoint was written.</summary>
    /// <exception cref="InputException">The checkpoint is of another run; names what differs.</exception>
    public void Restore(Trainer trainer, TrainerLog log, TrainingRunOptions options)
    {
        TrainingArguments.RequireSame(_arguments, trainer.Options, trainer.Optimizer.InactiveMoments, options.Identity);
        trainer.Parameters.LoadCheckpoint(_folder);
        OptimizerFile.Load(_optimizer, trainer.Optimizer, trainer.Parameters.All);
        log.Restore(_trainerState);
        trainer.Resume(Path.Combine(_folder, SelectionState.FileName), Step, TokensRead);
    }

    /// <inheritdoc/>
    public void Dispose() => _optimizer.Dispose();

    private static int StepOf(string folder) =>
        int.TryParse(Path.GetFileName(folder).AsSpan(Prefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int step) ? step : -1;

    private static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
    }
}
