namespace Ist.Runtime.Sparse;

/// <summary>The model as a selection policy sees it: a loss for each choice of adapter scales, on one batch of training rows.</summary>
public interface IProbe
{
    /// <summary>
    /// Mean loss per trained token (nats) of the probe batch, in evaluation mode. The batch is the same for all calls of one
    /// event.
    /// </summary>
    /// <param name="adapterScales">What the adapters' output of each layer is multiplied by.</param>
    /// <exception cref="RunException">The loss is not a number.</exception>
    double Loss(float[] adapterScales);
}
