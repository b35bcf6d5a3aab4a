using System.Diagnostics.CodeAnalysis;

namespace Ist.Runtime.Checkpoints;

/// <summary>
/// The tensors of a folder's safetensors files, and the account of which of them were taken: a loader takes each tensor it
/// knows, and what stays in <see cref="Untaken"/> it has to explain or refuse.
/// </summary>
public abstract class TensorFolder : IDisposable
{
    private readonly IReadOnlyList<SafeTensorsFile> _files;
    private readonly Dictionary<string, CheckpointTensor> _tensors = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly string _prefix;

    /// <summary>Takes over open files whose tensors have different names.</summary>
    /// <param name="path">The folder.</param>
    /// <param name="config">Its configuration.</param>
    /// <param name="files">The files; disposed with the folder.</param>
    /// <param name="prefix">A prefix that names may have in the files or lack there, such as <c>model.</c>; or empty.</param>
    private protected TensorFolder(string path, JsonConfig config, IReadOnlyList<SafeTensorsFile> files, string prefix)
    {
        Path = path;
        Config = config;
        _files = files;
        _prefix = prefix;
        foreach (SafeTensorsFile file in files)
        {
            foreach (TensorEntry entry in file.Tensors.Values)
                _tensors.Add(entry.Name, new CheckpointTensor(file, entry));
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Its <c>config.json</c> or <c>adapter_config.json</c>.</summary>
    public JsonConfig Config { get; }

    /// <summary>The names of all tensors, as the files have them.</summary>
    public IReadOnlyCollection<string> Names => _tensors.Keys;

    /// <summary>The names, as the files have them, of the tensors that nobody took, sorted.</summary>
    public IReadOnlyList<string> Untaken => [.. _tensors.Keys.Where(n => !_taken.Contains(n)).Order(StringComparer.Ordinal)];

    /// <summary>Finds a tensor, with the base model's prefix or without it, and doesn't take it.</summary>
    public bool TryGet(string name, [NotNullWhen(true)] out CheckpointTensor? tensor) =>
        TryGetEither(name, out tensor) || (OldName(name) is { } old && TryGetEither(old, out tensor));

    // Checkpoints that were converted from TensorFlow call the weight and bias of a layer norm so; transformers renames them as well.
    private static string? OldName(string name) =>
        name.EndsWith("LayerNorm.weight", StringComparison.Ordinal) ? name[..^"weight".Length] + "gamma"
        : name.EndsWith("LayerNorm.bias", StringComparison.Ordinal) ? name[..^"bias".Length] + "beta"
        : null;

    private bool TryGetEither(string name, [NotNullWhen(true)] out CheckpointTensor? tensor) =>
        _tensors.TryGetValue(name, out tensor)
        || (_prefix.Length > 0
            && _tensors.TryGetValue(name.StartsWith(_prefix, StringComparison.Ordinal) ? name[_prefix.Length..] : _prefix + name, out tensor));

    /// <summary>Finds a tensor, with the base model's prefix or without it, and marks it as taken. Its numbers aren't looked at.</summary>
    /// <exception cref="InputException">It is missing or has another shape.</exception>
    public CheckpointTensor Take(string name, params ReadOnlySpan<long> shape)
    {
        if (!TryGet(name, out CheckpointTensor? tensor))
        {
            string where = _files.Count == 1 ? _files[0].Path : Path;
            throw new InputException($"{where}: tensor {OneLine.Quote(name)} is missing{NearestName.Hint(name, _tensors.Keys)}");
        }
        if (!tensor.Shape.AsSpan().SequenceEqual(shape))
        {
            throw new InputException($"{tensor.File}: tensor {OneLine.Quote(tensor.Name)} has shape {OneLine.Shape(tensor.Shape.AsSpan())}, "
                + $"but {OneLine.Shape(shape)} follows from {Config.Source}; the two don't belong together");
        }
        _taken.Add(tensor.Name);
        return tensor;
    }

    /// <summary>Marks a tensor as taken that the caller found by <see cref="TryGet"/>.</summary>
    public void MarkTaken(CheckpointTensor tensor) => _taken.Add(tensor.Name);

    /// <summary>Closes the files; their tensors are no longer valid.</summary>
    public void Dispose()
    {
        foreach (SafeTensorsFile file in _files)
            file.Dispose();
        GC.SuppressFinalize(this);
    }
}
