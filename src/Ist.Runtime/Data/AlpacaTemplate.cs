namespace Ist.Runtime.Data;

/// <summary>
/// The prompt of Stanford's Alpaca, character for character. It ends in <c>### Response:</c> without a line break, and the
/// output follows at once. Source: tatsu-lab/stanford_alpaca, <c>train.py</c>, <c>PROMPT_DICT</c>.
/// </summary>
public static class AlpacaTemplate
{
    /// <summary>The prompt of an instruction; an empty <paramref name="input"/> leaves its section out.</summary>
    public static string Prompt(string instruction, string input) => input.Length == 0
        ? "Below is an instruction that describes a task. "
            + "Write a response that appropriately completes the request.\n\n"
            + $"### Instruction:\n{instruction}\n\n### Response:"
        : "Below is an instruction that describes a task, paired with an input that provides further context. "
            + "Write a response that appropriately completes the request.\n\n"
            + $"### Instruction:\n{instruction}\n\n### Input:\n{input}\n\n### Response:";
}
