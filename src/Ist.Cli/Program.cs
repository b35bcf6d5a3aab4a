using Ist.Cli;

return CommandLine.Run(args, Terminal.OfProcess());
