namespace Ist.Runtime.Data;

/// <summary>How texts become examples.</summary>
/// <param name="MaxLength">The most tokens of an example, BOS and EOS among them; at least 2.</param>
/// <param name="TrainOnPrompt">Whether prompts are trained as well as completions.</param>
public sealed record EncodingOptions(int MaxLength, bool TrainOnPrompt = false);
