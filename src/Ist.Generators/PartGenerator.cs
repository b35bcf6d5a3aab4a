using System.Text;
using Ist.Generators.Emitting;
using Ist.Generators.Model;
using Ist.Generators.Parsing;
using Ist.Generators.Planning;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using Microsoft.CodeAnalysis.Text;

namespace Ist.Generators;

/// <summary>Declared parts in, forward and backward code out.</summary>
[Generator(LanguageNames.CSharp)]
public sealed class PartGenerator : IIncrementalGenerator
{
    /// <summary>The name under which tests follow the step that reads a part.</summary>
    internal const string ReadStep = "ReadPart";

    /// <inheritdoc/>
    public void Initialize(IncrementalGeneratorInitializationContext context)
    {
        Register(context, KnownTypes.Branch, PartRole.Branch);
        Register(context, KnownTypes.Block, PartRole.Block);
        Register(context, KnownTypes.CausalLm, PartRole.CausalLm);
        Register(context, KnownTypes.SequenceClassifier, PartRole.SequenceClassifier);
    }

    private static void Register(IncrementalGeneratorInitializationContext context, string attribute, PartRole role)
    {
        IncrementalValuesProvider<PartModel> parts = context.SyntaxProvider
            .ForAttributeWithMetadataName(
                attribute,
                static (node, _) => node is ClassDeclarationSyntax,
                (found, cancellation) => PartParser.Parse((INamedTypeSymbol)found.TargetSymbol, role, cancellation).Model)
            .WithTrackingName(ReadStep);
        context.RegisterSourceOutput(parts, static (output, part) => Emit(output, part));
    }

    private static void Emit(SourceProductionContext output, PartModel part)
    {
        void Add(string aspect, string text) =>
            output.AddSource($"{part.HintPrefix}.{aspect}.g.cs", SourceText.From(text, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)));

        if (part.Slots is { } slots)
            Add("Slots", SlotsEmitter.Emit(part, slots));
        if (!part.TakesCode)
            return; // Anything more would only add errors of the compiler's to IST001, IST019 or IST020.
        if (part.Faulty)
        {
            Add("Stubs", StubEmitter.Emit(part));
            return;
        }
        PartPlan plan = PartPlanner.Plan(part);
        Add("Buffers", BuffersEmitter.Emit(part, plan));
        Add("Forward", ForwardEmitter.Emit(part, plan));
        Add("Backward", BackwardEmitter.Emit(part, plan));
        Add("Weights", WeightsEmitter.Emit(part));
        if (part.Role.IsModel())
            Add(part.Role.ToString(), ModelEmitter.Emit(part, plan));
        if (part.Tiled.Any())
            Add("Tiles", TilesEmitter.Emit(part, plan));
    }
}
