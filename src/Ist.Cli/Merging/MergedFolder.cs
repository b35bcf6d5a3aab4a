using System.Text.Json;
using System.Text.Json.Nodes;
using Ist.Cli.Finetuning;
using Ist.Cli.Loading;
using Ist.Runtime;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;
using Ist.Runtime.Training;

namespace Ist.Cli.Merging;

/// <summary>A Hugging Face folder of a model whose adapter is folded into its weights.</summary>
internal static class MergedFolder
{
    private const string Tensors = "model.safetensors";

    /// <summary>Refuses a folder that holds a model or an adapter already.</summary>
    /// <exception cref="InputException">It does; names what was found.</exception>
    public static void RefuseOther(string output)
    {
        string? found = !Directory.Exists(output) ? null
            : new[] { "*.safetensors", "config.json", AdapterFolder.ConfigFile }.SelectMany(pattern => Directory.EnumerateFiles(output, pattern)).FirstOrDefault();
        if (found is not null)
            throw new InputException($"{output}: the output folder holds {Path.GetFileName(found)} already; give another folder");
    }

    /// <summary>Folds the adapter in and writes the folder.</summary>
    /// <param name="model">The model with its adapter; its weights are the merged ones afterwards.</param>
    /// <param name="output">The folder.</param>
    /// <param name="dtype">The precision; null for that of each of the model's tensors.</param>
    /// <returns>The elements written.</returns>
    /// <exception cref="InputException">The adapter's file is of another model, or an adapter can't be folded in.</exception>
    /// <exception cref="RunException">A file can't be written.</exception>
    public static long Write(AdaptedModel model, string output, DType? dtype)
    {
        ModelContents contents = model.Loaded.Model.Contents;
        Dictionary<Weight, DType> stored = Written(contents).ToDictionary(weight => weight, weight => weight.StoredDType);
        var parameters = new ParameterSet(contents);
        using var device = new CpuDevice(1);
        using Arena arena = Arena.Create(device, Purpose.Evaluation, model.Loaded.Config.Widths, 1, 1, parameters.Reserve);
        parameters.Initialise(seed: 42);
        model.Fill(parameters);
        contents.Merge();
        OutputFolder.Prepare(output);

        // A weight that was tied to another one stands in the folder only if the two have become different.
        Weight[] weights = [.. contents.Weights, .. contents.Tied.Where(tied => IsApart(tied, contents)).Select(tied => tied.Weight)];
        var writer = new SafeTensorsWriter();
        foreach (Weight weight in weights)
            Add(writer, weight, dtype ?? stored[weight]);
        writer.Save(Path.Combine(output, Tensors));
        ModelFiles.Copy(model.Loaded.Path, output);
        Configure(model.Loaded.Path, output, dtype, unties: contents.Tied.Any(tied => weights.Any(weight => weight.Name == tied.Weight.Name)));
        return weights.Sum(weight => weight.Count);
    }

    private static IEnumerable<Weight> Written(ModelContents contents) => contents.Weights.Concat(contents.Tied.Select(tied => tied.Weight)).Distinct();

    private static unsafe bool IsApart(TiedWeight tied, ModelContents contents) =>
        tied.Weight.Data != tied.Partner.Data && contents.Weights.All(weight => weight.Name != tied.Weight.Name);

    private static unsafe void Add(SafeTensorsWriter writer, Weight weight, DType dtype)
    {
        long[] shape = [.. weight.Shape];
        if (weight.DType == dtype)
        {
            writer.Add(weight.Name, dtype, shape, weight.Data);
            return;
        }
        writer.Add(weight.Name, dtype, shape, stream =>
        {
            float[] values = new float[weight.Count];
            weight.CopyTo(values);
            byte[] bytes = new byte[values.Length * (dtype.BitSize / 8)];
            fixed (byte* to = bytes)
                FloatConverter.Narrow(values, dtype, to);
            stream.Write(bytes);
        });
    }

    // Only what the merging has changed: the rest of the file stays as it was.
    private static void Configure(string model, string output, DType? dtype, bool unties)
    {
        if (dtype is null && !unties)
            return;
        JsonObject config = JsonNode.Parse(File.ReadAllText(Path.Combine(model, "config.json")))!.AsObject();
        if (unties)
            config["tie_word_embeddings"] = false;
        if (dtype is { } precision)
            config[config.ContainsKey("torch_dtype") ? "torch_dtype" : "dtype"] = precision == DType.F32 ? "float32" : precision == DType.F16 ? "float16" : "bfloat16";
        AtomicFile.WriteAllText(Path.Combine(output, "config.json"), config.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }
}
