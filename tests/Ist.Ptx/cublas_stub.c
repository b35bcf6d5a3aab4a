/*
 * cuBLAS without a device: what programs call of it, as plain loops over the device's memory, which is the host's here. As in cuBLAS matrices
 * are column-major: element (i, j) of one with leading dimension ld is at i + j * ld. What cuBLAS refuses is refused.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { SUCCESS = 0, NOT_INITIALIZED = 1, ALLOC_FAILED = 3, INVALID_VALUE = 7, EXECUTION_FAILED = 13, NOT_SUPPORTED = 15 };
enum { OP_N = 0, OP_T = 1 };
enum { TYPE_F32 = 0, TYPE_BF16 = 14, COMPUTE_32F = 68, COMPUTE_32F_FAST_TF32 = 77, ALGORITHM_DEFAULT = -1 };

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

static int has(void *matrix, int type, int rows, int columns, int ld, int writes)
{
    size_t size = type == TYPE_F32 ? 4 : 2;
    for (int j = 0; j < columns; j++)
        if (!access_check((char *)matrix + (size_t)j * ld * size, rows * size, writes))
            return 0;
    return 1;
}

static float value(const void *matrix, int type, int operation, int row, int column, int ld)
{
    size_t at = operation == OP_N ? row + (size_t)column * ld : column + (size_t)row * ld;
    if (type == TYPE_F32)
        return ((const float *)matrix)[at];
    uint32_t bits = (uint32_t)((const uint16_t *)matrix)[at] << 16;
    float widened;
    memcpy(&widened, &bits, sizeof widened);
    return widened;
}

/* 10 bits of mantissa, to nearest, ties to even. */
static float tf32(float x)
{
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    bits = (bits + 0xfff + (bits >> 13 & 1)) & ~0x1fffu;
    memcpy(&x, &bits, sizeof x);
    return x;
}

int cublasGemmEx(
    struct handle *handle, int opa, int opb, int m, int n, int k, const float *alpha, void *a, int atype, int lda, void *b, int btype, int ldb,
    const float *beta, void *c, int ctype, int ldc, int compute, int algorithm)
{
    if (!handle || !handle->stream)
        return NOT_INITIALIZED;
    if (m < 0 || n < 0 || k < 0 || opa < OP_N || opa > OP_T || opb < OP_N || opb > OP_T || algorithm != ALGORITHM_DEFAULT)
        return INVALID_VALUE;
    int arows = opa == OP_N ? m : k, acolumns = opa == OP_N ? k : m, brows = opb == OP_N ? k : n, bcolumns = opb == OP_N ? n : k;
    if (lda < 1 || lda < arows || ldb < 1 || ldb < brows || ldc < 1 || ldc < m)
        return INVALID_VALUE;
    if (atype != btype || (atype != TYPE_F32 && atype != TYPE_BF16) || ctype != TYPE_F32 || (compute != COMPUTE_32F && (compute != COMPUTE_32F_FAST_TF32 || atype != TYPE_F32)))
        return NOT_SUPPORTED;
    if (!has(a, atype, arows, acolumns, lda, 0) || !has(b, btype, brows, bcolumns, ldb, 0) || (*beta != 0 && !has(c, ctype, m, n, ldc, 0)) || !has(c, ctype, m, n, ldc, 1))
        return EXECUTION_FAILED;
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
            double sum = 0;
            for (int l = 0; l < k; l++) {
                float x = value(a, atype, opa, i, l, lda), y = value(b, btype, opb, l, j, ldb);
                sum += compute == COMPUTE_32F ? (double)x * y : (double)tf32(x) * tf32(y);
            }
            float *at = (float *)c + i + (size_t)j * ldc;
            *at = (float)(*alpha * sum + (*beta != 0 ? *beta * *at : 0));
        }
    }
    return SUCCESS;
}
