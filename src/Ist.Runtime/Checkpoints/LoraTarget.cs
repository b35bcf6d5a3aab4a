namespace Ist.Runtime.Checkpoints;

/// <summary>The adapter that a module gets.</summary>
/// <param name="Rank">r.</param>
/// <param name="Alpha">alpha.</param>
/// <param name="Scaling">What B A x is multiplied by: alpha / r, or alpha / sqrt(r) with rsLoRA.</param>
public readonly record struct LoraTarget(int Rank, double Alpha, double Scaling);
