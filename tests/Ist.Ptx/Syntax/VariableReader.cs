using System.Buffers.Binary;

namespace Ist.Ptx.Syntax;

/// <summary>Reads .space .align n .type name[count] = {…}.</summary>
internal static class VariableReader
{
    public static VariableStatement Read(TokenReader tokens)
    {
        int line = tokens.Next.Line;
        string space = tokens.Word()[1..];
        int? align = null;
        PtxType? type = null;
        int vector = 1;
        while (tokens.Next.Text.StartsWith('.'))
        {
            switch (tokens.Next.Text)
            {
                case ".align":
                    tokens.Take();
                    align = (int)tokens.Number();
                    break;
                case ".v2" or ".v4":
                    vector = tokens.Take().Text[2] - '0';
                    break;
                // What a pointer parameter points at is a hint.
                case ".ptr" or ".global" or ".const" or ".shared" or ".local":
                    tokens.Take();
                    break;
                default:
                    type = tokens.Type();
                    break;
            }
        }
        if (type is null)
            throw new PtxException(line, "a variable without a type");
        string name = tokens.Word();
        int? bytes = type.Bytes * vector;
        while (tokens.TryTake("["))
        {
            bytes = tokens.Next.Text == "]" ? null : bytes * (int)tokens.Number();
            tokens.Expect("]");
        }
        byte[]? initial = tokens.TryTake("=") ? Initial(tokens, type, bytes) : null;
        return new VariableStatement(line, space, name, align ?? type.Bytes * vector, bytes, initial);
    }

    private static byte[] Initial(TokenReader tokens, PtxType type, int? bytes)
    {
        var values = new List<byte>();
        Span<byte> value = stackalloc byte[8];
        int depth = 0;
        do
        {
            if (tokens.TryTake("{"))
            {
                depth++;
            }
            else if (tokens.TryTake("}"))
            {
                depth--;
            }
            else if (!tokens.TryTake(","))
            {
                string sign = tokens.TryTake("-") ? "-" : "";
                if (tokens.Next.Kind != TokenKind.Number)
                    throw tokens.Unexpected("a number");
                var number = tokens.Take();
                BinaryPrimitives.WriteUInt64LittleEndian(value, new LiteralOperand(sign + number.Text, number.Line).Bits(type));
                values.AddRange(value[..type.Bytes]);
            }
        }
        while (depth > 0);
        while (values.Count < bytes)
            values.Add(0);
        return [.. values];
    }
}
