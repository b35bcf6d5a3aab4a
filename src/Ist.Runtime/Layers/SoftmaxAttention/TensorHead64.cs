namespace Ist.Runtime.Layers;

/// <summary>Tiles for heads of up to 64 elements.</summary>
internal readonly struct TensorHead64 : ITensorHead
{
    public static int Wide => 64;
}
