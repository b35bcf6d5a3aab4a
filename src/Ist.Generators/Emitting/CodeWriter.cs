using System.Text;

namespace Ist.Generators.Emitting;

/// <summary>Writes indented lines.</summary>
internal sealed class CodeWriter
{
    private readonly StringBuilder _text = new();
    private int _depth;

    public CodeWriter Line(string line = "")
    {
        if (line.Length > 0)
            _text.Append(' ', _depth * 4).Append(line);
        _text.Append('\n');
        return this;
    }

    /// <summary>An opening brace; the closing one comes when the result is disposed.</summary>
    public Braces Open(string? header = null)
    {
        if (header is not null)
            Line(header);
        Line("{");
        _depth++;
        return new Braces(this);
    }

    /// <summary>The next lines stand one step deeper until the result is disposed.</summary>
    public Braces Indent()
    {
        _depth++;
        return new Braces(this, braces: false);
    }

    public override string ToString() => _text.ToString();

    public readonly struct Braces(CodeWriter writer, bool braces = true) : IDisposable
    {
        public void Dispose()
        {
            writer._depth--;
            if (braces)
                writer.Line("}");
        }
    }
}
