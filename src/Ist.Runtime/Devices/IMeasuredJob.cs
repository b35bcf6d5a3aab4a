namespace Ist.Runtime.Devices;

/// <summary>A job that can say how much it does, so that a <see cref="WorkProfile"/> gives its rates beside its time.</summary>
public interface IMeasuredJob : ICpuJob
{
    /// <summary>What all tasks of the job do together. Asked for only while a profile is taken.</summary>
    JobWork Work { get; }
}
