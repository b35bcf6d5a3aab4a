namespace Ist.Samples.Making.Records;

/// <summary>A record and what is said about it.</summary>
internal sealed record RecordRow(Boat Boat, string Prompt, string Completion);
