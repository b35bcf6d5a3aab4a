namespace Ist.Runtime.Peft;

/// <summary>The settings of a PEFT method; each method derives its own.</summary>
public abstract record PeftOptions
{
    /// <summary>Whether every weight of the base model is a parameter, in F32.</summary>
    public virtual bool TrainsBaseWeights => false;
}
