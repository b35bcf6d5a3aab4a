using Microsoft.CodeAnalysis;

namespace Ist.Generators.Parsing;

/// <summary>The names of the declaration language: attributes, and the few types that the emitted code is built around.</summary>
internal static class KnownTypes
{
    public const string CausalLm = Declaring + "CausalLmAttribute";
    public const string SequenceClassifier = Declaring + "SequenceClassifierAttribute";
    public const string Block = Declaring + "BlockAttribute";
    public const string Branch = Declaring + "BranchAttribute";
    public const string Weight = Declaring + "WeightAttribute";
    public const string Slot = Declaring + "SlotAttribute";
    public const string From = Declaring + "FromAttribute";
    public const string Residual = Declaring + "ResidualAttribute";
    public const string TiedTo = Declaring + "TiedToAttribute";
    public const string Ist = Declaring + "IstAttribute";
    public const string Checkpointed = Declaring + "CheckpointedAttribute";
    public const string Tiled = Declaring + "TiledAttribute";
    public const string Result = Declaring + "ResultAttribute";
    public const string PerSequence = Declaring + "PerSequenceAttribute";
    public const string Saved = Declaring + "SavedAttribute";
    public const string ReadWhere = Declaring + "ReadWhereAttribute";
    public const string OffersSlot = Declaring + "OffersSlotAttribute";

    public const string Run = "Ist.Runtime.Devices.Run";
    public const string Scope = "Ist.Runtime.Models.Scope";
    public const string Act = "Ist.Runtime.Tensors.Act`1";
    public const string IdsOfWidth = "Ist.Runtime.Tensors.Ids`1";
    public const string Stack = "Ist.Runtime.Layers.LayerStack`1";
    public const string Peft = "Ist.Runtime.Peft.IPeft`1";

    private const string Declaring = "Ist.Runtime.Declaring.";

    private static readonly string[] _memberAttributes = [Weight, Slot, From, Residual, TiedTo, Ist, Checkpointed, Tiled];

    /// <summary>Whether the symbol is the type of this metadata name.</summary>
    public static bool Is(this ITypeSymbol? type, string metadataName)
    {
        // Asked for every attribute of every part at each keystroke, so no name is put together.
        if (type is not INamedTypeSymbol { OriginalDefinition: { ContainingType: null } definition } || !metadataName.EndsWith(definition.MetadataName, StringComparison.Ordinal))
            return false;
        int at = metadataName.Length - definition.MetadataName.Length;
        for (INamespaceSymbol? ns = definition.ContainingNamespace; ns is { IsGlobalNamespace: false }; ns = ns.ContainingNamespace)
        {
            int start = at - 1 - ns.Name.Length;
            if (start < 0 || metadataName[at - 1] != '.' || string.CompareOrdinal(metadataName, start, ns.Name, 0, ns.Name.Length) != 0)
                return false;
            at = start;
        }
        return at == 0;
    }

    public static AttributeData? Find(this ISymbol symbol, string attribute) =>
        symbol.GetAttributes().FirstOrDefault(a => a.AttributeClass.Is(attribute));

    public static bool Has(this ISymbol symbol, string attribute) => symbol.Find(attribute) is not null;

    public static bool IsPart(this ITypeSymbol type) => type.GetAttributes().Any(a => a.AttributeClass.IsRole());

    /// <summary>Whether it is the attribute class that marks a part.</summary>
    public static bool IsRole(this ITypeSymbol? attribute) =>
        attribute.Is(Branch) || attribute.Is(Block) || attribute.Is(CausalLm) || attribute.Is(SequenceClassifier);

    public static bool HasMemberAttribute(this IPropertySymbol property) => _memberAttributes.Any(property.Has);
}
