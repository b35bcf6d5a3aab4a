namespace Ist.Runtime.Tensors;

/// <summary>Names and sizes of <see cref="DType"/>s.</summary>
public static class DTypeExtensions
{
    private static readonly DType[] _all = Enum.GetValues<DType>();
    private static readonly string[] _names = Array.ConvertAll(_all, d => d.ToString());
    private static readonly Dictionary<string, DType> _byName = _all.ToDictionary(d => d.ToString(), StringComparer.Ordinal);

    extension(DType dtype)
    {
        /// <summary>The names that safetensors files use, in the order of the enumeration.</summary>
        public static IReadOnlyList<string> Names => _names;

        /// <summary>The name in safetensors files, such as <c>BF16</c>.</summary>
        public string Name => _names[(int)dtype];

        /// <summary>Bits an element; a tensor's bits are a whole number of bytes also where this is 4 or 6.</summary>
        public int BitSize => dtype switch
        {
            DType.F4 => 4,
            DType.F6_E2M3 or DType.F6_E3M2 => 6,
            DType.BOOL or DType.U8 or DType.I8 or DType.F8_E5M2 or DType.F8_E4M3 or DType.F8_E8M0 => 8,
            DType.I16 or DType.U16 or DType.F16 or DType.BF16 => 16,
            DType.I32 or DType.U32 or DType.F32 => 32,
            DType.C64 or DType.F64 or DType.I64 or DType.U64 => 64,
            _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Not a DType."),
        };

        /// <summary>Whether <see cref="FloatConverter"/> widens it to F32: F16, BF16, F32 or F64.</summary>
        public bool WidensToFloat => dtype is DType.F16 or DType.BF16 or DType.F32 or DType.F64;

        /// <summary>The type of this name in safetensors files, letter for letter.</summary>
        public static bool TryFromName(string name, out DType parsed) => _byName.TryGetValue(name, out parsed);

        /// <summary>The type that stores <typeparamref name="T"/>: float, double, Half, BFloat16, long or int.</summary>
        /// <exception cref="NotSupportedException">There is none.</exception>
        public static DType Of<T>() where T : unmanaged =>
            typeof(T) == typeof(float) ? DType.F32
            : typeof(T) == typeof(BFloat16) ? DType.BF16
            : typeof(T) == typeof(Half) ? DType.F16
            : typeof(T) == typeof(double) ? DType.F64
            : typeof(T) == typeof(long) ? DType.I64
            : typeof(T) == typeof(int) ? DType.I32
            : throw new NotSupportedException($"No DType stores {typeof(T).Name}; float, double, Half, BFloat16, long and int have one.");
    }
}
