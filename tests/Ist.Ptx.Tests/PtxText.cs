using System.Text;

namespace Ist.Ptx.Tests;

/// <summary>Small kernels in PTX, and what they compute.</summary>
internal static class PtxText
{
    public const string Header = ".version 7.8\n.target sm_80\n.address_size 64\n";

    /// <summary>A kernel "K" with parameters p0, p1, … of type .u64 that %rd0, %rd1, … hold, and registers of all kinds.</summary>
    public static string Kernel(string body, int parameters = 1, string declarations = "")
    {
        var text = new StringBuilder(Header).Append(declarations).Append("\n.visible .entry K(");
        text.AppendJoin(", ", Enumerable.Range(0, parameters).Select(i => $".param .u64 p{i}")).Append(")\n{\n");
        text.Append(".reg .pred %p<8>;\n.reg .b16 %h<8>;\n.reg .b32 %r<24>;\n.reg .f32 %f<24>;\n.reg .b64 %rd<16>;\n.reg .f64 %fd<8>;\n");
        for (int i = 0; i < parameters; i++)
            text.Append($"ld.param.u64 %rd{i}, [p{i}];\n");
        return text.Append(body).Append("\nret;\n}\n").ToString();
    }

    /// <summary>Runs a kernel in one block.</summary>
    public static void Run(PtxDevice device, string ptx, int threads, params object[] parameters) => device.Load(ptx).Launch("K", new Index3(1), new Index3(threads), parameters);

    /// <summary>The fault that a kernel ends in.</summary>
    public static PtxException Fault(string ptx, int threads, PtxDevice? device = null, params object[] parameters) =>
        Assert.Throws<PtxException>(() => Run(device ?? new PtxDevice(), ptx, threads, parameters));

    /// <summary>
    /// What an instruction gives for each i from sources a[i], b[i], c[i]: <paramref name="instruction"/> reads registers a, b, c of type <paramref name="from"/> and writes d of
    /// type <paramref name="to"/>.
    /// </summary>
    public static unsafe TTo[] Evaluate<TFrom, TTo>(string instruction, string from, string to, params TFrom[][] sources) where TFrom : unmanaged where TTo : unmanaged
    {
        int count = sources[0].Length;
        var device = new PtxDevice();
        ulong result = device.Allocate(count * sizeof(TTo));
        object[] parameters = [result, .. sources.Select(values => (object)device.Allocate<TFrom>(values))];
        var body = new StringBuilder($".reg .{Register(from, sizeof(TFrom))} a, b, c;\n.reg .{Register(to, sizeof(TTo))} d;\n.reg .pred p, q;\n");
        body.Append("mov.u32 %r0, %tid.x;\n");
        for (int i = 0; i < sources.Length; i++)
            body.Append($"mad.wide.u32 %rd{i + 1}, %r0, {sizeof(TFrom)}, %rd{i + 1};\nld.global.b{8 * sizeof(TFrom)} {"abc"[i]}, [%rd{i + 1}];\n");
        body.Append(instruction).Append($"\nmad.wide.u32 %rd0, %r0, {sizeof(TTo)}, %rd0;\nst.global.b{8 * sizeof(TTo)} [%rd0], d;\n");
        Run(device, Kernel(body.ToString(), parameters.Length), count, parameters);
        return device.Read<TTo>(result, count);
    }

    private static string Register(string type, int bytes) => type is "f32" or "f64" ? type : $"b{8 * Math.Max(2, bytes)}";
}
