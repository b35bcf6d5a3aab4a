using System.Diagnostics;
using Ist.Cli.Planning;
using Ist.Cli.Progress;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Generation;
using Ist.Runtime.Models;
using Ist.Runtime.TensorBoard;
using Ist.Runtime.Training;

namespace Ist.Cli.Finetuning;

/// <summary>One run of <c>ist finetune</c>, from its options to its files.</summary>
internal sealed class FinetuneRun(FinetuneOptions options, Terminal terminal)
{
    private const int SampleTokens = 96;

    private readonly RunFolder _folder = new(options);
    private readonly FinetuneReport _report = new(terminal.Output);

    /// <summary>Does it.</summary>
    /// <returns>The command's exit code.</returns>
    /// <exception cref="InputException">Something that was given is wrong; nothing is written then.</exception>
    /// <exception cref="RunException">The run failed.</exception>
    public int Run()
    {
        _folder.RefuseOtherRun();
        var tasks = new RunTasks(options.Tasks, terminal);
        using FinetuneInputs inputs = FinetuneInputs.Load(options);
        tasks.Check(inputs.Loaded.Model is ISequenceClassifier);
        using Device device = options.Device.Open(options.Threads, given => Require(given, inputs, tasks), out string? reason);
        device.Require(options.Precision);
        string? products = ChooseProducts(device);
        MemoryPlan plan = Trainer.Plan(inputs.Loaded.Model, inputs.Loaded.Config.Widths, inputs.Numbers, inputs.Policy);
        _report.Before(options, inputs, device.Name + (reason is null ? "" : $" ({reason})") + (products is null ? "" : $", products by {products}"), plan);
        foreach (string warning in inputs.Loaded.Config.TrainingWarnings)
            terminal.Warn(warning);
        if (inputs.Training.Cut + (inputs.HeldOut?.Cut ?? 0) is > 0 and int cut)
            terminal.Warn($"{cut} rows are longer than {inputs.MaxLength} tokens and lose their end; raise --max-length to keep it");
        RequireMemory(plan, inputs, DeviceMemory.Of(device));
        OutputFolder.Prepare(_folder.Path);
        Sample("before", device, inputs, parameters => { });
        int code = Train(inputs, device, new RunRecord(options, inputs, device, plan));
        if (code != ExitCode.Done)
            return code;
        Sample("after", device, inputs, parameters => parameters.Load(Path.Combine(_folder.Path, parameters.FileName)));
        tasks.Answer(options, device);
        return code;
    }

    private void Require(Device device, FinetuneInputs inputs, RunTasks tasks)
    {
        device.Require(options.Precision);
        KernelSurvey.RequireTraining(device, inputs.Loaded.Model, inputs.Loaded.Config.Widths, inputs.Numbers);
        if (options.SamplePrompt is not null || tasks.Generate)
            KernelSurvey.RequireGeneration(device, inputs.Loaded.Model, inputs.Loaded.Config.Widths);
    }

    // What computes large products, in words; null on the processor.
    private string? ChooseProducts(Device device)
    {
        if (device is not IlgpuDevice card)
        {
            return options.Products != ProductChoice.Cublas ? null
                : throw new InputException("--products cublas is for a card, but the run is on the processor; leave it out, or give --device cuda.");
        }
        if (options.Products == ProductChoice.Own)
            return "own kernels";
        if (card.TryUseCublas(out string? missing))
            return card.ProductLibraryIn(options.Precision);
        return options.Products == ProductChoice.Auto
            ? $"own kernels (no cuBLAS: {missing})"
            : throw new InputException($"--products cublas can't be had: {missing}; install cuBLAS of the CUDA toolkit, or give --products own.");
    }

    private void RequireMemory(MemoryPlan plan, FinetuneInputs inputs, DeviceMemory memory)
    {
        if (!options.ChecksMemory || memory.Fits(plan))
            return;
        var fitting = new FittingOptions(inputs.Loaded.Model, inputs.Loaded.Config.Widths, inputs.Numbers, inputs.Policy, memory);
        throw new InputException(
            $"The run needs {FinetuneReport.Bytes(memory.Needed(plan))} of memory, but {FinetuneReport.Bytes(memory.Available)} are available; {fitting.Advice()}, "
            + "or begin all the same with --no-memory-check ('ist plan' tells what takes how much).");
    }

    private int Train(FinetuneInputs inputs, Device device, RunRecord record)
    {
        using var trainer = new Trainer(device, inputs.Loaded.Model, inputs.Loaded.Config.Widths, inputs.Training, inputs.Numbers, inputs.Policy);
        ProgressDisplay progress = ProgressDisplay.On(terminal, inputs.Numbers.Steps, inputs.Loaded.Model.LayerCount);
        using TensorBoardLog? log = options.LogsToTensorBoard ? new TensorBoardLog(Path.Combine(_folder.Path, "runs")) : null;
        var run = new TrainingRun(trainer, inputs.HeldOut, new TrainingRunOptions
        {
            Output = _folder.Path,
            EvalEvery = options.EvalEvery,
            SaveEvery = options.SaveEvery,
            Identity = RunRecord.Identity(options, inputs),
            DescribeModel = folder => _folder.Describe(folder, inputs.Loaded),
        }, log is null ? progress : new TrainingObservers(progress, log));
        int before = options.Resume ? run.Resume() : 0;
        if (before > 0)
            terminal.Output.WriteLine($"goes on after step {before:N0}");
        record.Took(trainer.ArenaBytes);
        record.Write(_folder.Path, "running", trainer.StepsDone, run.First, run.Last, 0);

        WorkProfile? profile = device.Profile = options.Profiles ? new WorkProfile() : null;
        using var interrupts = new Interrupts(() => terminal.Error.WriteLine("ist: stopping after this step; once more to stop at once"));
        long begin = Stopwatch.GetTimestamp(), read = trainer.TokensRead;
        RunOutcome outcome = progress.Show(() => run.Run(interrupts.Token));
        TimeSpan time = Stopwatch.GetElapsedTime(begin);
        if (outcome == RunOutcome.Stopped)
        {
            record.Write(_folder.Path, "stopped", trainer.StepsDone, run.First, run.Last, time.TotalSeconds);
            terminal.Fail(trainer.StepsDone == 0
                ? "stopped before the first step; nothing was trained"
                : $"stopped after step {trainer.StepsDone}, which is saved in {_folder.Path}; the same command with --resume goes on from there");
            return ExitCode.RunFailed;
        }
        _folder.Save(trainer, inputs.Loaded);
        record.Write(_folder.Path, "completed", trainer.StepsDone, run.First, run.Last, time.TotalSeconds);
        _report.After(run.First, run.Last, trainer.StepsDone - before, trainer.TokensRead - read, time, Path.Combine(_folder.Path, trainer.Parameters.FileName));
        if (profile is not null)
            _report.Profile(profile);
        return ExitCode.Done;
    }

    // The model is laid out anew for it, with the values that the run begins with or those of its file.
    private void Sample(string when, Device device, FinetuneInputs inputs, Action<ParameterSet> fill)
    {
        if (options.SamplePrompt is null)
            return;
        var generation = new GenerationOptions { MaxNewTokens = SampleTokens, Seed = options.Seed };
        _report.Sample(when, options.SamplePrompt,
            inputs.Text.Continue(device, inputs.Text.Prompt(options.SamplePrompt), generation, options.Precision, fill));
    }
}
