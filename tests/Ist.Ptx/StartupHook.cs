using Ist.Ptx;

#pragma warning disable CA1050 // .NET looks for this name outside of all namespaces.

/// <summary>Installs the device as a process starts whose environment is <see cref="PtxDevice.Environment"/>.</summary>
internal static class StartupHook
{
    public static void Initialize() => PtxDevice.InstallFromEnvironment();
}
