using System.Text.Json;

namespace Ist.Runtime.Evaluation;

/// <summary>What a model answered to one row.</summary>
/// <param name="Row">The row's line, from 1, or its index in a JSON array, from 0.</param>
/// <param name="Prompt">What the model read.</param>
/// <param name="Answer">The right answer.</param>
/// <param name="Predicted">The model's answer; empty where it gave none, which is wrong.</param>
/// <param name="IsRight">Whether it is the right one.</param>
public sealed record TaskPrediction(int Row, string Prompt, string Answer, string Predicted, bool IsRight)
{
    /// <summary>The choices with their scores; empty where none were compared.</summary>
    public IReadOnlyList<ChoiceScore> Choices { get; init; } = [];

    /// <summary>The text that the model wrote, or null.</summary>
    public string? Output { get; init; }

    /// <summary>Whether the prompt lost tokens, so that it fits the model.</summary>
    public bool IsTruncated { get; init; }

    /// <summary>Writes it as a JSON object.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("row", Row);
        json.WriteString("prompt", Prompt);
        if (Choices.Count > 0)
        {
            json.WriteStartArray("choices");
            foreach (ChoiceScore choice in Choices)
            {
                json.WriteStartObject();
                json.WriteString("text", choice.Text);
                json.WriteNumber("log_likelihood", choice.LogLikelihood);
                json.WriteNumber("tokens", choice.Tokens);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        if (Output is not null)
            json.WriteString("output", Output);
        json.WriteString("answer", Answer);
        json.WriteString("predicted", Predicted);
        json.WriteBoolean("right", IsRight);
        json.WriteBoolean("truncated", IsTruncated);
        json.WriteEndObject();
    }
}
