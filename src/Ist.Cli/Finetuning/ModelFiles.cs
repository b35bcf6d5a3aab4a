using Ist.Runtime.Checkpoints;

namespace Ist.Cli.Finetuning;

/// <summary>What stands beside the weights in a Hugging Face folder, for a model that was trained whole.</summary>
internal static class ModelFiles
{
    private static readonly string[] _names =
    [
        "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "tokenizer.model", "vocab.json", "merges.txt",
        "vocab.bpe", "special_tokens_map.json", "added_tokens.json", "chat_template.jinja",
    ];

    /// <summary>Copies those files that are there.</summary>
    /// <exception cref="Runtime.RunException">A file can't be written.</exception>
    public static void Copy(string from, string to)
    {
        foreach (string name in _names.Where(name => File.Exists(Path.Combine(from, name))))
        {
            AtomicFile.Write(Path.Combine(to, name), stream =>
            {
                using FileStream source = File.OpenRead(Path.Combine(from, name));
                source.CopyTo(stream);
            });
        }
    }
}
