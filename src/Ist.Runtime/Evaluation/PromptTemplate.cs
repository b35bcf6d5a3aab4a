using System.Text;

namespace Ist.Runtime.Evaluation;

/// <summary>A text with places for a row's fields: <c>{question}</c>. <c>{{</c> and <c>}}</c> are braces.</summary>
public sealed class PromptTemplate
{
    // Text and names of fields take turns, text first.
    private readonly List<string> _pieces = [];

    /// <summary>Takes a template apart.</summary>
    /// <param name="origin">Where it stands, for messages.</param>
    /// <param name="text">The template.</param>
    /// <exception cref="InputException">A brace has no partner, or nothing stands between two.</exception>
    public PromptTemplate(string origin, string text)
    {
        var piece = new StringBuilder();
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] is '{' or '}' && i + 1 < text.Length && text[i + 1] == text[i])
            {
                piece.Append(text[i++]);
                continue;
            }
            if (text[i] is not ('{' or '}'))
            {
                piece.Append(text[i]);
                continue;
            }
            int end = text[i] == '{' ? text.IndexOf('}', i) : -1;
            if (end <= i + 1)
                throw new InputException($"{origin}: the brace at character {i + 1} belongs to no field; write {{field}}, or {{{{ and }}}} for braces");
            _pieces.AddRange([piece.ToString(), text[(i + 1)..end]]);
            piece.Clear();
            i = end;
        }
        _pieces.Add(piece.ToString());
    }

    /// <summary>The text with the row's fields in their places.</summary>
    /// <exception cref="InputException">The row lacks a field, or has something else than a text, a number or a truth value there.</exception>
    public string Fill(TaskRow row) => string.Concat(_pieces.Select((piece, i) => i % 2 == 0 ? piece : row.Text(piece)));
}
