using System.Buffers.Binary;
using System.Text.Json;
using TorchSharp;
using static TorchSharp.torch;

namespace Ist.SideBySide.Torch;

/// <summary>Reads a safetensors file of F32 into the parameters of a module, one tensor after the other.</summary>
internal static class TorchWeights
{
    public static void Load(nn.Module module, string path)
    {
        Dictionary<string, Tensor> parameters = module.named_parameters().ToDictionary(p => p.name, p => (Tensor)p.parameter);
        using FileStream file = File.OpenRead(path);
        byte[] length = new byte[8];
        file.ReadExactly(length);
        byte[] header = new byte[BinaryPrimitives.ReadInt64LittleEndian(length)];
        file.ReadExactly(header);
        using var json = JsonDocument.Parse(header);
        foreach (JsonProperty entry in json.RootElement.EnumerateObject())
        {
            if (entry.Name == "__metadata__")
                continue;
            long begin = entry.Value.GetProperty("data_offsets")[0].GetInt64(), end = entry.Value.GetProperty("data_offsets")[1].GetInt64();
            file.Position = 8 + header.Length + begin;
            byte[] bytes = new byte[end - begin];
            file.ReadExactly(bytes);
            parameters[NameOf(entry.Name)].bytes = bytes;
        }
    }

    // An adapted layer holds its base layer beside A and B.
    private static string NameOf(string key)
    {
        string name = key.Replace("base_model.model.", "", StringComparison.Ordinal);
        bool isBase = LlamaShape.Targets.Any(target => name.EndsWith($"{target}.weight", StringComparison.Ordinal));
        return isBase ? name.Replace(".weight", ".base_layer.weight", StringComparison.Ordinal) : name;
    }
}
