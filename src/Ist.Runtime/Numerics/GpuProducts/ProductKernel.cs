namespace Ist.Runtime.Numerics.GpuProducts;

/// <summary>The kernels of a product on a GPU.</summary>
internal enum ProductKernel
{
    /// <summary><see cref="ThinDeepJob{TSums}"/> or <see cref="ThinAcrossJob{TSums}"/>, by how B is stored.</summary>
    Thin,

    /// <summary><see cref="FewColumnsJob{TSums, TOrder, TStored}"/>.</summary>
    FewColumns,

    /// <summary><see cref="FewTermsJob{TOrder, TStored, TUpdate}"/>.</summary>
    FewTerms,

    /// <summary><see cref="LongSumsJob{TSums, TSide, TStored}"/>.</summary>
    LongSums,

    /// <summary><see cref="Tile64Job"/>.</summary>
    Tile64,

    /// <summary><see cref="CopiedTileJob{TFormat, TLeft, TRight}"/> with <see cref="SingleFormat"/>.</summary>
    Single,

    /// <summary><see cref="CopiedTileJob{TFormat, TLeft, TRight}"/> with <see cref="TF32Format"/>.</summary>
    TF32,

    /// <summary><see cref="CopiedTileJob{TFormat, TLeft, TRight}"/> with <see cref="BFloat16Format"/>.</summary>
    BFloat16,
}
