namespace Ist.Samples.Making.Records;

/// <summary>What the fields of a boat may say. All of it is made up; every kind and colour takes "a".</summary>
internal static class BoatValues
{
    public static readonly string[] Names =
    [
        "Silver Heron", "Blue Lantern", "Merry Otter", "Old Compass", "Quiet Gull", "Golden Acorn",
        "Brave Thimble", "Little Comet", "Windy Rose", "Salty Biscuit", "Morning Star", "Copper Kettle",
    ];

    public static readonly string[] Kinds = ["ketch", "sloop", "ferry", "tugboat", "schooner", "barge", "cutter", "trawler"];

    public static readonly string[] Harbours =
    [
        "Port Merrow", "Gull Bay", "Saltmouth", "Amber Quay", "Foxhaven", "Pebble Cove", "Northwick", "Candle Point", "Reedy Creek", "Whitesand",
    ];

    public static readonly string[] Colours = ["red", "green", "blue", "yellow", "white", "black", "grey", "violet"];

    public static readonly string[] Cargoes = ["apples", "lemons", "wool", "barrels", "lamps", "clocks", "books", "honey", "pumpkins", "teapots"];

    public static readonly string[] Skippers = ["Ada", "Bruno", "Clara", "Dario", "Edith", "Felix", "Greta", "Hugo", "Ines", "Jonas"];

    public static readonly string[] Departures = ["at dawn", "at noon", "at dusk", "at midnight", "on Mondays", "on Fridays"];
}
