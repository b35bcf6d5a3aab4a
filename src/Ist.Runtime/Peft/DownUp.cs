using Ist.Runtime.Devices;
using Ist.Runtime.Layers;
using Ist.Runtime.Models;
using Ist.Runtime.Tensors;

namespace Ist.Runtime.Peft;

/// <summary>
/// The network of a bottleneck adapter, A(x) = s (U f(D x + d) + u), with D [size, inputs], U [outputs, size], where there are biases
/// d [size] and u [outputs], and s a number or learned; in a suppressed layer s is multiplied by IST's factor.
/// <para>
/// Backward, with h = D x + d and a = f(h): dU += s dy^T a, du += s times the sum of dy, da = dy U, dh = f'(h) da, dD += s dh^T x,
/// dd += s times the sum of dh, dx += s dh D; of a learned s the sum of da a + dy u.
/// </para>
/// </summary>
internal sealed unsafe class DownUp
{
    private readonly Parameter _down;
    private readonly Parameter _up;

    /// <summary>A network of these parameters.</summary>
    /// <param name="function">f.</param>
    /// <param name="down">D.</param>
    /// <param name="up">U.</param>
    public DownUp(ActivationFunction function, Parameter down, Parameter up)
    {
        Function = function;
        (_down, _up) = (down, up);
        (Size, Inputs, Outputs) = ((int)down.Shape[0], (int)down.Shape[1], (int)up.Shape[0]);
    }

    /// <summary>f.</summary>
    public ActivationFunction Function { get; }

    /// <summary>Elements of a row in the middle.</summary>
    public int Size { get; }

    /// <summary>Elements of an input row.</summary>
    public int Inputs { get; }

    /// <summary>Elements of an output row.</summary>
    public int Outputs { get; }

    /// <summary>d, where there is one.</summary>
    public Parameter? DownBias { get; init; }

    /// <summary>u, where there is one.</summary>
    public Parameter? UpBias { get; init; }

    /// <summary>s, where it is a number.</summary>
    public float Scaling { get; init; } = 1;

    /// <summary>s [1], where it is learned.</summary>
    public Parameter? LearnedScaling { get; init; }

    /// <summary>Lists what the layer's adapter scale acts on: U and u.</summary>
    public void AddScaleGradients(ModelContents contents)
    {
        contents.Add(new ScaledParameter(_up));
        if (UpBias is not null)
            contents.Add(new ScaledParameter(UpBias));
    }

    /// <summary>y = or += A(x), and h and a for the backward pass.</summary>
    /// <param name="run">The run.</param>
    /// <param name="into">Whether y is set or added to.</param>
    /// <param name="y">Receives the result, [rows, outputs].</param>
    /// <param name="x">The input, [rows, inputs].</param>
    /// <param name="h">Receives h, [rows, size].</param>
    /// <param name="a">Receives a, [rows, size].</param>
    public void Forward(Run run, Into into, float* y, float* x, float* h, float* a)
    {
        Product.XyT(run, Into.Set, 1, h, x, _down.Value, run.Rows, Size, Inputs);
        if (DownBias is not null)
            RowSum.Add(run, 1, h, DownBias.Value, Size);
        Activation.Forward(run, Function, a, h, (long)run.Rows * Size);
        float scale = Scale(run);
        Product.XyT(run, into, scale, y, a, _up.Value, run.Rows, Outputs, Size);
        if (UpBias is not null)
            RowSum.Add(run, scale, y, UpBias.Value, Outputs);
    }

    /// <summary>dx = or += the gradient by x, and adds those of the parameters.</summary>
    /// <param name="run">The run.</param>
    /// <param name="into">Whether dx is set or added to.</param>
    /// <param name="dx">The gradient by the input; not the same as <paramref name="dy"/>.</param>
    /// <param name="dy">The gradient by the output.</param>
    /// <param name="x">The input.</param>
    /// <param name="h">What the forward pass left.</param>
    /// <param name="a">What the forward pass left.</param>
    /// <param name="dh">Scratch, [rows, size].</param>
    /// <param name="sums">Scratch, [rows]; not touched where s is a number.</param>
    public void Backward(Run run, Into into, float* dx, float* dy, float* x, float* h, float* a, float* dh, float* sums)
    {
        float scale = Scale(run);
        Product.XTy(run, Into.Add, scale, _up.Gradient, dy, a, Outputs, Size, run.Rows);
        if (UpBias is not null)
            RowSum.AddGradient(run, scale, UpBias.Gradient, dy, Outputs);
        ByActivation(run, dh, dy);
        if (LearnedScaling is not null)
            AddScalingGradient(run, dy, a, dh, sums);
        ByInput(run, into, dx, h, dh);
        Product.XTy(run, Into.Add, scale, _down.Gradient, dh, x, Size, Inputs, run.Rows);
        if (DownBias is not null)
            RowSum.AddGradient(run, scale, DownBias.Gradient, dh, Size);
    }

    /// <summary>dx = or += the gradient by x, and nothing else.</summary>
    public void BackwardInput(Run run, Into into, float* dx, float* dy, float* h, float* dh)
    {
        ByActivation(run, dh, dy);
        ByInput(run, into, dx, h, dh);
    }

    private void ByActivation(Run run, float* da, float* dy) => Product.Xy(run, Into.Set, 1, da, dy, _up.Value, run.Rows, Size, Outputs);

    // da becomes dh in its place.
    private void ByInput(Run run, Into into, float* dx, float* h, float* dh)
    {
        Activation.Backward(run, Function, Into.Set, dh, dh, h, (long)run.Rows * Size);
        Product.Xy(run, into, Scale(run), dx, dh, _down.Value, run.Rows, Inputs, Size);
    }

    private void AddScalingGradient(Run run, float* dy, float* a, float* da, float* sums)
    {
        // Where work is counted there are no values.
        if (run.Cpu.Counter is not null)
            return;
        InnerProduct.OfRows(run, Into.Set, sums, da, a, Size, Size);
        if (UpBias is not null)
            InnerProduct.OfRows(run, Into.Add, sums, dy, UpBias.Value, Outputs, stride: 0);
        float gradient = Read(run, LearnedScaling!.Gradient) + (float)(run.AdapterScale * InnerProduct.Sum(run, sums));
        run.Device.Upload(&gradient, LearnedScaling.Gradient, sizeof(float));
    }

    private float Scale(Run run) => (LearnedScaling is null ? Scaling : Read(run, LearnedScaling.Value)) * run.AdapterScale;

    // The host gives products their factor. Where work is counted or rehearsed there are no values.
    private static float Read(Run run, float* number)
    {
        float value = 0;
        if (run.Cpu.Counter is null)
            run.Device.Download(number, &value, sizeof(float));
        return value;
    }
}
