using System.CommandLine;
using Ist.Runtime;
using Ist.Samples.Making;

var root = new RootCommand("Makes the sample's records, tokenizer and pre-training text.")
{
    RecordsCommand.Create(),
    TokenizerCommand.Create(),
    CorpusCommand.Create(),
};
try
{
    ParseResult parsed = root.Parse(args);
    int code = parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    return parsed.Errors.Count > 0 ? 2 : code;
}
catch (InputException e)
{
    Console.Error.WriteLine(e.Message);
    return 2;
}
catch (RunException e)
{
    Console.Error.WriteLine(e.Message);
    return 1;
}
