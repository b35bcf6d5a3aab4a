using Ist.SideBySide;
using Ist.SideBySide.Sides;

if (args is ["--side", ..])
    return SideProcess.Serve(SideOptions.Of(args));
return Comparison.Run(args);
