namespace Ist.Runtime.Evaluation;

/// <summary>How a task's rows are answered.</summary>
public enum TaskKind
{
    /// <summary>The model's log-likelihood of each choice behind the prompt decides.</summary>
    MultipleChoice,

    /// <summary>The model goes on from the prompt, and the answer is taken out of its text.</summary>
    Generation,

    /// <summary>Each text has one of the same few labels: a classifier gives it, or a decoder by the log-likelihood of its choices.</summary>
    Classification,
}
