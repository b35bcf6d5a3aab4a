using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>A slot of a model and what the method put there.</summary>
/// <param name="Module">The adapted member's name in the checkpoint.</param>
/// <param name="Layer">Its layer, or -1 outside the stack.</param>
/// <param name="Description">What the slot holds, such as <c>LoRA r=8 alpha=16</c>; null when it is empty.</param>
/// <param name="Merge">Folds the adapter into the member's weight; null when it is empty.</param>
/// <param name="FanInFanOut">Whether the member's weight is stored [in, out] (peft's <c>fan_in_fan_out</c>).</param>
public sealed record SlotEntry(string Module, int Layer, string? Description, Action? Merge, bool FanInFanOut = false);
