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
        if (PartParser.RoleOf(type) is not { } role)
            return;
        foreach (Diagnostic diagnostic in PartParser.Parse(type, role, context.CancellationToken).Diagnostics)
            context.ReportDiagnostic(diagnostic);
    }
}
