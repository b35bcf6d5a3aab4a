using Ist.Runtime.Peft;
using IOPath = System.IO.Path;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// An adapter folder: <c>adapter_config.json</c> and <c>adapter_model.safetensors</c> as peft writes it, or
/// <c>adapter.safetensors</c> as AdapterHub does.
/// </summary>
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
        bool isHub = BranchAdapterConfig.IsOne(config);
        string file = isHub ? BranchAdapterConfig.TensorFile : TensorFile, tensors = IOPath.Combine(path, file);
        if (File.Exists(tensors))
            return new AdapterFolder(path, config, new SafeTensorsFile(tensors));
        string pickle = IOPath.Combine(path, isHub ? "pytorch_adapter.bin" : "adapter_model.bin");
        throw File.Exists(pickle)
            ? new InputException($"{pickle}: tensors in Python's pickle format aren't read, because a pickle can run any program; convert them in Python: "
                + (isHub ? "model.save_adapter(DIR, name, use_safetensors=True)" : "PeftModel.from_pretrained(base, DIR).save_pretrained(DIR, safe_serialization=True)"))
            : new InputException($"{path}: there is no {file} here; fetch it too");
    }
}
