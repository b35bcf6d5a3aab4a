using Ist.Runtime.Devices;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Layers;

/// <summary>
/// Inverted dropout (Srivastava et al., 2014): each element is kept with probability 1 - p and then divided by 1 - p.
/// Which are kept is a function of the run's seed, the step, the micro-batch, the place in the model and the element's
/// index in the batch alone, so a tile has the batch's mask, and the backward pass finds the same mask again without having stored it.
/// </summary>
public static unsafe partial class Dropout
{
    /// <summary>y = drop(x).</summary>
    /// <param name="run">The run; its seed, step and micro-batch are part of the mask's key.</param>
    /// <param name="y">Receives the result, [rows, width].</param>
    /// <param name="x">The elements, [rows, width].</param>
    /// <param name="width">Elements of a row.</param>
    /// <param name="p">The probability that an element is dropped, in [0, 1).</param>
    /// <param name="site">The place in the model.</param>
    public static void Set(Run run, float* y, float* x, int width, float p, uint site) =>
        Apply(run, Into.Set, y, x, width, p, site);

    /// <summary>y += drop(x): the gradient by what was dropped, since the mask is its own derivative.</summary>
    /// <param name="run">The run; its seed, step and micro-batch are part of the mask's key.</param>
    /// <param name="y">Is added to, [rows, width].</param>
    /// <param name="x">The elements, [rows, width].</param>
    /// <param name="width">Elements of a row.</param>
    /// <param name="p">The probability that an element is dropped, in [0, 1).</param>
    /// <param name="site">The place in the model.</param>
    public static void Add(Run run, float* y, float* x, int width, float p, uint site) =>
        Apply(run, Into.Add, y, x, width, p, site);
}
