namespace Ist.Runtime.Sparse;

/// <summary>The model as a selection policy sees it: a loss for each choice of adapter scales, on one batch of training rows.</summary>
public interface IProbe
{
    /// <summary>
    /// Mean losses per trained token (nats) of the probe batch, in evaluation mode. The batch is the same for all choices, and for all
    /// calls of one event.
    /// </summary>
    /// <param name="adapterScales">For each choice what the adapters' output of each layer is multiplied by.</param>
    /// <param name="losses">The loss of each choice.</param>
    /// <exception cref="RunException">A loss is not a number.</exception>
    void Measure(float[][] adapterScales, Span<double> losses);
}
