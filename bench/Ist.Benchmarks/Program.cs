using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Ist.Benchmarks -- --filter '*MatrixProduct*'; docs/performance.md has the figures.
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
