using Ist.Ptx.Execution;
using Ist.Ptx.Instructions;
using Ist.Ptx.Memory;
using Ist.Ptx.Syntax;

namespace Ist.Ptx.Decoding;

/// <summary>The statements of a function's body.</summary>
internal sealed partial class KernelDecoder
{
    private void Body(Function function)
    {
        foreach (var statement in function.Body)
        {
            switch (statement)
            {
                case ScopeStatement { Opens: true }:
                    _scopes.Add([]);
                    break;
                case ScopeStatement:
                    _scopes.RemoveAt(_scopes.Count - 1);
                    break;
                case RegisterStatement registers:
                    Declare(registers);
                    break;
                case VariableStatement variable:
                    Name(variable.Name, Declare(variable), variable.Line);
                    break;
                case LabelStatement { Targets: null } label:
                    Mark(Label(label.Name, label.Line));
                    break;
                case InstructionStatement instruction when instruction.Opcode.StartsWith("call", StringComparison.Ordinal):
                    Call(instruction);
                    break;
                case InstructionStatement instruction:
                    Append(instruction);
                    break;
            }
        }
    }

    private void Append(InstructionStatement statement)
    {
        var form = new Form(this, statement);
        var instruction = InstructionDecoder.Decode(form);
        form.Opcode.End();
        Append(instruction, statement.Line, Source(statement.Line), statement.Guard, form.Reads, form.Writes);
    }

    private void Append(Instruction instruction, int line, string source, NameOperand? guard, Register[] reads, params Register[] writes)
    {
        Register? predicate = null;
        if (guard is not null)
        {
            predicate = Find(guard.Name) is RegisterSymbol { Register: { IsPredicate: true } register }
                ? register
                : throw new PtxException(line, $"'{guard.Name}' is no predicate");
        }
        instruction.Place(line, source, predicate, guard?.Negated ?? false, reads, writes);
        _instructions.Add(instruction);
    }

    private void Declare(RegisterStatement registers)
    {
        if (registers.Count is not { } count)
        {
            Name(registers.Name, new RegisterSymbol(Registers.Allocate(registers.Name, registers.Type)), registers.Line);
            return;
        }
        for (int i = 0; i < count; i++)
            Name(registers.Name + i, new RegisterSymbol(Registers.Allocate(registers.Name + i, registers.Type)), registers.Line);
    }

    private VariableSymbol Declare(VariableStatement variable)
    {
        if (variable.Space == "shared")
        {
            if (variable.Bytes is not { } bytes)
                return new VariableSymbol(VariableSymbol.DynamicShared, 0);
            int offset = Align(_sharedBytes, variable.Align);
            _sharedBytes = offset + bytes;
            return new VariableSymbol("shared", (ulong)(SharedMemory.Base + offset));
        }
        int place = Align(_localBytes, variable.Align);
        _localBytes = place + (variable.Bytes ?? throw new PtxException(variable.Line, $"variable '{variable.Name}' has no size"));
        return new VariableSymbol("local", (ulong)(LocalMemory.Base + place));
    }

    private void Name(string name, Symbol symbol, int line)
    {
        if (!_scopes[^1].TryAdd(name, symbol))
            throw new PtxException(line, $"'{name}' is declared twice");
    }

    private void Mark(Label label)
    {
        if (label.Instruction >= 0)
            throw new PtxException(label.Line, $"label '{label.Name}' stands twice");
        label.Instruction = _instructions.Count;
    }

    private void Call(InstructionStatement statement)
    {
        var opcode = new Opcode(statement.Opcode, statement.Line);
        opcode.Take("uni");
        opcode.End();
        var operands = statement.Operands.ToList();
        var results = operands[0] is ListOperand first ? first.Items : [];
        if (operands[0] is ListOperand)
            operands.RemoveAt(0);
        if (operands is not [NameOperand name, .. var rest] || !_module.Functions.TryGetValue(name.Name, out var function) || function.IsKernel)
            throw new PtxException(statement.Line, $"'{Source(statement.Line)}' calls no function that this module defines");
        var arguments = rest is [ListOperand list] ? list.Items : [];
        if (results.Count != function.Results.Count || arguments.Count != function.Parameters.Count)
            throw new PtxException(statement.Line, $"'{function.Name}' takes {function.Parameters.Count} arguments and gives {function.Results.Count} results");
        if (_frame.Depth == MostCallsWithin)
            throw new PtxException(statement.Line, $"'{function.Name}' is called {MostCallsWithin} deep: recursion can't be executed here");

        var names = new Dictionary<string, Symbol>();
        foreach (var (formal, actual) in function.Results.Concat(function.Parameters).Zip(results.Concat(arguments)))
        {
            names.Add(formal.Name, actual is NameOperand argument && Find(argument.Name) is VariableSymbol { Space: "local" } variable
                ? variable
                : throw new PtxException(statement.Line, $"an argument of '{function.Name}' is no .param variable"));
        }

        var caller = _frame;
        var skipped = new Label("behind the call", statement.Line);
        if (statement.Guard is { } guard)
            Append(new Branch(skipped, uniform: false), statement.Line, Source(statement.Line), guard with { Negated = !guard.Negated }, []);
        _frame = new FunctionFrame(function, caller, _scopes.Count);
        _scopes.Add(names);
        Body(function);
        _scopes.RemoveAt(_scopes.Count - 1);
        Mark(_frame.End);
        _frame.CheckLabels();
        _frame = caller;
        Mark(skipped);
    }

    private string Source(int line) => _module.Lines[line - 1].Trim();

    private static int Align(int offset, int alignment) => (offset + alignment - 1) / alignment * alignment;
}
