using System.Security;
using Ist.Generators.Model;
using Ist.Generators.Planning;
using Microsoft.CodeAnalysis.CSharp;

namespace Ist.Generators.Emitting;

/// <summary>X.Weights.g.cs: the constructor that makes the part's layers and slots, and the members themselves.</summary>
internal static class WeightsEmitter
{
    public static string Emit(PartModel part)
    {
        string[] usings = ["System.CodeDom.Compiler", "Ist.Runtime.Models", "Ist.Runtime.Peft"];
        return PartFile.Write(part, "layers and slots", usings, code =>
        {
            foreach (MemberModel member in part.Members)
                code.Line($"private readonly {member.Type} {Wires.Field(member.Name)};");
            code.Line();
            code.Line("/// <summary>Makes the layers and slots, in the order of declaration.</summary>");
            using (code.Open($"public {part.Name}(Scope scope)"))
            {
                if (part.Role.IsModel())
                    code.Line("Contents = scope.Contents;");
                foreach (MemberModel member in part.Members)
                    EmitMaking(code, part, member);
            }
            foreach (MemberModel member in part.Members)
                EmitMember(code, part, member);
        }, "[GeneratedCode(\"Ist.Generators\", null)]");
    }

    private static void EmitMaking(CodeWriter code, PartModel part, MemberModel member)
    {
        string name = member.WeightName is null ? "" : SymbolDisplay.FormatLiteral(member.WeightName, quote: true);
        string scope = member.WeightName is null ? "scope"
            : member.TiedTo is null ? $"scope.Member({name})"
            : $"scope.Member({name}, tiedTo: {Wires.Field(member.TiedTo)}.Weight)";
        string arguments = member.Kind == MemberKind.Stack ? $"{scope}, static layer => new {member.Element}(layer)"
            : member.Kind == MemberKind.Part || member.TakesScope ? scope
            : "";
        code.Line($"{Wires.Field(member.Name)} = new {member.Type}({arguments});");
        if (member is { Slot: { } slot, Behind: { } behind })
        {
            string norm = behind.Norm is null ? "" : $", () => {Wires.Field(behind.Norm)}!";
            code.Line($"{member.Name}Slot = new {slot}(scope.Member({SymbolDisplay.FormatLiteral(behind.Name, quote: true)}){norm});");
        }
        else if (member.Slot is not null)
        {
            code.Line($"{member.Name}Slot = new {member.Slot}({scope}, {Wires.Field(member.Name)});");
        }
    }

    private static void EmitMember(CodeWriter code, PartModel part, MemberModel member)
    {
        string summary = member.WeightName is null ? $"The part's {member.Name}." : $"<c>{SecurityElement.Escape(member.WeightName)}</c> in the checkpoint.";
        code.Line();
        code.Line($"/// <summary>{summary}</summary>");
        code.Line($"{member.Implementation} => {Wires.Field(member.Name)};");
        if (member.Slot is not { } slot)
            return;
        code.Line();
        code.Line($"/// <summary>The slot {(member.Behind is null ? "of" : "behind")} {member.Name}.</summary>");
        code.Line($"{part.Exposure} {slot} {member.Name}Slot {{ get; }}");
    }
}
