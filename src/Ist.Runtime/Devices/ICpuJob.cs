namespace Ist.Runtime.Devices;

/// <summary>
/// Work cut into tasks that write different places, so that any thread may do any task in any order and the result has
/// the same bits. An unmanaged struct: handing it out allocates nothing.
/// </summary>
public interface ICpuJob
{
    /// <summary>Does one task.</summary>
    /// <param name="task">Which one, from 0.</param>
    /// <param name="worker">Whose scratch memory to use (<see cref="CpuDevice.Scratch"/>).</param>
    void Execute(int task, int worker);
}
