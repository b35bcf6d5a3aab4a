namespace Ist.Runtime.Layers;

/// <summary>Tiles for heads of up to 128 elements.</summary>
internal readonly struct TensorHead128 : ITensorHead
{
    public static int Wide => 128;
}
