namespace Ist.Runtime.Optimizers;

/// <summary>What becomes of the optimizer's moments of a layer that a step leaves out.</summary>
public enum InactiveMoments
{
    /// <summary>They wait, with their count of steps, for the next step that trains the layer, as in IST's released code.</summary>
    Keep,

    /// <summary>They become zero, and so does their count of steps: a layer that is trained again begins anew.</summary>
    Clear,

    /// <summary>They are cleared and leave memory: there is room for those of the layers that one step trains.</summary>
    Free,
}
