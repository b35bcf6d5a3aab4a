using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Ist.Ptx.Decoding;
using Ist.Ptx.Execution;
using Ist.Ptx.Memory;
using Ist.Ptx.Syntax;

namespace Ist.Ptx;

/// <summary>A module of PTX on a device: its global variables live there, its kernels are decoded when they are asked for.</summary>
public sealed class PtxModule : IDisposable
{
    private readonly PtxDevice _device;
    private readonly ModuleSyntax _syntax;
    private readonly Dictionary<string, ulong> _globals = [];
    private readonly Dictionary<string, Kernel> _kernels = [];

    internal PtxModule(PtxDevice device, string ptx)
    {
        (_device, _syntax) = (device, Parser.Parse(ptx));
        var (major, minor) = device.Options.Capability;
        if (!int.TryParse(_syntax.Target.AsSpan("sm_".Length).TrimEnd("af"), out int target) || target > (10 * major) + minor)
            throw new PtxException(1, $".target {_syntax.Target} does not run on a device of compute capability {major}.{minor}");
        foreach (var variable in _syntax.Variables.Where(variable => variable.Space != "shared"))
        {
            // Variables without a value begin as zeros.
            byte[] bytes = variable.Initial ?? new byte[variable.Bytes ?? throw new PtxException(variable.Line, $"variable '{variable.Name}' has no size")];
            _globals.Add(variable.Name, device.Allocate<byte>(bytes));
        }
    }

    /// <summary>Names of the kernels.</summary>
    public IEnumerable<string> Kernels => _syntax.Functions.Values.Where(function => function.IsKernel).Select(function => function.Name);

    /// <summary>Runs a kernel to its end.</summary>
    /// <param name="kernel">Its name.</param>
    /// <param name="grid">Blocks of the grid.</param>
    /// <param name="threads">Threads of a block.</param>
    /// <param name="parameters">Numbers, as many and as wide as the kernel declares; addresses are ulong.</param>
    /// <exception cref="PtxException">A thread did what it must not.</exception>
    public void Launch(string kernel, Index3 grid, Index3 threads, params ReadOnlySpan<object> parameters) => Launch(kernel, grid, threads, 0, parameters);

    /// <summary>Runs a kernel with dynamic shared memory.</summary>
    /// <inheritdoc cref="Launch(string, Index3, Index3, ReadOnlySpan{object})"/>
    public void Launch(string kernel, Index3 grid, Index3 threads, int dynamicSharedBytes, ReadOnlySpan<object> parameters)
    {
        var decoded = Find(kernel);
        byte[] buffer = new byte[decoded.ParameterBytes];
        if (parameters.Length != decoded.Parameters.Count)
            throw new ArgumentException($"kernel {kernel} has {decoded.Parameters.Count} parameters, not {parameters.Length}", nameof(parameters));
        for (int i = 0; i < parameters.Length; i++)
            Write(buffer.AsSpan(decoded.Parameters[i].Offset, decoded.Parameters[i].Bytes), parameters[i]);
        Launch(decoded, grid, threads, dynamicSharedBytes, buffer);
    }

    /// <summary>Frees the module's global variables.</summary>
    public void Dispose()
    {
        foreach (ulong address in _globals.Values)
            _device.Memory.Free(address);
        _globals.Clear();
    }

    internal Kernel Find(string name)
    {
        lock (_kernels)
        {
            if (_kernels.TryGetValue(name, out var kernel))
                return kernel;
            if (!_syntax.Functions.TryGetValue(name, out var function) || !function.IsKernel)
                throw new ArgumentException($"the module has no kernel '{name}'", nameof(name));
            return _kernels[name] = KernelDecoder.Decode(_syntax, function, _globals);
        }
    }

    internal void Launch(Kernel kernel, Index3 grid, Index3 threads, int dynamicSharedBytes, byte[] parameters)
    {
        var launch = new Launch
        {
            Number = _device.CountLaunch(),
            Kernel = kernel,
            Memory = _device.Memory,
            Grid = grid,
            Threads = threads,
            DynamicSharedBytes = dynamicSharedBytes,
            Parameters = parameters,
            BranchLimit = _device.Options.BranchLimit,
        };
        try
        {
            launch.Run();
        }
        catch (PtxException fault)
        {
            _device.LastFault = fault;
            throw;
        }
    }

    private static void Write(Span<byte> to, object value)
    {
        byte[] bytes = value switch
        {
            int number => BitConverter.GetBytes(number),
            uint number => BitConverter.GetBytes(number),
            long number => BitConverter.GetBytes(number),
            ulong number => BitConverter.GetBytes(number),
            float number => BitConverter.GetBytes(number),
            double number => BitConverter.GetBytes(number),
            _ => throw new ArgumentException($"a parameter can't be a {value.GetType().Name}", nameof(value)),
        };
        if (bytes.Length != to.Length)
            throw new ArgumentException($"a parameter of {to.Length} bytes can't be a {value.GetType().Name}", nameof(value));
        bytes.CopyTo(to);
    }
}
