using Ist.Models;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.Runtime.Sparse;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Cli.Finetuning;

/// <summary>The folder that a run writes to.</summary>
internal sealed class RunFolder
{
    private static readonly string[] _ofARun =
        [AdapterFolder.TensorFile, BranchAdapterConfig.TensorFile, AdapterFolder.ConfigFile, "model.safetensors", "config.json", "metrics.jsonl", SelectionState.FileName, RunRecord.FileName, "checkpoint-*"];

    private readonly FinetuneOptions _options;

    /// <summary>Takes the run's options; nothing is read or written yet.</summary>
    public RunFolder(FinetuneOptions options) => _options = options;

    /// <summary>The folder.</summary>
    public string Path => _options.Output;

    /// <summary>Refuses a folder that holds a run or a model already, unless the run is to be resumed.</summary>
    /// <exception cref="InputException">It does; names what was found.</exception>
    public void RefuseOtherRun()
    {
        if (_options.Resume || !Directory.Exists(Path))
            return;
        string? found = _ofARun.SelectMany(pattern => Directory.EnumerateFileSystemEntries(Path, pattern)).FirstOrDefault();
        if (found is not null)
            throw new InputException($"{Path}: the output folder holds {System.IO.Path.GetFileName(found)} already; add --resume to go on with that run, or give another folder");
    }

    /// <summary>
    /// Writes what was trained, for Python's peft or transformers to load, and what the layers' choice has learnt. Adapters are
    /// F32; a model that was trained whole is rounded to the precision of its configuration, which checkpoints are not.
    /// </summary>
    /// <exception cref="RunException">A file can't be written.</exception>
    public void Save(Trainer trainer, LoadedModel loaded)
    {
        DType precision = trainer.Parameters.TrainsBaseWeights ? loaded.Config.DType : DType.F32;
        trainer.Parameters.Save(System.IO.Path.Combine(Path, trainer.Parameters.FileName), precision);
        Describe(Path, loaded);
        SelectionState.Write(System.IO.Path.Combine(Path, SelectionState.FileName), trainer.Policy, trainer.StepsDone, trainer.LayerCounts);
    }

    /// <summary>Adds what makes a folder of parameters complete: the adapter's configuration, or the model's and its tokenizer.</summary>
    /// <exception cref="RunException">A file can't be written.</exception>
    public void Describe(string folder, LoadedModel loaded)
    {
        if (loaded.Peft.ToAdapterConfig(loaded.Model.Contents.Slots) is string config)
            AtomicFile.WriteAllText(System.IO.Path.Combine(folder, AdapterFolder.ConfigFile), config);
        else
            ModelFiles.Copy(_options.Model, folder);
    }
}
