using System.Text;
using CsCheck;
using Ist.Runtime.Checkpoints;

namespace Ist.Runtime.Tests.Checkpoints;

public sealed class SafeTensorsRefusalTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_file_that_the_refused_ones_are_made_from_is_right()
    {
        using SafeTensorsFile file = Open(RawSafeTensors.Bytes(RawSafeTensors.Header, 24));
        Assert.Equal(["a", "b"], file.Tensors.Keys.Order());
        Assert.Equal("pt", file.Metadata["format"]);
    }

    [Theory]
    [InlineData("\"F32\"", "\"F31\"", 24, "'a'", "'F31' is unknown", "BF16")]
    [InlineData("[2,2]", "[2,3]", 24, "'a'", "needs 24 bytes", "span 16")]
    [InlineData("[2,2]", "[-2,2]", 24, "'a'", "shape", "whole number")]
    [InlineData("[2,2]", "[2.0,2]", 24, "'a'", "shape", "whole number")]
    [InlineData("[2,2]", "[4611686018427387904,4611686018427387904]", 24, "'a'", "too many elements")]
    [InlineData("[2,2]", "4", 24, "'a'", "shape isn't a list")]
    [InlineData("[16,24]", "[12,20]", 20, "'b'", "overlaps tensor 'a'")]
    [InlineData("[16,24]", "[20,28]", 28, "'b'", "hole of 4 bytes")]
    [InlineData("[0,16]", "[16,0]", 24, "'a'", "data_offsets [16, 0]")]
    [InlineData("[0,16]", "[0,16,16]", 24, "'a'", "data_offsets")]
    [InlineData("[16,24]", "[16,24]", 20, "'b'", "ends at data byte 24", "only 20", "truncated")]
    [InlineData("[16,24]", "[16,24]", 25, "1 bytes follow")]
    [InlineData("\"b\":", "\"a\":", 24, "'a' stands twice")]
    [InlineData("\"b\":", "\"__metadata__\":{\"format\":\"pt\"},\"b\":", 24, "'__metadata__' stands twice")]
    [InlineData("\"format\":\"pt\"", "\"format\":1", 24, "'__metadata__'", "'format'", "string")]
    [InlineData("\"format\":\"pt\"", "\"format\":\"pt\",\"format\":\"pt\"", 24, "'format' stands twice")]
    [InlineData("{\"format\":\"pt\"}", "3", 24, "'__metadata__'", "object")]
    [InlineData("\"shape\":[2,2]", "\"shape\":[2,2],\"shape\":[2,2]", 24, "'a'", "'shape'", "twice")]
    [InlineData("\"shape\":[2,2]", "\"sharp\":[2,2]", 24, "'a'", "'sharp'")]
    [InlineData("\"shape\":[2,2],", "", 24, "'a'", "needs dtype, shape and data_offsets")]
    [InlineData("[2,2]", "[2,2", 24, "'a'", "shape")]
    [InlineData("[2,2]", "[2 2]", 24, "isn't valid JSON")]
    [InlineData("\"F32\"", "\"15\"", 24, "'a'", "'15' is unknown")]
    [InlineData("\"F32\"", "\"f32\"", 24, "'a'", "'f32' is unknown")]
    [InlineData("{\"__metadata__\"", "[{\"__metadata__\"", 24, "doesn't begin with '{'")]
    [InlineData("\"b\":", "\"b\\ud800\":", 24, "invalid string")]
    [InlineData("\"b\":", "\"evil\\nname\":3,\"b\":", 24, "evil\\u000aname", "isn't an object")]
    public void Broken_headers_are_refused(string part, string replacement, int dataLength, params string[] expected)
    {
        Assert.Contains(part, RawSafeTensors.Header, StringComparison.Ordinal);
        string header = RawSafeTensors.Header.Replace(part, replacement, StringComparison.Ordinal);
        Refused(RawSafeTensors.Bytes(header, dataLength), expected);
    }

    [Fact]
    public void Broken_lengths_are_refused()
    {
        byte[] right = RawSafeTensors.Bytes(RawSafeTensors.Header, 24);
        Refused([], "it has 0 bytes");
        Refused(right[..7], "it has 7 bytes");
        Refused(right[..40], $"header would have {RawSafeTensors.Header.Length} bytes", "truncated");
        Refused(right[..^1], "'b'", "truncated");
        Refused([.. BitConverter.GetBytes(100_000_001UL), .. right[8..]], "100000001", "100000000 are allowed");
        Refused([.. BitConverter.GetBytes(ulong.MaxValue), .. right[8..]], "are allowed");
        Refused([.. BitConverter.GetBytes(0UL), .. right[8..]], "doesn't begin with '{'");
        Refused([.. BitConverter.GetBytes(2UL), (byte)'{', (byte)'}', 0], "1 bytes follow");
    }

    [Fact]
    public void Anything_after_the_header_object_but_spaces_is_refused()
    {
        using (Open(RawSafeTensors.Bytes(RawSafeTensors.Header + "     ", 24)))
            Refused(RawSafeTensors.Bytes(RawSafeTensors.Header + "{}", 24), "isn't valid JSON");
        Refused(RawSafeTensors.Bytes(RawSafeTensors.Header + "\0\0", 24), "isn't valid JSON");
    }

    [Fact]
    public void A_name_that_is_no_utf8_is_refused()
    {
        byte[] header = Encoding.Latin1.GetBytes(RawSafeTensors.Header.Replace("\"b\"", "\"\u00ff\"", StringComparison.Ordinal));
        Refused(RawSafeTensors.Bytes(header, 24), "invalid string");
    }

    [Fact]
    public void Missing_files_and_folders_are_refused()
    {
        Bad.Input(() => _ = new SafeTensorsFile(_folder.File("none")), _folder.File("none"), "no such file");
        Bad.Input(() => _ = new SafeTensorsFile(_folder.Path), _folder.Path, "this is a folder");
    }

    [Fact]
    public void Mutations_of_a_file_load_or_are_refused_and_nothing_else()
    {
        byte[] right = RawSafeTensors.Bytes(RawSafeTensors.Header, 24);
        int loaded = 0, refused = 0;
        // Mostly characters of headers, so that many mutants get far.
        Gen<byte> value = Gen.OneOf(Gen.Byte, Gen.Char["0123456789[]{},:\"\\ FIB-"].Select(c => (byte)c));
        Gen<(int, byte, int)[]> edits = Gen.Select(Gen.Int[0, right.Length - 1], value, Gen.Int[0, 3]).Array[1, 4];
        edits.Sample(all =>
        {
            List<byte> bytes = [.. right];
            foreach ((int at, byte b, int kind) in all)
            {
                if (at >= bytes.Count)
                    continue;
                switch (kind)
                {
                    case 0: bytes.Insert(at, b); break;
                    case 1: bytes.RemoveAt(at); break;
                    case 2 when b < 4: bytes.RemoveRange(at, bytes.Count - at); break;
                    default: bytes[at] = b; break;
                }
            }
            try
            {
                using SafeTensorsFile file = Open([.. bytes]);
                foreach (TensorEntry entry in file.Tensors.Values)
                    Assert.Equal(entry.ByteLength, file.Bytes(entry).Length);
                loaded++;
            }
            catch (InputException e)
            {
                Assert.DoesNotContain('\n', e.Message);
                refused++;
            }
        }, iter: 3000, threads: 1);
        Assert.True(loaded > 10 && refused > 300, $"{loaded} loaded, {refused} refused: the mutations test too little");
    }

    private void Refused(byte[] bytes, params string[] expected) =>
        Bad.Input(() => Open(bytes).Dispose(), [_folder.File("model.safetensors"), .. expected]);

    private SafeTensorsFile Open(byte[] bytes)
    {
        File.WriteAllBytes(_folder.File("model.safetensors"), bytes);
        return new SafeTensorsFile(_folder.File("model.safetensors"));
    }
}
