namespace Ist.Reports.Runs;

/// <summary>A layer's place among all.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Importance">I, the logit of being safe to suppress.</param>
/// <param name="Weight">sigmoid(-I): with it IST draws the layers of a step.</param>
/// <param name="Steps">Steps that trained it.</param>
/// <param name="Rank">The rank that is suggested for it.</param>
/// <param name="IsKept">Whether it is among the layers that are suggested to be adapted.</param>
internal sealed record RankedLayer(int Layer, double Importance, double Weight, long Steps, int Rank, bool IsKept);
