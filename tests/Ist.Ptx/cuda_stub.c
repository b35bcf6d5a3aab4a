/* A CUDA driver without a device: each function calls what was registered for it, and tells of no device where nothing was. */
#include <stddef.h>
#include <string.h>

#define NO_DEVICE 100

/* X(name, parameters, arguments) for each function. */
#define FUNCTIONS(X) \
    X(cuInit, (unsigned flags), (flags)) \
    X(cuDriverGetVersion, (int *version), (version)) \
    X(cuGetErrorString, (int error, const char **text), (error, text)) \
    X(cuGetErrorName, (int error, const char **text), (error, text)) \
    X(cuDeviceGet, (int *device, int ordinal), (device, ordinal)) \
    X(cuDeviceGetCount, (int *count), (count)) \
    X(cuDeviceGetName, (char *name, int length, int device), (name, length, device)) \
    X(cuDeviceTotalMem_v2, (size_t *bytes, int device), (bytes, device)) \
    X(cuDeviceGetAttribute, (int *value, int attribute, int device), (value, attribute, device)) \
    X(cuDeviceCanAccessPeer, (int *can, int device, int peer), (can, device, peer)) \
    X(cuDeviceGetP2PAttribute, (int *value, int attribute, int from, int to), (value, attribute, from, to)) \
    X(cuCtxCreate_v2, (void **context, unsigned flags, int device), (context, flags, device)) \
    X(cuCtxDestroy_v2, (void *context), (context)) \
    X(cuCtxSetCurrent, (void *context), (context)) \
    X(cuCtxGetCurrent, (void **context), (context)) \
    X(cuCtxSynchronize, (void), ()) \
    X(cuCtxGetCacheConfig, (int *config), (config)) \
    X(cuCtxSetCacheConfig, (int config), (config)) \
    X(cuCtxGetSharedMemConfig, (int *config), (config)) \
    X(cuCtxSetSharedMemConfig, (int config), (config)) \
    X(cuCtxEnablePeerAccess, (void *context, unsigned flags), (context, flags)) \
    X(cuCtxDisablePeerAccess, (void *context), (context)) \
    X(cuMemGetInfo_v2, (size_t *free, size_t *total), (free, total)) \
    X(cuMemAlloc_v2, (void **address, size_t bytes), (address, bytes)) \
    X(cuMemFree_v2, (void *address), (address)) \
    X(cuMemAllocHost_v2, (void **address, size_t bytes), (address, bytes)) \
    X(cuMemFreeHost, (void *address), (address)) \
    X(cuMemHostRegister_v2, (void *address, size_t bytes, unsigned flags), (address, bytes, flags)) \
    X(cuMemHostUnregister, (void *address), (address)) \
    X(cuMemHostGetDevicePointer_v2, (void **address, void *host, unsigned flags), (address, host, flags)) \
    X(cuMemcpyAsync, (void *to, void *from, size_t bytes, void *stream), (to, from, bytes, stream)) \
    X(cuMemsetD8Async, (void *to, unsigned char value, size_t bytes, void *stream), (to, value, bytes, stream)) \
    X(cuPointerGetAttribute, (void *value, int attribute, void *address), (value, attribute, address)) \
    X(cuModuleLoadData, (void **module, const void *image), (module, image)) \
    X(cuModuleLoadDataEx, (void **module, const void *image, unsigned count, void *options, void *values), (module, image, count, options, values)) \
    X(cuModuleUnload, (void *module), (module)) \
    X(cuModuleGetFunction, (void **function, void *module, const char *name), (function, module, name)) \
    X(cuFuncGetAttribute, (int *value, int attribute, void *function), (value, attribute, function)) \
    X(cuFuncSetAttribute, (void *function, int attribute, int value), (function, attribute, value)) \
    X(cuLaunchKernel, \
        (void *function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz, \
         unsigned shared, void *stream, void **parameters, void **extra), \
        (function, gx, gy, gz, bx, by, bz, shared, stream, parameters, extra)) \
    X(cuOccupancyMaxActiveBlocksPerMultiprocessor, (int *blocks, void *function, int threads, size_t shared), (blocks, function, threads, shared)) \
    X(cuOccupancyMaxPotentialBlockSize, \
        (int *grid, int *threads, void *function, void *of_threads, size_t shared, int limit), \
        (grid, threads, function, of_threads, shared, limit)) \
    X(cuStreamCreate, (void **stream, unsigned flags), (stream, flags)) \
    X(cuStreamCreateWithPriority, (void **stream, unsigned flags, int priority), (stream, flags, priority)) \
    X(cuStreamDestroy_v2, (void *stream), (stream)) \
    X(cuStreamSynchronize, (void *stream), (stream)) \
    X(cuEventCreate, (void **event, unsigned flags), (event, flags)) \
    X(cuEventDestroy_v2, (void *event), (event)) \
    X(cuEventQuery, (void *event), (event)) \
    X(cuEventRecord, (void *event, void *stream), (event, stream)) \
    X(cuEventSynchronize, (void *event), (event)) \
    X(cuEventElapsedTime, (float *milliseconds, void *start, void *end), (milliseconds, start, end))

#define DEFINE(name, parameters, arguments) \
    static int (*name##_target) parameters; \
    int name parameters { return name##_target ? name##_target arguments : NO_DEVICE; }

FUNCTIONS(DEFINE)

#define REGISTER(name, parameters, arguments) \
    if (strcmp(function, #name) == 0) { name##_target = (int (*) parameters)target; return 0; }

/* Registers what a function calls; 1 for a function that is not here. */
int ist_ptx_register(const char *function, void *target)
{
    FUNCTIONS(REGISTER)
    return 1;
}
