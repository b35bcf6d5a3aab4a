using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace Ist.Generators.Diagnostics;

/// <summary>Every diagnostic of the analyzer. Each has a page in docs/diagnostics.</summary>
internal static class Descriptors
{
    public static readonly DiagnosticDescriptor NotSealedPartial = Error(
        "IST001", "A part must be sealed and partial",
        "'{0}' must be declared '{1}' so that its code can be generated");

    public static readonly DiagnosticDescriptor UnknownSource = Error(
        "IST002", "[From] names no member above",
        "'{0}' reads '{1}', which is not a member above it{2}");

    public static readonly DiagnosticDescriptor WidthMismatch = Error(
        "IST003", "A member reads a value of another width",
        "'{0}' reads {1} from '{2}' but takes {3}{4}");

    public static readonly DiagnosticDescriptor InputCount = Error(
        "IST004", "A member reads another number of values than its layer takes",
        "'{0}' reads {1} but {2} takes {3}; name {4} with [From]");

    public static readonly DiagnosticDescriptor ResidualWidth = Error(
        "IST005", "A residual member must end at the width it began with",
        "'{0}' is [Residual] but turns {1} into {2}; a residual member must end at the width it began with");

    public static readonly DiagnosticDescriptor NoSlot = Error(
        "IST006", "[Slot] on a member that offers no slot",
        "'{0}' has [Slot] but {1}; remove [Slot]");

    public static readonly DiagnosticDescriptor NeverRead = Error(
        "IST007", "A member is never read",
        "Nothing reads '{0}'; only the last member's value leaves the part. Remove it, or read it with [From({1})]");

    public static readonly DiagnosticDescriptor TwoFiles = Error(
        "IST008", "A part's members stand in two files",
        "'{0}' is declared in another file than '{1}'; the order of members is the order of the forward pass, so keep them in one file");

    public static readonly DiagnosticDescriptor NamedLikeKernel = Error(
        "IST009", "A member is named like a kernel class",
        "'{0}' has the name of a kernel class that the generated code calls; name the member by its role");

    public static readonly DiagnosticDescriptor SameWeightName = Error(
        "IST010", "Two members have one checkpoint name",
        "'{0}' and '{1}' both load '{2}'; each member needs its own name in the checkpoint");

    public static readonly DiagnosticDescriptor IstOnNoStack = Error(
        "IST011", "[Ist] or [Checkpointed] on something that is not a stack",
        "'{0}' has [{2}] but is {1}; [{2}] {3} the layers of a LayerStack");

    public static readonly DiagnosticDescriptor NotAMember = Error(
        "IST012", "A partial property that is neither a layer nor a part",
        "'{0}' is of type {1}, which is neither a layer, a part nor a LayerStack: {2}");

    public static readonly DiagnosticDescriptor ReadsLostResult = Error(
        "IST013", "A layer needs its own output after it is gone",
        "The backward pass of '{0}' reads the layer's output, which is not kept because the member is {1}; put another member after it");

    public static readonly DiagnosticDescriptor StackWiring = Error(
        "IST014", "A stack must stand alone on its wire",
        "'{0}' must be the only reader of the member above it, and the only LayerStack of a [CausalLm]: {1}");

    public static readonly DiagnosticDescriptor UnknownTie = Error(
        "IST015", "[TiedTo] names no member with a weight above",
        "'{0}' is tied to '{1}', which is not a member above it that has a weight{2}");

    public static readonly DiagnosticDescriptor NoMembers = Error(
        "IST016", "A part has no members",
        "'{0}' declares no members; declare layers as partial properties, in the order of the forward pass");

    public static readonly DiagnosticDescriptor NoMethodParameter = Error(
        "IST017", "A part with slots needs a PEFT method",
        "'{0}' has [Slot] but '{1}' has no type parameter for the PEFT method; declare it as '{1}<P> where P : IPeft<P>'");

    public static readonly DiagnosticDescriptor NameTaken = Error(
        "IST018", "A member's name is taken",
        "'{0}' can't be a member's name: {1}; name the member by its role");

    public static readonly DiagnosticDescriptor NestedPart = Error(
        "IST019", "A part stands inside another class",
        "'{0}' is declared inside '{1}'; a part stands in a namespace, so move it out");

    public static readonly DiagnosticDescriptor TwoRoles = Error(
        "IST020", "A part has two roles",
        "'{0}' is a [{1}] already; keep one of the attributes");

    public static readonly DiagnosticDescriptor ContainsItself = Error(
        "IST021", "A part contains itself",
        "'{0}' is or contains a '{1}', which contains it in turn, so the model would have no end; a LayerStack repeats a block");

    public static readonly DiagnosticDescriptor WithoutEffect = Error(
        "IST022", "[Weight], [TiedTo] or [From] without effect",
        "[{1}] does nothing on '{0}', because {2}; remove it or add what it needs");

    public static readonly DiagnosticDescriptor NoModel = Error(
        "IST023", "A whole model turns token ids into logits",
        "'{0}' turns {1} into {2} for each {3}; a [{4}] turns Ids into {5} for each {6}: an embedding first, the output head last");

    public static readonly DiagnosticDescriptor LostGradient = Error(
        "IST024", "A gradient is lost",
        "Nothing passes a gradient back to '{0}'{1}; a layer that reads it needs a BackwardSet method that gives its gradient");

    public static readonly DiagnosticDescriptor SeveralValues = Error(
        "IST025", "A layer with several results is read as one value",
        "'{0}' gives several values ({1}); {2}");

    public static readonly DiagnosticDescriptor MixedRows = Error(
        "IST026", "Values of tokens and of sequences meet",
        "'{0}' reads '{1}', which has a row for each sequence: {2}");

    public static readonly DiagnosticDescriptor NoTiles = Error(
        "IST027", "Rows can't be worked on in tiles",
        "'{0}' can't work on tiles of rows: {1}");

    /// <summary>All of them, in the order of their ids.</summary>
    public static ImmutableArray<DiagnosticDescriptor> All { get; } =
    [
        NotSealedPartial,
        UnknownSource,
        WidthMismatch,
        InputCount,
        ResidualWidth,
        NoSlot,
        NeverRead,
        TwoFiles,
        NamedLikeKernel,
        SameWeightName,
        IstOnNoStack,
        NotAMember,
        ReadsLostResult,
        StackWiring,
        UnknownTie,
        NoMembers,
        NoMethodParameter,
        NameTaken,
        NestedPart,
        TwoRoles,
        ContainsItself,
        WithoutEffect,
        NoModel,
        LostGradient,
        SeveralValues,
        MixedRows,
        NoTiles,
    ];

    private static DiagnosticDescriptor Error(string id, string title, string message) => new(
        id, title, message, "Ist", DiagnosticSeverity.Error, isEnabledByDefault: true,
        helpLinkUri: $"docs/diagnostics/{id}.md");
}
