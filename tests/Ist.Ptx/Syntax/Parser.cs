namespace Ist.Ptx.Syntax;

/// <summary>Reads PTX text into functions and variables. What it does not know is an error with its line.</summary>
internal sealed class Parser
{
    private readonly TokenReader _tokens;
    private readonly List<VariableStatement> _variables = [];
    private readonly Dictionary<string, Function> _functions = [];
    private string? _target;

    private Parser(string text) => _tokens = new TokenReader(text);

    /// <summary>Reads a module.</summary>
    /// <exception cref="PtxException">The text is no PTX that is known here.</exception>
    public static ModuleSyntax Parse(string text)
    {
        var parser = new Parser(text);
        while (parser._tokens.Next.Kind != TokenKind.End)
            parser.TopLevel();
        return new ModuleSyntax(
            text.Split('\n'),
            parser._target ?? throw new PtxException(1, "no .target"),
            parser._variables,
            parser._functions);
    }

    private void TopLevel()
    {
        while (_tokens.Next.Text is ".visible" or ".extern" or ".weak")
            _tokens.Take();
        switch (_tokens.Next.Text)
        {
            case ".version":
                _tokens.Take();
                _tokens.Take();
                break;
            case ".target":
                _tokens.Take();
                _target = _tokens.Word();
                while (_tokens.TryTake(","))
                    _tokens.Word();
                break;
            case ".address_size":
                _tokens.Take();
                if (_tokens.Number() != 64)
                    throw new PtxException(_tokens.Next.Line, ".address_size must be 64");
                break;
            case ".entry" or ".func":
                ReadFunction();
                break;
            case ".global" or ".const" or ".shared":
                _variables.Add(VariableReader.Read(_tokens));
                _tokens.Expect(";");
                break;
            default:
                throw new PtxException(_tokens.Next.Line, $"'{_tokens.Next.Text}' is not known at the top of a module");
        }
    }

    private void ReadFunction()
    {
        int line = _tokens.Next.Line;
        bool kernel = _tokens.Take().Text == ".entry";
        var results = !kernel && _tokens.Next.Text == "(" ? Parameters() : [];
        string name = _tokens.Word();
        var parameters = _tokens.Next.Text == "(" ? Parameters() : [];
        var maximum = Directives();
        if (_tokens.TryTake(";"))
            return;
        var body = new BodyReader(_tokens).Read();
        if (!_functions.TryAdd(name, new Function(line, name, kernel, results, parameters, body, maximum)))
            throw new PtxException(line, $"function '{name}' is defined twice");
    }

    private List<VariableStatement> Parameters()
    {
        var parameters = new List<VariableStatement>();
        _tokens.Expect("(");
        while (!_tokens.TryTake(")"))
        {
            parameters.Add(VariableReader.Read(_tokens));
            if (_tokens.Next.Text != ")")
                _tokens.Expect(",");
        }
        return parameters;
    }

    private Index3? Directives()
    {
        Index3? maximum = null;
        while (_tokens.Next.Text is ".maxntid" or ".minnctapersm" or ".reqntid" or ".maxnreg" or ".noreturn")
        {
            string directive = _tokens.Take().Text;
            var numbers = new List<int>();
            while (_tokens.Next.Kind == TokenKind.Number)
            {
                numbers.Add((int)_tokens.Number());
                _tokens.TryTake(",");
            }
            if (directive is ".maxntid" or ".reqntid")
                maximum = new Index3(numbers[0], numbers.ElementAtOrDefault(1) is > 0 and var y ? y : 1, numbers.ElementAtOrDefault(2) is > 0 and var z ? z : 1);
        }
        return maximum;
    }
}
