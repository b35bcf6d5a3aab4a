using Ist.SideBySide;
using Ist.SideBySide.Products;
using Ist.SideBySide.Sides;

return args switch
{
    ["--side", ..] => SideProcess.Serve(TrainingSides.Of(SideOptions.Of(args[1..]))),
    ["--product-side", ..] => SideProcess.Serve(ProductSides.Of(ProductOptions.Of(args[1..]))),
    ["products", .. var rest] => ProductComparison.Run(rest),
    _ => Comparison.Run(args),
};
