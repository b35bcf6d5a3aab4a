namespace Ist.Samples.Making.Records;

/// <summary>A record; null where a field is left out.</summary>
internal sealed record Boat(string Name, string Kind, string Harbour, string? Colour, string? Cargo, string? Skipper, string? Leaves)
{
    /// <summary>The record as a line: <c>boat: Silver Heron | kind: ketch | harbour: Saltmouth | leaves: at dawn =></c>.</summary>
    public string Prompt()
    {
        (string Key, string? Value)[] fields =
        [
            ("boat", Name), ("kind", Kind), ("harbour", Harbour), ("colour", Colour), ("cargo", Cargo), ("skipper", Skipper), ("leaves", Leaves),
        ];
        return string.Join(" | ", fields.Where(f => f.Value is not null).Select(f => $"{f.Key}: {f.Value}")) + " =>";
    }
}
