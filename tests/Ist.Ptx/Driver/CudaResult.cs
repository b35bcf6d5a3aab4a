namespace Ist.Ptx.Driver;

/// <summary>CUresult, as far as it is used here.</summary>
internal enum CudaResult
{
    Success = 0,
    InvalidValue = 1,
    OutOfMemory = 2,
    InvalidDevice = 101,
    InvalidPtx = 218,
    InvalidHandle = 400,
    NotFound = 500,
    LaunchFailed = 719,
    NotSupported = 801,
}
