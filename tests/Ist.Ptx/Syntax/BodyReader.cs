namespace Ist.Ptx.Syntax;

/// <summary>Reads the statements between the braces of a function.</summary>
internal sealed class BodyReader(TokenReader tokens)
{
    public List<Statement> Read()
    {
        var body = new List<Statement>();
        int depth = 0;
        do
        {
            int line = tokens.Next.Line;
            if (tokens.TryTake("{"))
            {
                depth++;
                body.Add(new ScopeStatement(line, Opens: true));
            }
            else if (tokens.TryTake("}"))
            {
                depth--;
                body.Add(new ScopeStatement(line, Opens: false));
            }
            else if (!tokens.TryTake(";"))
            {
                Read(body, line);
            }
        }
        while (depth > 0);
        return body;
    }

    private void Read(List<Statement> body, int line)
    {
        switch (tokens.Next.Text)
        {
            case ".reg":
                Registers(body, line);
                break;
            case ".local" or ".shared" or ".param":
                body.Add(VariableReader.Read(tokens));
                tokens.Expect(";");
                break;
            // Line tables say where the text came from, and change nothing.
            case ".loc":
                while (tokens.Next.Line == line)
                    tokens.Take();
                break;
            case "." or [.., ':']:
                throw tokens.Unexpected("a statement");
            default:
                if (tokens.Next.Kind == TokenKind.Word && tokens.After.Text == ":")
                    Label(body, line);
                else
                    body.Add(Instruction(line));
                break;
        }
    }

    private void Registers(List<Statement> body, int line)
    {
        tokens.Take();
        var type = tokens.Type();
        do
        {
            string name = tokens.Word();
            int? count = null;
            if (tokens.TryTake("<"))
            {
                count = (int)tokens.Number();
                tokens.Expect(">");
            }
            body.Add(new RegisterStatement(line, type, name, count));
        }
        while (tokens.TryTake(","));
        tokens.Expect(";");
    }

    private void Label(List<Statement> body, int line)
    {
        string name = tokens.Word();
        tokens.Expect(":");
        List<string>? targets = null;
        if (tokens.TryTake(".branchtargets"))
        {
            targets = [];
            do
                targets.Add(tokens.Word());
            while (tokens.TryTake(","));
            tokens.Expect(";");
        }
        body.Add(new LabelStatement(line, name, targets));
    }

    private InstructionStatement Instruction(int line)
    {
        NameOperand? guard = null;
        if (tokens.TryTake("@"))
        {
            bool negated = tokens.TryTake("!");
            guard = new NameOperand(tokens.Word(), negated);
        }
        string opcode = tokens.Word();
        var operands = new List<Operand>();
        while (!tokens.TryTake(";"))
        {
            operands.Add(ReadOperand());
            if (tokens.Next.Text != ";")
                tokens.Expect(",");
        }
        return new InstructionStatement(line, guard, opcode, operands);
    }

    private Operand ReadOperand()
    {
        var first = tokens.Next;
        if (tokens.TryTake("{"))
            return List("}");
        if (tokens.TryTake("("))
            return List(")");
        if (tokens.TryTake("["))
            return Address();
        if (tokens.TryTake("!"))
            return new NameOperand(tokens.Word(), Negated: true);
        if (first.Text == "-" || first.Kind == TokenKind.Number)
        {
            string sign = tokens.TryTake("-") ? "-" : "";
            return tokens.Next.Kind == TokenKind.Number
                ? new LiteralOperand(sign + tokens.Take().Text, first.Line)
                : throw tokens.Unexpected("a number");
        }
        var name = new NameOperand(tokens.Word());
        if (tokens.TryTake("|"))
            return new PairOperand(name, new NameOperand(tokens.Word()));
        return tokens.TryTake("+") ? new AddressOperand(name.Name, tokens.Number()) : name;
    }

    private ListOperand List(string end)
    {
        var items = new List<Operand>();
        while (!tokens.TryTake(end))
        {
            items.Add(ReadOperand());
            if (tokens.Next.Text != end)
                tokens.Expect(",");
        }
        return new ListOperand(items);
    }

    private AddressOperand Address()
    {
        string? name = tokens.Next.Kind == TokenKind.Word ? tokens.Word() : null;
        long offset = name is null || tokens.TryTake("+") || tokens.Next.Text == "-" ? tokens.Number() : 0;
        tokens.Expect("]");
        return new AddressOperand(name, offset);
    }
}
