namespace Ist.Runtime.Peft;

/// <summary>How the virtual tokens of prompt tuning begin (peft's <c>prompt_tuning_init</c>).</summary>
public enum PromptInit
{
    /// <summary>Normal, with deviation 1.</summary>
    Random,

    /// <summary>Embeddings of tokens drawn from the vocabulary.</summary>
    SampleVocab,

    /// <summary>Embeddings of a text's tokens, over and over where it is shorter than the prompt.</summary>
    Text,
}
