using System.Collections.Immutable;
using Ist.Generators.Diagnostics;
using Ist.Generators.Model;
using Ist.Generators.Parsing;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Ist.Generators;

/// <summary>Reports what is wrong with a declared part, at the member and with the fix in the message.</summary>
[DiagnosticAnalyzer(LanguageNames.CSharp)]
public sealed class PartAnalyzer : DiagnosticAnalyzer
{
    /// <inheritdoc/>
    public override ImmutableArray<DiagnosticDescriptor> SupportedDiagnostics { get; } = Descriptors.All;

    /// <inheritdoc/>
    public override void Initialize(AnalysisContext context)
    {
        context.ConfigureGeneratedCodeAnalysis(GeneratedCodeAnalysisFlags.None);
        context.EnableConcurrentExecution();
        context.RegisterSymbolAction(Analyze, SymbolKind.NamedType);
    }

    private static void Analyze(SymbolAnalysisContext context)
    {
        var type = (INamedTypeSymbol)context.Symbol;
        PartRole? role = type.Has(KnownTypes.Branch) ? PartRole.Branch
            : type.Has(KnownTypes.Block) ? PartRole.Block
            : type.Has(KnownTypes.CausalLm) ? PartRole.CausalLm
            : null;
        if (role is null)
            return;
        foreach (Diagnostic diagnostic in PartParser.Parse(type, role.Value, context.CancellationToken).Diagnostics)
            context.ReportDiagnostic(diagnostic);
    }
}
