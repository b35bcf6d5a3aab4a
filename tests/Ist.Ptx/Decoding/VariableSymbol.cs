namespace Ist.Ptx.Decoding;

/// <summary>A variable: its space and its address there. Of a kernel's parameter the address is the offset among the parameters.</summary>
internal sealed record VariableSymbol(string Space, ulong Address) : Symbol
{
    public const string KernelParameter = "kernel parameter";
    public const string DynamicShared = "dynamic shared";
}
