using System.Security;
using Ist.Generators.Model;
using Microsoft.CodeAnalysis.CSharp;

namespace Ist.Generators.Emitting;

/// <summary>X.Slots.g.cs: the part's slots as members, so that a program names them and the compiler knows which there are.</summary>
internal static class SlotsEmitter
{
    public static string Emit(PartModel part, SlotsModel slots) =>
        PartFile.WriteTypes(part, "its slots by name", ["System.CodeDom.Compiler", "Ist.Runtime.Peft"], code =>
        {
            string cref = part.TypeParameters.Count == 0 ? part.Name : $"{part.Name}{{{string.Join(", ", part.TypeParameters)}}}";
            bool hides = slots.Base is not null && slots.Members.Count > 0;
            if (hides)
            {
                code.Line("#pragma warning disable CS0108 // A slot of the model may bear the name of one in its layers.");
                code.Line();
            }
            code.Line($"/// <summary>The slots of <see cref=\"{cref}\"/>, for <see cref=\"Targets\"/>.</summary>");
            code.Line("[GeneratedCode(\"Ist.Generators\", null)]");
            string bases = slots.Base is null ? "" : $" : {slots.Base}(scope.Stack({Literal(slots.BaseWeight)}))";
            using (code.Open($"{slots.Access} class {slots.Name}(SlotScope scope){bases}"))
            {
                for (int i = 0; i < slots.Members.Count; i++)
                {
                    if (i > 0)
                        code.Line();
                    EmitMember(code, slots.Members[i]);
                }
            }
            if (slots.Holder is null)
                return;
            code.Line();
            code.Line($"/// <summary>What programs name of <see cref=\"{cref}\"/> without a PEFT method.</summary>");
            code.Line("[GeneratedCode(\"Ist.Generators\", null)]");
            using (code.Open($"{slots.Access} static class {slots.Holder}"))
            {
                code.Line("/// <summary>The model's slots: those of its layers, and its own.</summary>");
                code.Line($"public static {slots.Name} Slots {{ get; }} = new(new SlotScope());");
            }
        });

    private static void EmitMember(CodeWriter code, SlotMemberModel member)
    {
        if (member.Inner is { } inner)
        {
            code.Line($"/// <summary>The slots of {member.Name}.</summary>");
            code.Line($"public {inner} {member.Name} {{ get; }} = new({(member.Weight is null ? "scope" : $"scope.Member({Literal(member.Weight)})")});");
            return;
        }
        code.Line($"/// <summary><c>{SecurityElement.Escape(member.Weight)}</c> in the checkpoint.</summary>");
        code.Line($"public SlotName {member.Name} {{ get; }} = scope.Slot({Literal(member.Weight!)});");
    }

    private static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);
}
