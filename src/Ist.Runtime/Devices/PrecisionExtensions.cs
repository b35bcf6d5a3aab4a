namespace Ist.Runtime.Devices;

/// <summary>Names of precisions.</summary>
public static class PrecisionExtensions
{
    /// <summary>As <c>--precision</c> and files have it: fp32, tf32, bf16.</summary>
    public static string ToName(this Precision precision) => precision switch
    {
        Precision.F32 => "fp32",
        Precision.TF32 => "tf32",
        Precision.BF16 => "bf16",
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "No such precision."),
    };
}
