namespace Ist.Runtime.Models;

/// <summary>What becomes of a tensor of the base model under a method.</summary>
public readonly record struct WeightUse
{
    private WeightUse(string key, bool isTrained)
    {
        Key = key;
        IsTrained = isTrained;
    }

    /// <summary>It stays as the checkpoint has it, and is not saved.</summary>
    public static WeightUse Frozen => default;

    /// <summary>Its name in the file that training writes; null where it is not saved.</summary>
    public string? Key { get; }

    /// <summary>Whether training changes it.</summary>
    public bool IsTrained { get; }

    /// <summary>Whether a file may lack it; it then stays as the checkpoint has it.</summary>
    public bool IsOptional { get; init; }

    /// <summary>
    /// It is trained, in F32. Under its own name it is the model itself that is trained, and what is tied to it shares it. Under any
    /// other key it is a copy in the adapter's file, which takes the tensor's place in its own module alone.
    /// </summary>
    public static WeightUse Trained(string key) => new(key, isTrained: true);

    /// <summary>It is frozen, but the adapter's file has a copy of it.</summary>
    public static WeightUse Saved(string key) => new(key, isTrained: false);
}
