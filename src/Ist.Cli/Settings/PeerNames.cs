using Ist.Runtime.Checkpoints;

namespace Ist.Cli.Settings;

/// <summary>
/// What a misspelt or foreign name of a setting probably means. People come with the names of transformers, peft, TRL,
/// torchtune, Axolotl and LLM-Adapters in mind; those are told ours instead of being guessed at by their letters.
/// </summary>
internal static class PeerNames
{
    private static readonly Dictionary<string, string> _ours = new(StringComparer.Ordinal)
    {
        ["base_model"] = "model",
        ["base_model_name_or_path"] = "model",
        ["model_name_or_path"] = "model",
        ["dataset"] = "data",
        ["data_path"] = "data",
        ["train_file"] = "data",
        ["validation_file"] = "eval_data",
        ["output_dir"] = "output",
        ["val_set_size"] = "eval_fraction",
        ["adapter"] = "method",
        ["r"] = "rank",
        ["lora_r"] = "rank",
        ["lora_rank"] = "rank",
        ["lora_alpha"] = "alpha",
        ["lora_dropout"] = "dropout",
        ["target_modules"] = "target",
        ["lora_target_modules"] = "target",
        ["max_steps"] = "steps",
        ["num_epochs"] = "epochs",
        ["num_train_epochs"] = "epochs",
        ["per_device_train_batch_size"] = "micro_batch_size",
        ["train_batch_size"] = "batch_size",
        ["cutoff_len"] = "max_length",
        ["max_seq_length"] = "max_length",
        ["sequence_len"] = "max_length",
        ["sample_packing"] = "packing",
        ["packed"] = "packing",
        ["learning_rate"] = "lr",
        ["lr_scheduler"] = "schedule",
        ["lr_scheduler_type"] = "schedule",
        ["warmup"] = "warmup_steps",
        ["lisa_activated_layers"] = "active_layers",
        ["lisa_interval_steps"] = "interval",
        ["switch_block_every"] = "interval",
        ["switch_mode"] = "block_order",
        ["rl_step"] = "candidates",
        ["rl_lr"] = "step_size",
        ["response_suppression_factor"] = "suppression",
        ["update_importance_interval_steps"] = "interval",
        ["eval_steps"] = "eval_every",
        ["save_steps"] = "save_every",
        ["resume_from_checkpoint"] = "resume",
        ["train_on_inputs"] = "train_on_prompt",
    };

    /// <summary>"; did you mean 'X'?" for the nearest name, ours or a peer's, or nothing where none is near.</summary>
    /// <param name="name">What was written.</param>
    /// <param name="known">The names that there are, written as <paramref name="spell"/> writes them.</param>
    /// <param name="spell">How a key is written: as it is in a file, with dashes on the command line.</param>
    public static string Hint(string name, IEnumerable<string> known, Func<string, string> spell)
    {
        var candidates = known.ToDictionary(k => k, k => k, StringComparer.Ordinal);
        foreach ((string theirs, string ours) in _ours)
        {
            if (candidates.ContainsKey(spell(ours)))
                candidates.TryAdd(spell(theirs), spell(ours));
        }
        return NearestName.Of(name, candidates.Keys, 1) is [string near, ..] ? $"; did you mean '{candidates[near]}'?" : "";
    }
}
