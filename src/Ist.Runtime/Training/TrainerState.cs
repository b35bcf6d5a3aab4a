using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Training;

/// <summary>
/// <c>trainer_state.json</c>, key for key as transformers' <c>TrainerState</c> writes it, so that tools that plot its
/// <c>log_history</c> read it unchanged.
/// </summary>
internal static class TrainerState
{
    public const string FileName = "trainer_state.json";

    /// <summary>Writes the file.</summary>
    public static void Write(string path, Trainer trainer, TrainerLog log, TrainingRunOptions options) =>
        AtomicFile.WriteAllText(path, PythonJson.Dumps(new Dictionary<string, object?>
        {
            ["best_global_step"] = null,
            ["best_metric"] = null,
            ["best_model_checkpoint"] = null,
            ["epoch"] = trainer.Epoch,
            ["eval_steps"] = options.EvalEvery,
            ["global_step"] = trainer.StepsDone,
            ["is_hyper_param_search"] = false,
            ["is_local_process_zero"] = true,
            ["is_world_process_zero"] = true,
            ["log_history"] = log.Rows,
            ["logging_steps"] = 1,
            ["max_steps"] = trainer.Options.Steps,
            ["num_input_tokens_seen"] = trainer.TokensRead,
            ["num_train_epochs"] = trainer.Epochs,
            ["save_steps"] = options.SaveEvery,
            ["stateful_callbacks"] = new Dictionary<string, object?>(),
            // Six operations for each token and weight: transformers' own estimate.
            ["total_flos"] = 6.0 * trainer.TokensRead * trainer.Parameters.ModelCount,
            ["train_batch_size"] = trainer.Options.Sequences,
            ["trial_name"] = null,
            ["trial_params"] = null,
        }) + "\n");

    /// <summary>Reads where a checkpoint stands.</summary>
    /// <exception cref="InputException">The file is damaged.</exception>
    public static (int Step, long TokensRead) Position(JsonConfig state)
    {
        int step = state.GetInt("global_step");
        double read = state.GetDouble("num_input_tokens_seen");
        if (step < 1 || read < 0)
            throw state.Fault(step < 1 ? "global_step" : "num_input_tokens_seen", "is too small; the file is damaged");
        return (step, (long)read);
    }
}
