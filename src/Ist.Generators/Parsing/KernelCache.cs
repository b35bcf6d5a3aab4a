using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Ist.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>
/// The kernels that were read in one compilation: its parts name the same few layers over and over, and reading them is most of what
/// a keystroke costs. It lives as long as the compilation's assembly symbol.
/// </summary>
internal sealed class KernelCache
{
    private static readonly ConditionalWeakTable<IAssemblySymbol, KernelCache> _caches = new();

    private readonly ConcurrentDictionary<INamedTypeSymbol, ReadKernel> _layers = new(SymbolEqualityComparer.Default);
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<INamedTypeSymbol, ReadKernel>> _slots = new(StringComparer.Ordinal);

    /// <summary>The cache of the compilation that a part is declared in.</summary>
    public static KernelCache Of(INamedTypeSymbol part) => _caches.GetValue(part.ContainingAssembly, static _ => new KernelCache());

    /// <summary>A layer's kernels.</summary>
    public ReadKernel Layer(INamedTypeSymbol layer, Func<INamedTypeSymbol, ReadKernel> read) => _layers.GetOrAdd(layer, read);

    /// <summary>The kernels of a layer's slot, for a method by the name that the part gives it.</summary>
    public ReadKernel Slot(string method, INamedTypeSymbol host, Func<INamedTypeSymbol, ReadKernel> read) =>
        _slots.GetOrAdd(method, static _ => new(SymbolEqualityComparer.Default)).GetOrAdd(host, read);
}

/// <summary>What reading a layer's or slot's kernels gave.</summary>
/// <param name="Kernel">How it is called, or null.</param>
/// <param name="Reason">Why there is none.</param>
/// <param name="Namespaces">Of the types that its parameters have.</param>
internal sealed record ReadKernel(KernelModel? Kernel, string? Reason, EquatableArray<string> Namespaces);
