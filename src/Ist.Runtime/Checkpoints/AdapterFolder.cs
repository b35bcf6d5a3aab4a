using IOPath = System.IO.Path;

namespace Ist.Runtime.Checkpoints;

/// <summary>A peft adapter folder: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c>.</summary>
public sealed class AdapterFolder : TensorFolder
{
    /// <summary>The name of the configuration.</summary>
    public const string ConfigFile = "adapter_config.json";

    /// <summary>The name of the tensors.</summary>
    public const string TensorFile = "adapter_model.safetensors";

    private AdapterFolder(string path, JsonConfig config, SafeTensorsFile file) : base(path, config, [file], "")
    {
    }

    /// <summary>Opens a folder; its method's own configuration is then parsed from <see cref="TensorFolder.Config"/>.</summary>
    /// <exception cref="InputException">A file is missing or unreadable, or the tensors are a pickle.</exception>
    public static AdapterFolder Open(string path)
    {
        if (!Directory.Exists(path))
            throw new InputException($"{path}: there is no such folder; expected an adapter folder with {ConfigFile} and {TensorFile}");
        string configPath = IOPath.Combine(path, ConfigFile);
        if (!File.Exists(configPath))
            throw new InputException($"{path}: there is no {ConfigFile} here; expected an adapter folder as peft writes it");
        JsonConfig config = JsonConfig.Load(configPath);
        string tensors = IOPath.Combine(path, TensorFile);
        if (File.Exists(tensors))
            return new AdapterFolder(path, config, new SafeTensorsFile(tensors));
        string pickle = IOPath.Combine(path, "adapter_model.bin");
        throw File.Exists(pickle)
            ? new InputException($"{pickle}: tensors in Python's pickle format aren't read, because a pickle can run any program; convert them in Python: "
                + "PeftModel.from_pretrained(base, DIR).save_pretrained(DIR, safe_serialization=True)")
            : new InputException($"{path}: there is no {TensorFile} here; fetch it too");
    }
}
