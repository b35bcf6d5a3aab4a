namespace Ist.Runtime.Devices.Gpu;

/// <summary>
/// Work of a GPU: <see cref="Execute"/> is the kernel, what every thread of every group does, and the struct's fields are its
/// arguments. ILGPU compiles it, so it may use only what ILGPU knows: views instead of pointers, no allocation, no exceptions. A
/// struct is internal, not private: ILGPU's launchers lie in an assembly of their own.
/// </summary>
internal interface IGpuJob
{
    /// <summary>What one thread does; <c>Grid</c> and <c>Group</c> say which it is.</summary>
    void Execute();
}
