namespace Ist.Ptx.Decoding;

/// <summary>The name of an instruction and its modifiers, which are taken one by one; one that nobody takes is an error.</summary>
internal sealed class Opcode
{
    private readonly List<string> _modifiers;

    public Opcode(string text, int line)
    {
        string[] parts = text.Split('.');
        (Text, Line, Name, _modifiers) = (text, line, parts[0], [.. parts.Skip(1)]);
    }

    public string Text { get; }

    public int Line { get; }

    public string Name { get; }

    public bool Take(string modifier) => _modifiers.Remove(modifier);

    /// <summary>Takes the first of these modifiers that is there; null for none.</summary>
    public string? TakeOne(params ReadOnlySpan<string> modifiers)
    {
        foreach (string modifier in modifiers)
        {
            if (Take(modifier))
                return modifier;
        }
        return null;
    }

    /// <summary>Takes one of these modifiers.</summary>
    public string Expect(params ReadOnlySpan<string> modifiers) => TakeOne(modifiers) ?? throw Unknown($"one of .{string.Join(", .", modifiers)} is missing");

    /// <summary>Takes the first type.</summary>
    public PtxType Type()
    {
        int at = _modifiers.FindIndex(modifier => PtxType.Find(modifier) is not null);
        if (at < 0)
            throw Unknown("it has no type that is known here");
        var type = PtxType.Find(_modifiers[at])!;
        _modifiers.RemoveAt(at);
        return type;
    }

    /// <summary>Checks that all modifiers are known.</summary>
    public void End()
    {
        if (_modifiers.Count > 0)
            throw Unknown($"modifier .{_modifiers[0]} is not known here");
    }

    public PtxException Unknown(string why) => new(Line, $"'{Text}' can't be executed: {why}");
}
