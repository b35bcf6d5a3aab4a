using System.Buffers.Binary;
using System.Text;
using System.Text.Json.Nodes;

namespace Ist.Cli.Tests.Support;

/// <summary>Takes a safetensors file apart and puts it together wrongly.</summary>
internal static class RawSafeTensors
{
    /// <summary>Changes the header and leaves the data.</summary>
    public static void EditHeader(string path, Action<JsonObject> edit)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        JsonObject header = JsonNode.Parse(bytes.AsSpan(8, length))!.AsObject();
        edit(header);
        byte[] text = Encoding.UTF8.GetBytes(header.ToJsonString());
        byte[] size = new byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(size, (ulong)text.Length);
        File.WriteAllBytes(path, [.. size, .. text, .. bytes.AsSpan(8 + length)]);
    }

    /// <summary>Where a tensor's data lies in the file.</summary>
    public static int Offset(string path, string tensor)
    {
        byte[] bytes = File.ReadAllBytes(path);
        int length = (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        return 8 + length + (int)JsonNode.Parse(bytes.AsSpan(8, length))![tensor]!["data_offsets"]![0]!;
    }

    /// <summary>Changes the bytes.</summary>
    public static void EditBytes(string path, Func<byte[], byte[]> edit) => File.WriteAllBytes(path, edit(File.ReadAllBytes(path)));
}
