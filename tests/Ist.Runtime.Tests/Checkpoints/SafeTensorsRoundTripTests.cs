using Ist.Runtime.Checkpoints;
using Ist.Runtime.Tensors;
using Ist.TestSupport;

namespace Ist.Runtime.Tests.Checkpoints;

public sealed unsafe class SafeTensorsRoundTripTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_kind_of_tensor_comes_back()
    {
        float[] floats = [1.5f, -2, float.MaxValue, 0.1f, 1e-40f, -0f];
        var writer = new SafeTensorsWriter();
        writer.SetMetadata("by", "a \"test\"");
        writer.Add("float", [2, 3], new ReadOnlyMemory<float>(floats));
        writer.Add("half", [3], new ReadOnlyMemory<Half>([(Half)1.5f, (Half)(-2), (Half)6e-8f]));
        writer.Add("brain", [1], new ReadOnlyMemory<BFloat16>([(BFloat16)3.140625f]));
        writer.Add("double", [], new ReadOnlyMemory<double>([Math.PI]));
        writer.Add("long", [2], new ReadOnlyMemory<long>([long.MinValue, 7]));
        writer.Add("int", [2], new ReadOnlyMemory<int>([int.MinValue, 7]));
        writer.Add("größe/\u65e5", [4, 0], new ReadOnlyMemory<float>([]));
        writer.Add("callback", DType.U8, [3], stream => stream.Write([1, 2, 3]));
        fixed (float* p = floats)
        {
            writer.AddNarrowed("narrowed", DType.BF16, [6], p);
            writer.Add("pointer", DType.F32, [6], p);
            writer.Save(_folder.File("x.safetensors"));
        }

        using var file = new SafeTensorsFile(_folder.File("x.safetensors"));
        Assert.Equal(10, file.Tensors.Count);
        Assert.Equal(new Dictionary<string, string> { ["format"] = "pt", ["by"] = "a \"test\"" }, file.Metadata);
        Assert.Equal(floats, Floats(file, "float"));
        Assert.Equal(floats, Floats(file, "pointer"));
        Assert.Equal([2, 3], file.Tensors["float"].Shape);
        Assert.Equal([1.5f, -2, (float)(Half)6e-8f], Floats(file, "half"));
        Assert.Equal([3.140625f], Floats(file, "brain"));
        Assert.Equal([1.5f, -2, float.PositiveInfinity, 0.10009765625f, (float)(BFloat16)1e-40f, -0f], Floats(file, "narrowed"));
        Assert.Equal([(float)Math.PI], Floats(file, "double"));
        double[] pi = new double[1];
        file.CopyTo(file.Tensors["double"], pi);
        Assert.Equal(Math.PI, pi[0]);
        Assert.Equal([long.MinValue, 7], Longs(file, "long"));
        Assert.Equal([int.MinValue, 7], Longs(file, "int"));
        Assert.Equal([1, 2, 3], file.Bytes(file.Tensors["callback"]).ToArray());
        Assert.Empty(Floats(file, "größe/\u65e5"));
        Assert.Equal([4, 0], file.Tensors["größe/\u65e5"].Shape);
    }

    [Fact]
    public void Tensors_stand_by_falling_alignment_then_name_and_the_data_is_aligned()
    {
        var writer = new SafeTensorsWriter();
        foreach ((string name, DType dtype) in new[] { ("a", DType.U8), ("c", DType.BF16), ("b", DType.BF16), ("e", DType.F64), ("d", DType.I64), ("f", DType.F16) })
            writer.Add(name, dtype, [1], stream => stream.Write(new byte[dtype.BitSize / 8]));
        writer.Save(_folder.File("x.safetensors"));
        using var file = new SafeTensorsFile(_folder.File("x.safetensors"));
        Assert.Equal(["d", "e", "b", "c", "f", "a"], file.Tensors.Values.OrderBy(t => t.Offset).Select(t => t.Name));
        Assert.Equal(0, (long)file.Pointer(file.Tensors["d"]) % 8);
    }

    [Fact]
    public void Slips_of_the_caller_are_refused()
    {
        var writer = new SafeTensorsWriter();
        writer.Add("a", [2], new ReadOnlyMemory<float>([1, 2]));
        Assert.Throws<ArgumentException>(() => writer.Add("a", [2], new ReadOnlyMemory<float>([1, 2])));
        Assert.Throws<ArgumentException>(() => writer.Add("b", [3], new ReadOnlyMemory<float>([1, 2])));
        Assert.Throws<ArgumentException>(() => writer.Add("__metadata__", DType.F32, [0], _ => { }));
        writer.Add("short", DType.F32, [2], stream => stream.Write(new byte[7]));
        Assert.Throws<InvalidOperationException>(() => writer.Save(_folder.File("x.safetensors")));
        Assert.Empty(Directory.GetFiles(_folder.Path));
    }

    [Fact]
    public void Wrong_types_are_refused_with_the_tensor_named()
    {
        File.WriteAllBytes(_folder.File("x.safetensors"), RawSafeTensors.Bytes(RawSafeTensors.Header, 24));
        using var file = new SafeTensorsFile(_folder.File("x.safetensors"));
        Bad.Input(() => file.CopyTo(file.Tensors["b"], new float[1]), "'b'", "I64", "expected F32");
        Bad.Input(() => file.CopyTo(file.Tensors["a"], new long[4]), "'a'", "F32", "expected I64");
        Bad.Input(() => file.CopyTo(file.Tensors["a"], new double[4]), "'a'", "F32", "expected F64");
        Assert.Throws<ArgumentException>(() => file.CopyTo(file.Tensors["a"], new float[3]));
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => file.CopyTo(file.Tensors["a"], new float[4]));
    }

    [Fact]
    public void A_tensor_may_be_larger_than_a_span()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs sparse files");
        const long size = 3_000_000_000;
        byte[] header = System.Text.Encoding.ASCII.GetBytes(
            $$$"""{"big":{"dtype":"U8","shape":[{{{size}}}],"data_offsets":[0,{{{size}}}]},"end":{"dtype":"F32","shape":[1],"data_offsets":[{{{size}}},{{{size + 4}}}]}}""");
        using (FileStream stream = File.Create(_folder.File("x.safetensors")))
        {
            stream.Write(RawSafeTensors.Bytes(header, 0));
            stream.Seek(size, SeekOrigin.Current);
            stream.Write(BitConverter.GetBytes(42f));
        }
        using var file = new SafeTensorsFile(_folder.File("x.safetensors"));
        Assert.Equal([42f], Floats(file, "end"));
        Assert.Equal(42f, *(float*)(file.Pointer(file.Tensors["big"]) + size));
        Assert.Throws<ArgumentException>(() => file.Bytes(file.Tensors["big"]).Length);
    }

    [Fact]
    public void Files_of_the_reference_writer_are_rewritten_byte_for_byte()
    {
        string[] paths = Directory.GetFiles(SharedFolder.Require("golden"), "*.safetensors", SearchOption.AllDirectories);
        Assert.True(paths.Length > 200, $"{paths.Length} files");
        int equal = 0;
        foreach (string path in paths)
        {
            using var file = new SafeTensorsFile(path);
            var writer = new SafeTensorsWriter();
            foreach (TensorEntry t in file.Tensors.Values)
                writer.Add(t.Name, t.DType, t.Shape.AsSpan(), file.Pointer(t));
            writer.Save(_folder.File("x.safetensors"));
            if (file.Metadata.Count > 0)
            {
                Assert.Equal("pt", Assert.Single(file.Metadata).Value);
                Assert.True(File.ReadAllBytes(path).AsSpan().SequenceEqual(File.ReadAllBytes(_folder.File("x.safetensors"))), path);
                equal++;
                continue;
            }
            // Written without metadata: all the rest is the same.
            using var again = new SafeTensorsFile(_folder.File("x.safetensors"));
            foreach (TensorEntry t in file.Tensors.Values)
            {
                TensorEntry mine = again.Tensors[t.Name];
                Assert.Equal((t.DType, t.Offset, t.ByteLength), (mine.DType, mine.Offset, mine.ByteLength));
                Assert.True(t.Shape.AsSpan().SequenceEqual(mine.Shape.AsSpan()));
                Assert.True(file.Bytes(t).SequenceEqual(again.Bytes(mine)), path);
            }
        }
        Assert.True(equal > 200, $"only {equal} files were compared whole");
    }

    [Fact]
    public void Stored_numbers_are_read()
    {
        using var file = new SafeTensorsFile(SharedFolder.Require("golden", "llama-mha", "golden.safetensors"));
        double[] loss = new double[1];
        file.CopyTo(file.Tensors["loss64"], loss);
        Assert.Equal(6.436005326566391, loss[0]);
        Assert.Equal(6.436005f, Floats(file, "loss")[0], 2e-6f);
        Assert.All(Longs(file, "input_ids"), id => Assert.InRange(id, 0, 306));
    }

    private static float[] Floats(SafeTensorsFile file, string name)
    {
        float[] values = new float[file.Tensors[name].Count];
        file.CopyTo(file.Tensors[name], values);
        return values;
    }

    private static long[] Longs(SafeTensorsFile file, string name)
    {
        long[] values = new long[file.Tensors[name].Count];
        file.CopyTo(file.Tensors[name], values);
        return values;
    }
}
