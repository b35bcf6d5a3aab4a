namespace Ist.Runtime.Tensors;

/// <summary>
/// The element types of safetensors, in the reference's order: by rising alignment, so that a file written by falling
/// <see cref="DType"/> has every tensor aligned. Source: safetensors <c>tensor.rs</c>, <c>enum Dtype</c>.
/// </summary>
public enum DType
{
    /// <summary>One byte, 0 or 1.</summary>
    BOOL,
    /// <summary>4-bit float (two a byte).</summary>
    F4,
    /// <summary>6-bit float, 2 bits of exponent.</summary>
    F6_E2M3,
    /// <summary>6-bit float, 3 bits of exponent.</summary>
    F6_E3M2,
    /// <summary>Unsigned byte.</summary>
    U8,
    /// <summary>Signed byte.</summary>
    I8,
    /// <summary>8-bit float, 5 bits of exponent.</summary>
    F8_E5M2,
    /// <summary>8-bit float, 4 bits of exponent.</summary>
    F8_E4M3,
    /// <summary>8-bit power of two.</summary>
    F8_E8M0,
    /// <summary>16-bit signed integer.</summary>
    I16,
    /// <summary>16-bit unsigned integer.</summary>
    U16,
    /// <summary>IEEE half precision.</summary>
    F16,
    /// <summary>The upper half of an F32.</summary>
    BF16,
    /// <summary>32-bit signed integer.</summary>
    I32,
    /// <summary>32-bit unsigned integer.</summary>
    U32,
    /// <summary>IEEE single precision.</summary>
    F32,
    /// <summary>Complex number of two F32.</summary>
    C64,
    /// <summary>IEEE double precision.</summary>
    F64,
    /// <summary>64-bit signed integer.</summary>
    I64,
    /// <summary>64-bit unsigned integer.</summary>
    U64,
}
