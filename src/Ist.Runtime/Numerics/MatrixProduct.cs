#pragma warning disable
using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;
namespace Ist.Runtime.Numerics;
internal readonly unsafe struct MatrixOperand(void* data, DType dtype, long rowStride, long columnStride);
internal static unsafe class MatrixProduct { public static void Multiply(CpuDevice cpu, Into into, float alpha, float* c, int ldc, int m, int n, int k, MatrixOperand a, MatrixOperand b) => throw new NotImplementedException(); }
