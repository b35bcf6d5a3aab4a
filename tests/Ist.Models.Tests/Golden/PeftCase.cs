using Ist.Runtime.Checkpoints;
using Ist.Runtime.Devices;
using Ist.Runtime.Peft;

namespace Ist.Models.Tests.Golden;

/// <summary>An adapter that peft stored, in a model that is laid out for its batch.</summary>
internal static class PeftCase
{
    /// <summary>The method's settings, with another dropout where the method has one.</summary>
    public static PeftOptions Options(GoldenSet golden, double dropout = 0)
    {
        using AdapterFolder folder = AdapterFolder.Open(golden.Folder);
        PeftOptions options = PeftTypes.Read(folder.Config, out IReadOnlyList<string> warnings);
        Assert.Empty(warnings);
        return dropout == 0 ? options : options switch
        {
            BranchAdapterOptions adapter => new BranchAdapterOptions(adapter.Config with { Dropout = dropout }, golden.Folder),
            VeraOptions vera => new VeraOptions(vera.Config with { VeraDropout = dropout }, golden.Folder),
            _ => new LoraOptions(((LoraOptions)options).Config with { LoraDropout = dropout }, golden.Folder),
        };
    }

    public static ModelUnderTest Load(string checkpoint, GoldenSet golden, double dropout = 0, KeptLayers? kept = null, Device? device = null)
    {
        var model = new ModelUnderTest(checkpoint, Options(golden, dropout), golden, kept: kept, device: device);
        model.Parameters.Load(Path.Combine(golden.Folder, model.Peft.TensorFile));
        return model;
    }
}
