using Ist.Runtime.Checkpoints;
using Ist.Runtime.Optimizers;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Training;

/// <summary>
/// <c>optimizer.safetensors</c>: for each parameter AdamW's moments <c>m.KEY</c> and <c>v.KEY</c> (F32, the parameter's
/// shape) and the number of its updates <c>step.KEY</c> (I64, a scalar). Parameters whose moments are freed are left out.
/// </summary>
internal static unsafe class OptimizerFile
{
    public const string FileName = "optimizer.safetensors";

    /// <summary>Writes the file.</summary>
    public static void Save(string path, AdamW optimizer, ReadOnlySpan<Parameter> parameters)
    {
        var writer = new SafeTensorsWriter();
        var copies = new List<float[]>();
        foreach (Parameter parameter in parameters)
        {
            if (optimizer.First(parameter) is null)
                continue;
            long[] shape = [.. parameter.Shape];
            writer.Add("m." + parameter.Key, DType.F32, shape, optimizer.Device.Read(optimizer.First(parameter), parameter.Count, copies));
            writer.Add("v." + parameter.Key, DType.F32, shape, optimizer.Device.Read(optimizer.Second(parameter), parameter.Count, copies));
            writer.Add<long>("step." + parameter.Key, [], new[] { optimizer.Steps(parameter) });
        }
        writer.Save(path);
        GC.KeepAlive(copies);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InputException">A tensor is missing, unknown or damaged.</exception>
    public static void Load(SafeTensorsFile file, AdamW optimizer, ReadOnlySpan<Parameter> parameters)
    {
        bool all = optimizer.InactiveMoments != InactiveMoments.Free;
        Parameter[] held = [.. parameters.ToArray().Where(p => all || p.Layer < 0 || file.Tensors.ContainsKey("m." + p.Key))];
        ParameterFile.RequireNames(file, held.SelectMany(p => new[] { "m." + p.Key, "v." + p.Key, "step." + p.Key }));
        if (!optimizer.HasRoomFor(held))
            throw new InputException($"{file.Path}: it holds moments of more layers than a step trains; the file is damaged, resume from an earlier checkpoint");
        optimizer.Activate(held);
        Span<long> count = [0];
        foreach (Parameter parameter in held)
        {
            ParameterFile.Read(file, "m." + parameter.Key, parameter.Shape, optimizer.Device, optimizer.First(parameter));
            ParameterFile.Read(file, "v." + parameter.Key, parameter.Shape, optimizer.Device, optimizer.Second(parameter));
            file.CopyTo(file.Tensors["step." + parameter.Key], count);
            optimizer.Steps(parameter) = count[0];
        }
    }
}
