namespace Ist.SideBySide.Sides;

/// <summary>The programs that train.</summary>
internal static class TrainingSides
{
    public static ISide Of(SideOptions options) => options.Side == "torch" ? new TorchSide(options) : new IstSide(options);
}
