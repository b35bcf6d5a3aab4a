namespace Ist.Runtime.Data;

/// <summary>How a data file gives its texts.</summary>
public enum DataForm
{
    /// <summary>Objects <c>{"text"}</c>: every token is trained.</summary>
    Text,

    /// <summary>Objects <c>{"prompt", "completion"}</c>: the completion is trained.</summary>
    PromptCompletion,

    /// <summary>
    /// Objects <c>{"instruction", "input", "output"}</c>, put into the <see cref="AlpacaTemplate"/>; the input may be missing or
    /// empty, and the <c>answer</c> that LLM-Adapters' files add is not read. The output is trained.
    /// </summary>
    Alpaca,

    /// <summary>
    /// Objects with a <c>label</c> and one text (<c>text</c>, <c>sentence</c>) or a pair of them, under the names that GLUE's tasks give
    /// them: for a classifier.
    /// </summary>
    Labelled,

    /// <summary>A <c>.txt</c> file: one running text, cut into windows.</summary>
    PlainText,
}
