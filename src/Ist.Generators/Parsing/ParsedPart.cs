using System.Collections.Immutable;
using Ist.Generators.Model;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>A part as the generator and the analyzer both read it: the generator takes the model, the analyzer the rest.</summary>
internal sealed record ParsedPart(PartModel Model, ImmutableArray<Diagnostic> Diagnostics);
