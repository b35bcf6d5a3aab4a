namespace Ist.Ptx.Tests.Instructions;

/// <summary>mma.sync and ldmatrix: factors are laid out lane by lane as the manual's pictures say, and the product is compared with plain sums.</summary>
public sealed class MatrixTests
{
    private readonly PtxDevice _device = new();

    [Theory]
    [InlineData("bf16", 8)]
    [InlineData("bf16", 16)]
    [InlineData("f16", 8)]
    [InlineData("f16", 16)]
    [InlineData("tf32", 4)]
    [InlineData("tf32", 8)]
    public void Products(string type, int k)
    {
        var random = new Random(k);
        // Small whole numbers are exact in every type, and so are their sums.
        float[,] a = Matrix(16, k), b = Matrix(k, 8), c = Matrix(16, 8);
        float[,] Matrix(int rows, int columns)
        {
            var matrix = new float[rows, columns];
            for (int i = 0; i < matrix.Length; i++)
                matrix[i / columns, i % columns] = random.Next(-8, 9);
            return matrix;
        }
        int each = type == "tf32" ? 1 : 2, registersOfA = k / (2 * each), registersOfB = registersOfA / 2;
        uint[] left = new uint[32 * registersOfA], right = new uint[32 * registersOfB];
        float[] sums = new float[32 * 4];
        for (int lane = 0; lane < 32; lane++)
        {
            int group = lane >> 2, inGroup = lane & 3;
            for (int i = 0; i < registersOfA * each; i++)
            {
                // PTX ISA, fragments of A: rows alternate by 8 with each register, columns by half of k with every second.
                int register = i / each, row = group + (register % 2 == 0 ? 0 : 8);
                int column = (inGroup * each) + (i % each) + (register >= 2 ? 4 * each : 0);
                left[(lane * registersOfA) + register] |= Bits(type, a[row, column]) << (16 * (i % each));
            }
            for (int i = 0; i < registersOfB * each; i++)
            {
                int register = i / each, row = (inGroup * each) + (i % each) + (register >= 1 ? 4 * each : 0);
                right[(lane * registersOfB) + register] |= Bits(type, b[row, group]) << (16 * (i % each));
            }
            for (int i = 0; i < 4; i++)
                sums[(lane * 4) + i] = c[group + (i < 2 ? 0 : 8), (inGroup * 2) + (i & 1)];
        }

        float[] product = Run(type, k, registersOfA, registersOfB, left, right, sums);

        for (int lane = 0; lane < 32; lane++)
        {
            for (int i = 0; i < 4; i++)
            {
                int row = (lane >> 2) + (i < 2 ? 0 : 8), column = ((lane & 3) * 2) + (i & 1);
                float expected = c[row, column] + Enumerable.Range(0, k).Sum(x => a[row, x] * b[x, column]);
                Assert.Equal(expected, product[(lane * 4) + i]);
            }
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(4, false)]
    [InlineData(4, true)]
    public void Matrices_are_loaded(int count, bool transposed)
    {
        // Value 256 m + 16 r + c stands in matrix m, row r, column c.
        ulong result = _device.Allocate(32 * 4 * count);
        string registers = string.Join(", ", Enumerable.Range(10, count).Select(i => $"%r{i}"));
        string stores = string.Join("\n", Enumerable.Range(0, count).Select(i => $"st.global.b32 [%rd0+{128 * i}], %r{10 + i};"));
        PtxText.Run(_device, PtxText.Kernel($$"""
            .shared .align 16 .b8 matrices[512];
            mov.u32 %r0, %tid.x;
            mov.u64 %rd1, matrices;
            mad.wide.u32 %rd2, %r0, 16, %rd1;
            mov.u32 %r1, 0;
            LOOP:
            shr.u32 %r2, %r0, 3;
            and.b32 %r3, %r0, 7;
            shl.b32 %r2, %r2, 8;
            shl.b32 %r3, %r3, 4;
            add.u32 %r2, %r2, %r3;
            add.u32 %r2, %r2, %r1;
            st.shared.u16 [%rd2], %r2;
            add.u64 %rd2, %rd2, 2;
            add.u32 %r1, %r1, 1;
            setp.lt.u32 %p0, %r1, 8;
            @%p0 bra LOOP;
            bar.sync 0;
            mad.lo.u32 %r4, %r0, 16, matrices;
            ldmatrix.sync.aligned.m8n8.x{{count}}{{(transposed ? ".trans" : "")}}.shared.b16 { {{registers}} }, [%r4];
            mad.wide.u32 %rd0, %r0, 4, %rd0;
            {{stores}}
            """), 32, result);
        ushort[] values = _device.Read<ushort>(result, 64 * count);
        for (int i = 0; i < values.Length; i++)
        {
            int matrix = i / 64, lane = i % 64 / 2, row = lane / 4, column = (2 * (lane % 4)) + (i % 2);
            Assert.Equal((256 * matrix) + (transposed ? (16 * column) + row : (16 * row) + column), values[i]);
        }
    }

    private static uint Bits(string type, float value) => type switch
    {
        "bf16" => BitConverter.SingleToUInt32Bits(value) >> 16,
        "f16" => BitConverter.HalfToUInt16Bits((Half)value),
        _ => BitConverter.SingleToUInt32Bits(value),
    };

    private float[] Run(string type, int k, int registersOfA, int registersOfB, uint[] left, uint[] right, float[] sums)
    {
        ulong a = _device.Allocate<uint>(left), b = _device.Allocate<uint>(right), c = _device.Allocate<float>(sums), d = _device.Allocate(sums.Length * 4);
        string Registers(int first, int count) => string.Join(", ", Enumerable.Range(first, count).Select(i => $"%r{i}"));
        string Loads(int first, int count, string address) => string.Join("\n", Enumerable.Range(0, count).Select(i => $"ld.global.b32 %r{first + i}, [{address}+{4 * i}];"));
        PtxText.Run(_device, PtxText.Kernel($$"""
            mov.u32 %r0, %tid.x;
            mad.wide.u32 %rd1, %r0, {{4 * registersOfA}}, %rd1;
            mad.wide.u32 %rd2, %r0, {{4 * registersOfB}}, %rd2;
            mad.wide.u32 %rd3, %r0, 16, %rd3;
            mad.wide.u32 %rd0, %r0, 16, %rd0;
            {{Loads(4, registersOfA, "%rd1")}}
            {{Loads(8, registersOfB, "%rd2")}}
            ld.global.v4.f32 {%f0, %f1, %f2, %f3}, [%rd3];
            mma.sync.aligned.m16n8k{{k}}.row.col.f32.{{type}}.{{type}}.f32 {%f4, %f5, %f6, %f7}, { {{Registers(4, registersOfA)}} }, { {{Registers(8, registersOfB)}} }, {%f0, %f1, %f2, %f3};
            st.global.v4.f32 [%rd0], {%f4, %f5, %f6, %f7};
            """, 4), 32, d, a, b, c);
        return _device.Read<float>(d, sums.Length);
    }
}
