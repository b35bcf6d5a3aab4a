using System.Diagnostics;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Ist.Runtime.Data;
using Ist.Runtime.Devices.Gpu;
using Ist.Runtime.Layers;
using Ist.Runtime.Numerics.GpuProducts;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Devices;

/// <summary>
/// A CUDA card through ILGPU. Addresses of its memory are bare pointers, as elsewhere; the host reads and writes there by
/// <see cref="Device.Upload(void*, void*, long)"/> and <see cref="Device.Download(void*, void*, long)"/> alone. Kernels are compiled at
/// their first launch and kept; launches go to one stream, in order, and allocate nothing.
/// </summary>
public sealed unsafe partial class IlgpuDevice : Device
{
    /// <summary>Bytes of <see cref="Workspace"/>.</summary>
    internal const int WorkspaceBytes = 4 << 20;

    // Bytes of shared memory that a launch may take without asking.
    private const int FreelyShared = 48 << 10;

    // The oldest cards whose tensor cores multiply BF16 and TF32, and that copy asynchronously.
    private const int TensorMajor = 8;

    private const int StagingBytes = 16 << 20, StagingAlignment = 256;

    private readonly Context? _context;
    private readonly CudaAccelerator? _accelerator;
    private readonly AcceleratorStream? _stream;
    private readonly AddressSpace? _space;
    private readonly CPUMemoryBuffer? _staging;
    private readonly Dictionary<Type, Delegate> _kernels = [];
    private readonly Dictionary<nint, MemoryBuffer> _allocations = [];
    private readonly Dictionary<Batch, BatchMirror> _mirrors = [];
    private readonly GradientTable? _gradients;
    private long _staged;

    private IlgpuDevice(Context context, CudaDevice card)
    {
        _context = context;
        _accelerator = card.CreateCudaAccelerator(context);
        _stream = _accelerator.CreateStream();
        _space = new AddressSpace(_accelerator);
        _staging = CPUMemoryBuffer.CreatePageLocked(_accelerator, StagingBytes, 1);
        Name = card.Name;
        Workspace = Allocate(WorkspaceBytes);
        ProductParts = (float*)Allocate(ProductPlan.PartsBytes);
        FactorCopies = (byte*)Allocate(CopyPlan.Bytes);
        _gradients = new GradientTable(this);
    }

    private IlgpuDevice() => Name = "CUDA";

    /// <summary>
    /// A device without a card, without memory and without kernels: launches do nothing, but a layer that has no kernel for a GPU is refused
    /// as it would be in a run.
    /// </summary>
    internal static IlgpuDevice Rehearsing() => new();

    /// <inheritdoc/>
    public override string Name { get; }

    /// <inheritdoc/>
    public override bool IsHost => false;

    /// <inheritdoc/>
    /// <remarks>Tensor cores know the others from compute capability 8.0 on.</remarks>
    public override void Require(Precision precision)
    {
        if (precision != Precision.F32 && _accelerator is { Architecture: { Major: < TensorMajor } old })
            throw new InputException($"precision {precision.ToName()} needs compute capability {TensorMajor}.0 or newer, and {Name} has {old.Major}.{old.Minor}; leave it out.");
    }

    /// <summary>Bytes that can be taken now.</summary>
    public long FreeBytes => _accelerator!.GetFreeMemory();

    /// <summary>Bytes that this device has allocated.</summary>
    internal long TakenBytes => _allocations.Values.Sum(buffer => buffer.LengthInBytes);

    /// <summary>Whether launches do nothing (<see cref="Rehearsing"/>).</summary>
    internal bool IsRehearsing => _accelerator is null;

    /// <summary>Memory that one launcher at a time shares with what it launches: <see cref="WorkspaceBytes"/> bytes.</summary>
    internal void* Workspace { get; }

    /// <summary>Where products put the parts of their sums: <see cref="ProductPlan.PartsBytes"/> bytes.</summary>
    internal float* ProductParts { get; }

    /// <summary>The gradients of the step's parameters.</summary>
    internal GradientTable Gradients => _gradients ?? throw new InvalidOperationException("A rehearsal has no gradients.");

    /// <summary>Where factors of products are copied that must be in another format: <see cref="CopyPlan.Bytes"/> bytes.</summary>
    internal byte* FactorCopies { get; }

    /// <summary>Whether the card has what came with compute capability 8.0: tensor cores for BF16 and TF32, and copies into shared memory past the registers.</summary>
    internal bool HasCapability8 => _accelerator is not { Architecture: { Major: < TensorMajor } };

    /// <summary>Computes the products that it takes; null, as at first, where kernels compute all.</summary>
    internal Cublas? Cublas { get; private set; }

    /// <summary>The stream of all launches, as the driver knows it.</summary>
    internal nint StreamHandle => ((CudaStream)_stream!).StreamPtr;

    /// <summary>The library that computes large products, in a word or two; null where kernels do.</summary>
    public string? ProductLibrary => Cublas?.Name;

    /// <summary>The same and how it rounds factors: "cuBLAS 13.0 (bf16)".</summary>
    /// <param name="precision">That of the base model's products.</param>
    public string? ProductLibraryIn(Precision precision) => Cublas is null ? null : $"{Cublas.Name} ({precision.ToName()})";

    /// <summary>What the host knows of the routes that stand on the card.</summary>
    internal RouteCounts RouteCounts { get; } = new();

    /// <summary>What launchers without a kernel for a GPU are given instead of the processor.</summary>
    internal CpuDevice Refusal { get; } = CpuDevice.Refusing("cuda");

    /// <summary>Lets cuBLAS compute large products, where it is installed. Called before a run is laid out, since it takes memory.</summary>
    /// <param name="reason">Why it does not, in words; null where it does.</param>
    /// <exception cref="RunException">It is installed, but does not work.</exception>
    public bool TryUseCublas(out string? reason)
    {
        _accelerator!.Bind();
        if (Cublas is null && Gpu.Cublas.TryLoad(this, StreamHandle, out Cublas? cublas))
            Cublas = cublas;
        reason = Cublas is null ? Gpu.Cublas.Missing : null;
        return Cublas is not null;
    }

    /// <summary>Launches a kernel: so many groups of so many threads, after what was launched before.</summary>
    /// <param name="groups">Groups; none where it is 0.</param>
    /// <param name="threads">Threads of a group, a multiple of 32.</param>
    /// <param name="job">The kernel and its arguments.</param>
    internal void For<TJob>(int groups, int threads, in TJob job) where TJob : struct, IGpuJob => For(new Index3D(groups, 1, 1), threads, job);

    /// <summary>Launches a kernel: so many groups of so many threads, after what was launched before.</summary>
    /// <param name="groups">Groups; none where it is 0.</param>
    /// <param name="threads">Threads of a group, a multiple of 32.</param>
    /// <param name="job">The kernel and its arguments.</param>
    /// <param name="sharedBytes">Bytes of shared memory that the kernel takes by <c>SharedMemory.GetDynamic</c>; above 48 KiB always the same of a kernel.</param>
    internal void For<TJob>(Index3D groups, int threads, in TJob job, int sharedBytes = 0) where TJob : struct, IGpuJob
    {
        if (groups.Size == 0 || IsRehearsing)
            return;
        var config = new KernelConfig(groups, new Index3D(threads, 1, 1), sharedBytes == 0 ? SharedMemoryConfig.Empty : SharedMemoryConfig.RequestDynamic<byte>(sharedBytes));
        Action<AcceleratorStream, KernelConfig, TJob> kernel = Kernel<TJob>(sharedBytes);
        long begin = BeginMeasured();
        kernel(_stream!, config, job);
        EndMeasured(typeof(TJob), begin);
    }

    /// <summary>Begins work that a profile measures; without one nothing is waited for.</summary>
    internal long BeginMeasured()
    {
        if (Profile is null)
            return 0;
        Synchronize();
        return Stopwatch.GetTimestamp();
    }

    /// <summary>Ends it.</summary>
    /// <param name="kernel">What ran.</param>
    /// <param name="begin">What <see cref="BeginMeasured"/> gave.</param>
    internal void EndMeasured(Type kernel, long begin)
    {
        if (Profile is not { } profile)
            return;
        Synchronize();
        profile.Add(kernel, Stopwatch.GetTimestamp() - begin);
    }

    /// <summary>Elements of the device's memory, for a kernel.</summary>
    /// <exception cref="InvalidOperationException">There are BF16 values, which the kernel whose launcher asks can't read.</exception>
    internal ArrayView<T> View<T>(T* at, long count) where T : unmanaged => BFloat16Address.Is(at)
        ? throw new InvalidOperationException("A kernel that reads floats alone was given activations in BF16.")
        : _space is null ? default : _space.View<T>(at, count);

    /// <summary>Activations or gradients, in the format in which they are stored, for a kernel.</summary>
    internal Values Values(float* at, long count) => BFloat16Address.Is(at)
        ? new Values(View(BFloat16Address.Real(at), count), Gpu.Values.BFloat16)
        : View(at, count);

    /// <summary>A tensor in the precision that it is stored in, for a kernel.</summary>
    internal Stored Stored(void* at, DType dtype, long count) => new(
        View((float*)at, dtype == DType.F32 ? count : 0), View((ushort*)at, dtype == DType.F32 ? 0 : count),
        dtype switch
        {
            DType.F32 => Gpu.Stored.Single,
            DType.BF16 => Gpu.Stored.BFloat16,
            DType.F16 => Gpu.Stored.Half,
            _ => throw new ArgumentOutOfRangeException(nameof(dtype), dtype, "Weights are F32, BF16 or F16."),
        });

    /// <summary>Where the device has a copy of a batch's numbers, which is made anew when the batch was filled since.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="numbers">Of the batch, on the host.</param>
    internal int* Mirror(Batch batch, int* numbers)
    {
        if (IsRehearsing)
            return null;
        if (!_mirrors.TryGetValue(batch, out BatchMirror? mirror))
            _mirrors.Add(batch, mirror = new BatchMirror((int*)Allocate(batch.Bytes)));
        if (mirror.Fillings != batch.Fillings)
        {
            Upload(batch.Memory, mirror.Memory, batch.Bytes);
            mirror.Fillings = batch.Fillings;
        }
        return mirror.Memory + (numbers - batch.Memory);
    }

    private Action<AcceleratorStream, KernelConfig, TJob> Kernel<TJob>(int sharedBytes) where TJob : struct, IGpuJob
    {
        if (_kernels.TryGetValue(typeof(TJob), out Delegate? launch))
            return (Action<AcceleratorStream, KernelConfig, TJob>)launch;
        Kernel kernel = _accelerator!.LoadKernel(KernelCompiler.Compile(_accelerator.Backend, typeof(TJob)));
        if (sharedBytes > FreelyShared)
            CudaDriver.AllowShared((CudaKernel)kernel, sharedBytes);
        var made = kernel.CreateLauncherDelegate<Action<AcceleratorStream, KernelConfig, TJob>>();
        _kernels.Add(typeof(TJob), made);
        return made;
    }

    private sealed class BatchMirror(int* memory)
    {
        public int* Memory => memory;

        public long Fillings { get; set; } = -1;
    }
}
