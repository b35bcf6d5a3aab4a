/*
 * cuBLAS without a device: what programs call of it, as plain loops over the device's memory, which is the host's here. As in cuBLAS matrices
 * are column-major: element (i, j) of one with leading dimension ld is at i + j * ld. What cuBLAS refuses is refused.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

enum { SUCCESS = 0, NOT_INITIALIZED = 1, ALLOC_FAILED = 3, INVALID_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
enum { OP_N = 0, OP_T = 1 };
enum { TYPE_F32 = 0, COMPUTE_32F = 68, ALGORITHM_DEFAULT = -1 };

struct handle { void *stream; };

/* Tells whether bytes are the device's, and written where they are read; marks them where they are written. */
static int (*access_check)(void *address, size_t bytes, int writes);

void ist_ptx_register_access(int (*check)(void *, size_t, int)) { access_check = check; }

int cublasCreate_v2(struct handle **handle)
{
    if (!access_check)
        return NOT_INITIALIZED;
    *handle = calloc(1, sizeof **handle);
    return *handle ? SUCCESS : ALLOC_FAILED;
}

int cublasDestroy_v2(struct handle *handle)
{
    free(handle);
    return SUCCESS;
}

int cublasGetVersion_v2(struct handle *handle, int *version)
{
    *version = 130000;
    return handle ? SUCCESS : NOT_INITIALIZED;
}

int cublasSetStream_v2(struct handle *handle, void *stream)
{
    handle->stream = stream;
    return SUCCESS;
}

int cublasSetWorkspace_v2(struct handle *handle, void *workspace, size_t bytes)
{
    return ((uintptr_t)workspace & 255) == 0 && access_check(workspace, bytes, 1) ? SUCCESS : INVALID_VALUE;
}

static int has(float *matrix, int rows, int columns, int ld, int writes)
{
    for (int j = 0; j < columns; j++)
        if (!access_check(matrix + (size_t)j * ld, rows * sizeof *matrix, writes))
            return 0;
    return 1;
}

int cublasGemmEx(
    struct handle *handle, int opa, int opb, int m, int n, int k, const float *alpha, float *a, int atype, int lda, float *b, int btype, int ldb,
    const float *beta, float *c, int ctype, int ldc, int compute, int algorithm)
{
    if (!handle || !handle->stream)
        return NOT_INITIALIZED;
    if (m < 0 || n < 0 || k < 0 || opa < OP_N || opa > OP_T || opb < OP_N || opb > OP_T || algorithm != ALGORITHM_DEFAULT)
        return INVALID_VALUE;
    int arows = opa == OP_N ? m : k, acolumns = opa == OP_N ? k : m, brows = opb == OP_N ? k : n, bcolumns = opb == OP_N ? n : k;
    if (lda < 1 || lda < arows || ldb < 1 || ldb < brows || ldc < 1 || ldc < m)
        return INVALID_VALUE;
    if (atype != TYPE_F32 || btype != TYPE_F32 || ctype != TYPE_F32 || compute != COMPUTE_32F)
        return NOT_SUPPORTED;
    if (!has(a, arows, acolumns, lda, 0) || !has(b, brows, bcolumns, ldb, 0) || (*beta != 0 && !has(c, m, n, ldc, 0)) || !has(c, m, n, ldc, 1))
        return EXECUTION_FAILED;
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
            double sum = 0;
            for (int l = 0; l < k; l++)
                sum += (double)a[opa == OP_N ? i + (size_t)l * lda : l + (size_t)i * lda] * b[opb == OP_N ? l + (size_t)j * ldb : j + (size_t)l * ldb];
            float *at = c + i + (size_t)j * ldc;
            *at = (float)(*alpha * sum + (*beta != 0 ? *beta * *at : 0));
        }
    }
    return SUCCESS;
}
