using BenchmarkDotNet.Running;

// dotnet run -c Release --project bench/Ist.Benchmarks -- --filter '*MatrixProduct*'
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
