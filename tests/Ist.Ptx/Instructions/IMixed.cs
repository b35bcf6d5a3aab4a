namespace Ist.Ptx.Instructions;

/// <summary>One lane of an instruction whose result is of another type than its source.</summary>
internal interface IMixed<TFrom, TTo>
{
    static abstract TTo Of(TFrom a);
}
