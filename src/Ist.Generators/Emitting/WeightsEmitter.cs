using Ist.Generators.Model;

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
                code.Line($"private readonly {member.Type} {Field(member.Name)};");
            code.Line();
            code.Line("/// <summary>Makes the layers and slots, in the order of declaration.</summary>");
            using (code.Open($"public {part.Name}(Scope scope)"))
            {
                if (part.Role == PartRole.CausalLm)
                    code.Line("Contents = scope.Contents;");
                foreach (MemberModel member in part.Members)
                    EmitMaking(code, part, member);
            }
            foreach (MemberModel member in part.Members)
                EmitMember(code, member);
        }, "[GeneratedCode(\"Ist.Generators\", null)]");
    }

    private static void EmitMaking(CodeWriter code, PartModel part, MemberModel member)
    {
        string scope = member.WeightName is null ? "scope"
            : member.TiedTo is null ? $"scope.Member(\"{member.WeightName}\")"
            : $"scope.Member(\"{member.WeightName}\", tiedTo: {Field(member.TiedTo)}.Weight)";
        string arguments = member.Kind == MemberKind.Stack ? $"{scope}, static layer => new {member.Element}(layer)"
            : member.Kind == MemberKind.Part || member.TakesScope ? scope
            : "";
        code.Line($"{Field(member.Name)} = new {member.Type}({arguments});");
        if (member.Slot is { } slot)
            code.Line($"{member.Name}Slot = new {slot}({scope}, {Field(member.Name)});");
    }

    private static void EmitMember(CodeWriter code, MemberModel member)
    {
        string summary = member.WeightName is null ? $"The part's {member.Name}." : $"<c>{member.WeightName}</c> in the checkpoint.";
        code.Line();
        code.Line($"/// <summary>{summary}</summary>");
        code.Line($"{member.Accessibility} partial {member.Type} {member.Name} => {Field(member.Name)};");
        if (member.Slot is not { } slot)
            return;
        code.Line();
        code.Line($"/// <summary>The slot of {member.Name}.</summary>");
        code.Line($"public {slot} {member.Name}Slot {{ get; }}");
    }

    private static string Field(string member) => "_" + char.ToLowerInvariant(member[0]) + member.Substring(1);
}
