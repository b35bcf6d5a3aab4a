namespace Ist.Runtime.Evaluation;

/// <summary>A task: which fields of a row make its prompt and its choices, and when an answer is right. It names no model and no file.</summary>
public sealed record TaskDefinition
{
    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>How its rows are answered; a task may have what several kinds need.</summary>
    public required TaskKind Kind { get; init; }

    /// <summary>What a decoder reads. Null where only a classifier can answer.</summary>
    public PromptTemplate? Prompt { get; init; }

    /// <summary>Follows the prompt where choices are compared, so that an answer in a fixed sentence is judged by its last words alone.</summary>
    public string LeadIn { get; init; } = "";

    /// <summary>Stands between the prompt and a choice, and does not count as part of the choice (<c>target_delimiter</c>).</summary>
    public string Separator { get; init; } = " ";

    /// <summary>The choices.</summary>
    public IReadOnlyList<PromptTemplate> Choices { get; init; } = [];

    /// <summary>The field with the list of choices, where each row has its own.</summary>
    public string? ChoicesField { get; init; }

    /// <summary>The field that has to contain a choice for the row to offer it, or null: rows of ARC have three, four or five.</summary>
    public string? ListedIn { get; init; }

    /// <summary>What the answer's field has for the choices, or the labels, in their order; empty for a choice's own text or its number, from 0.</summary>
    public IReadOnlyList<string> Labels { get; init; } = [];

    /// <summary>The field with the right answer.</summary>
    public required string Answer { get; init; }

    /// <summary>The fields of the text, or of the two texts, that a classifier reads.</summary>
    public IReadOnlyList<string> Texts { get; init; } = [];

    /// <summary>How an answer is taken out of a generated text.</summary>
    public AnswerExtraction? Extraction { get; init; }

    /// <summary>A generated text ends before this, or null.</summary>
    public string? Until { get; init; }

    /// <summary>The most tokens of a generated text (<c>max_new_tokens</c>).</summary>
    public int MaxNewTokens { get; init; } = 32;

    /// <summary>Refuses a task that lacks what its kind needs.</summary>
    /// <param name="byClassifier">Whether a classifier answers, not a decoder.</param>
    /// <exception cref="InputException">Names the key.</exception>
    public void Check(bool byClassifier)
    {
        if (byClassifier)
        {
            Require(Kind == TaskKind.Classification, "kind: classification", "a model that classifies texts can answer no other");
            Require(Texts.Count is 1 or 2, "texts", "the one or two fields that a classifier reads");
            return;
        }
        Require(Prompt is not null, "prompt", "the text that a decoder goes on from");
        if (Kind == TaskKind.Generation)
            Require(Extraction is not null, "pattern", "what takes the answer out of the text; '(?s).*' is all of it");
        else
            Require(Choices.Count > 0 || ChoicesField is not null, "choices", "the texts to choose from, or choices_field, the field with them");
    }

    private void Require(bool has, string key, string meaning)
    {
        if (!has)
            throw new InputException($"task {Name}: it lacks {key}, {meaning}");
    }
}
