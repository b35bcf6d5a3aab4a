namespace Ist.Runtime.Tensors;
/// <summary>stand-in</summary>
public static class FloatConverter { /// <summary/>
 public static unsafe void Widen(DType dtype, void* from, Span<float> to) => throw new NotImplementedException(); }
