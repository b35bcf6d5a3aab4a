namespace Ist.Ptx.Instructions;

/// <summary>The type of the factors of mma.sync.</summary>
internal enum MatrixElement
{
    Half,
    BFloat16,
    TF32,
}
