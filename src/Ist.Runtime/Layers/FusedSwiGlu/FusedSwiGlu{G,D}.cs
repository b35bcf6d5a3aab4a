using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// y = silu(gate) * up, where a row holds the gate and behind it what is multiplied, as one projection gives them
/// (<c>gate_up_proj</c> of Phi-3); otherwise as <see cref="SwiGlu{D}"/>.
/// </summary>
/// <typeparam name="G">The gate and the other input, side by side.</typeparam>
/// <typeparam name="D">One of them.</typeparam>
public sealed class FusedSwiGlu<G, D> where G : IWidth where D : IWidth;
