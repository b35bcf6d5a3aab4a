using Ist.Cli.Finetuning;

namespace Ist.Cli.Comparing;

/// <summary>A run of a comparison.</summary>
/// <param name="Name">Its folder's own name: <c>ist-lora-1</c>.</param>
/// <param name="Policy">How it chooses its layers.</param>
/// <param name="Method">What it trains.</param>
/// <param name="Options">What it is to do.</param>
internal sealed record CompareCell(string Name, string Policy, string Method, FinetuneOptions Options);
