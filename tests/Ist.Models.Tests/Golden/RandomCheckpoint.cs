using System.Text.Json.Nodes;
using Ist.Runtime.Checkpoints;
using Ist.Runtime.Peft;
using Ist.Runtime.Tensors;

namespace Ist.Models.Tests.Golden;

/// <summary>A folder with a configuration, and random weights of which none is left as it begins. Those that begin as one lie about it, others about 0.</summary>
internal sealed class RandomCheckpoint : IDisposable
{
    /// <param name="config">The text of <c>config.json</c>.</param>
    /// <param name="spread">The distance of the largest value from the least.</param>
    public RandomCheckpoint(string config, float spread = 0.4f)
    {
        Path = Directory.CreateTempSubdirectory("ist-random-").FullName;
        File.WriteAllText(System.IO.Path.Combine(Path, "config.json"), config);
        using LoadedModel loaded = LoadedModel.Load(Path, _ => new FullOptions(), random: true);
        Model = loaded.Model.GetType().GetGenericTypeDefinition();
        var random = new Random(7);
        var writer = new SafeTensorsWriter();
        foreach (Parameter parameter in loaded.Model.Contents.Parameters)
        {
            float[] values = new float[parameter.Count];
            float mean = parameter.Initial == Initial.Ones ? 1 : 0;
            foreach (ref float value in values.AsSpan())
                value = mean + spread * (random.NextSingle() - 0.5f);
            writer.Add<float>(parameter.Key, [.. parameter.Shape], values);
        }
        writer.Save(System.IO.Path.Combine(Path, "model.safetensors"));
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>The declaration that the configuration picks, such as <c>Llama&lt;&gt;</c>.</summary>
    public Type Model { get; }

    /// <summary>One of another checkpoint's configuration with some keys changed.</summary>
    public static RandomCheckpoint Of(string original, string changes)
    {
        var config = (JsonObject)JsonNode.Parse(File.ReadAllText(System.IO.Path.Combine(original, "config.json")))!;
        foreach ((string key, JsonNode? value) in (JsonObject)JsonNode.Parse(changes)!)
            config[key] = value?.DeepClone();
        return new RandomCheckpoint(config.ToJsonString());
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);
}
