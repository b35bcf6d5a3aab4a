using Ist.Runtime.Devices;
using Ist.Runtime.Numerics;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>Products of F32 matrices that lie row-major without gaps: what adapters are made of.</summary>
public static unsafe class Product
{
    /// <summary>c = or += alpha x y^T, with c [m, n], x [m, k], y [n, k].</summary>
    public static void XyT(Run run, Into into, float alpha, float* c, float* x, float* y, int m, int n, int k) =>
        MatrixProduct.Multiply(run, into, alpha, c, n, m, n, k, MatrixOperand.Plain(x, k), MatrixOperand.Transposed(y, k), WorkKind.Adapters);

    /// <summary>c = or += alpha x y, with c [m, n], x [m, k], y [k, n].</summary>
    public static void Xy(Run run, Into into, float alpha, float* c, float* x, float* y, int m, int n, int k) =>
        MatrixProduct.Multiply(run, into, alpha, c, n, m, n, k, MatrixOperand.Plain(x, k), MatrixOperand.Plain(y, n), WorkKind.Adapters);

    /// <summary>c = or += alpha x^T y, with c [m, n], x [k, m], y [k, n].</summary>
    public static void XTy(Run run, Into into, float alpha, float* c, float* x, float* y, int m, int n, int k) =>
        MatrixProduct.Multiply(run, into, alpha, c, n, m, n, k, MatrixOperand.Transposed(x, m), MatrixOperand.Plain(y, n), WorkKind.Adapters);
}
