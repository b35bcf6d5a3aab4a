using IOPath = System.IO.Path;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// A Hugging Face model folder: <c>config.json</c> and weights in <c>model.safetensors</c>, else in the shards that
/// <c>model.safetensors.index.json</c> names, else in the only other <c>*.safetensors</c>.
/// </summary>
public sealed class CheckpointFolder : TensorFolder
{
    private const string SingleFile = "model.safetensors";
    private const string IndexFile = "model.safetensors.index.json";

    private CheckpointFolder(string path, JsonConfig config, IReadOnlyList<SafeTensorsFile> files, string prefix)
        : base(path, config, files, prefix)
    {
    }

    /// <summary>Opens a folder.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="baseModelPrefix">The prefix, with its dot, that tensor names have when the model was saved with its head and lack when it wasn't (<c>model.</c>, <c>transformer.</c>); or empty.</param>
    /// <exception cref="InputException">A file is missing, unreadable or contradicts another.</exception>
    public static CheckpointFolder Open(string path, string baseModelPrefix = "") =>
        new(path, ReadConfig(path), OpenFiles(path), baseModelPrefix);

    /// <summary>Reads a folder's <c>config.json</c> alone.</summary>
    /// <exception cref="InputException">There is no such folder, or no valid <c>config.json</c> in it.</exception>
    public static JsonConfig ReadConfig(string path)
    {
        if (!Directory.Exists(path))
            throw new InputException($"{path}: there is no such folder; expected a Hugging Face model folder with config.json and {SingleFile}");
        if (!File.Exists(IOPath.Combine(path, "config.json")))
        {
            string hint = File.Exists(IOPath.Combine(path, AdapterFolder.ConfigFile))
                ? "this is an adapter folder: give it as the adapter and its base model as the model"
                : "expected a Hugging Face model folder";
            throw new InputException($"{path}: there is no config.json here; {hint}");
        }
        return JsonConfig.Load(IOPath.Combine(path, "config.json"));
    }

    private static IReadOnlyList<SafeTensorsFile> OpenFiles(string path)
    {
        string single = IOPath.Combine(path, SingleFile);
        if (File.Exists(single))
            return [new SafeTensorsFile(single)];
        string index = IOPath.Combine(path, IndexFile);
        if (File.Exists(index))
            return ShardIndex.Open(index);

        string[] others = [.. Directory.GetFiles(path, "*.safetensors").Order(StringComparer.Ordinal)];
        if (others.Length == 1)
            return [new SafeTensorsFile(others[0])];
        if (others.Length > 1)
        {
            throw new InputException($"{path}: it has {others.Length} safetensors files ({OneLine.List(others.Select(f => IOPath.GetFileName(f)), 4)}), "
                + $"but no {IndexFile} that says which are the model's; fetch that file too");
        }
        string? pickle = new[] { "*.bin", "*.pt", "*.pth" }.SelectMany(p => Directory.GetFiles(path, p)).Order(StringComparer.Ordinal).FirstOrDefault();
        if (pickle is not null)
        {
            throw new InputException($"{pickle}: weights in Python's pickle format aren't read, because a pickle can run any program; convert them in Python: "
                + "AutoModelForCausalLM.from_pretrained(DIR).save_pretrained(DIR, safe_serialization=True)");
        }
        throw new InputException($"{path}: there are no weights here; looked for {SingleFile}, {IndexFile} and *.safetensors");
    }
}
