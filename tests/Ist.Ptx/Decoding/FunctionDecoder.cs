using System.Numerics;
using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;

namespace Ist.Ptx.Decoding;

/// <summary>rcp, sqrt, rsqrt, sin, cos, lg2, ex2, tanh.</summary>
internal static class FunctionDecoder
{
    public static Instruction Decode(Form form)
    {
        form.Count(2, 2);
        string rounding = form.Opcode.Expect("approx", "rn");
        bool flush = form.Opcode.Take("ftz");
        var type = form.Opcode.Type();
        Register d = form.Write(0, type), a = form.Read(1, type);
        Instruction Make<T, TOp>() where T : unmanaged, IFloatingPointIeee754<T> where TOp : IUnary<T> => flush
            ? new Unary<T, FlushedUnary<T, TOp>>(d, a) : new Unary<T, TOp>(d, a);
        return $"{form.Opcode.Name}.{rounding}.{type.Name}" switch
        {
            "rcp.rn.f32" => Make<float, Reciprocal<float>>(),
            "rcp.rn.f64" => Make<double, Reciprocal<double>>(),
            "rcp.approx.f64" => Make<double, ReciprocalApprox64>(),
            "rcp.approx.f32" => Make<float, ReciprocalApprox>(),
            "sqrt.rn.f32" => Make<float, SquareRoot<float>>(),
            "sqrt.rn.f64" => Make<double, SquareRoot<double>>(),
            "sqrt.approx.f32" => Make<float, SquareRootApprox>(),
            "rsqrt.approx.f32" => Make<float, ReciprocalRootApprox>(),
            "rsqrt.approx.f64" => Make<double, ReciprocalRootApprox64>(),
            "sin.approx.f32" => Make<float, SinApprox>(),
            "cos.approx.f32" => Make<float, CosApprox>(),
            "lg2.approx.f32" => Make<float, Log2Approx>(),
            "ex2.approx.f32" => Make<float, Exp2Approx>(),
            "ex2.approx.f16" => Make<Half, Exp2Approx16>(),
            "tanh.approx.f32" => Make<float, TanhApprox>(),
            "tanh.approx.f16" => Make<Half, TanhApprox16>(),
            _ => throw form.Opcode.Unknown("not for this type and rounding"),
        };
    }
}
