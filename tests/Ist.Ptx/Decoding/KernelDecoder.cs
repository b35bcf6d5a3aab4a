using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>Turns the text of a kernel into instructions. A device function is decoded anew where it is called, with registers of its own.</summary>
internal sealed partial class KernelDecoder
{
    private const int MostCallsWithin = 32;

    private readonly ModuleSyntax _module;
    private readonly List<Instruction> _instructions = [];
    private readonly List<Dictionary<string, Symbol>> _scopes = [];
    private FunctionFrame _frame;
    private int _localBytes, _sharedBytes, _parameterBytes;

    private KernelDecoder(ModuleSyntax module, Function kernel, IReadOnlyDictionary<string, ulong> globals)
    {
        (_module, _frame) = (module, new FunctionFrame(kernel, null, 1));
        var names = new Dictionary<string, Symbol>();
        foreach (var variable in module.Variables)
            names.Add(variable.Name, variable.Space == "shared" ? Declare(variable) : new VariableSymbol(variable.Space, globals[variable.Name]));
        _scopes.Add(names);
    }

    public RegisterAllocator Registers { get; } = new();

    private int GlobalAccesses { get; set; }

    /// <summary>Decodes a kernel.</summary>
    /// <exception cref="PtxException">An instruction, a modifier or a name is not known.</exception>
    public static Kernel Decode(ModuleSyntax module, Function kernel, IReadOnlyDictionary<string, ulong> globals)
    {
        var decoder = new KernelDecoder(module, kernel, globals);
        decoder._scopes.Add([]);
        var parameters = new List<(int, int)>();
        foreach (var parameter in kernel.Parameters)
        {
            int bytes = parameter.Bytes!.Value, offset = Align(decoder._parameterBytes, parameter.Align);
            decoder._scopes[^1].Add(parameter.Name, new VariableSymbol(VariableSymbol.KernelParameter, (ulong)offset));
            decoder._parameterBytes = offset + bytes;
            parameters.Add((offset, bytes));
        }
        decoder.Body(kernel);
        decoder.Mark(decoder._frame.End);
        decoder.Append(new Exit(), kernel.Line, "the end of the kernel", null, []);
        decoder._frame.CheckLabels();
        return new Kernel
        {
            Name = kernel.Name,
            Instructions = [.. decoder._instructions],
            RegisterNames = decoder.Registers.Names,
            RegisterBytes = decoder.Registers.Bytes,
            Constants = decoder.Registers.Constants,
            Specials = decoder.Registers.Specials,
            ParameterBytes = decoder._parameterBytes,
            Parameters = parameters,
            LocalBytes = decoder._localBytes,
            StaticSharedBytes = decoder._sharedBytes,
            GlobalAccesses = decoder.GlobalAccesses,
            MaxThreads = kernel.MaxThreads,
        };
    }

    public Symbol? Find(string name)
    {
        for (int i = _scopes.Count - 1; i >= _frame.FirstScope; i--)
        {
            if (_scopes[i].TryGetValue(name, out var symbol))
                return symbol;
        }
        return _scopes[0].GetValueOrDefault(name);
    }

    /// <summary>A number for an instruction that reads or writes global memory.</summary>
    public int NumberGlobalAccess() => GlobalAccesses++;

    public Label Label(string name, int line) => _frame.Label(name, line);

    /// <summary>The labels that a .branchtargets list names.</summary>
    public IReadOnlyList<Label> Targets(string list, int line) => _frame.Targets(list, line);

    /// <summary>What ret is here: the end of the kernel, or of the function that was called.</summary>
    public Instruction Return() => _frame.Caller is null ? new Exit() : new Branch(_frame.End, uniform: false);
}
