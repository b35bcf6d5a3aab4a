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

/* A matrix as it is stored, and whether the product is by its transpose. */
struct matrix { char *data; int type, rows, columns, ld, transposed; };

static size_t size_of(int type) { return type == TYPE_BF16 ? 2 : 4; }

static int has(struct matrix matrix, int writes)
{
    size_t size = size_of(matrix.type);
    if ((uintptr_t)matrix.data % size)
        return 0;
    for (int j = 0; j < matrix.columns; j++)
        if (!access_check(matrix.data + (size_t)j * matrix.ld * size, matrix.rows * size, writes))
            return 0;
    return 1;
}

/* An element of what is multiplied: BF16 is the upper half of a float; for TF32 a fraction is rounded to 10 bits, the nearest, ties away from 0. */
static double element(struct matrix matrix, int row, int column, int compute)
{
    size_t at = matrix.transposed ? column + (size_t)row * matrix.ld : row + (size_t)column * matrix.ld;
    uint32_t bits = matrix.type == TYPE_BF16 ? (uint32_t)((uint16_t *)matrix.data)[at] << 16 : ((uint32_t *)matrix.data)[at];
    if (compute == COMPUTE_32F_FAST_TF32)
        bits = (bits + 0x1000) & ~0x1fffu;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Stores an element of the result; to BF16 it is rounded, the nearest, ties to even. */
static void put(struct matrix matrix, int row, int column, float value)
{
    size_t at = row + (size_t)column * matrix.ld;
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    if (matrix.type == TYPE_BF16)
        ((uint16_t *)matrix.data)[at] = value == value ? (bits + 0x7fff + (bits >> 16 & 1)) >> 16 : 0x7fff;
    else
        ((uint32_t *)matrix.data)[at] = bits;
}

int cublasGemmEx(
    struct handle *handle, int opa, int opb, int m, int n, int k, const float *alpha, char *a, int atype, int lda, char *b, int btype, int ldb,
    const float *beta, char *c, int ctype, int ldc, int compute, int algorithm)
{
    if (!handle || !handle->stream)
        return NOT_INITIALIZED;
    if (m < 0 || n < 0 || k < 0 || opa < OP_N || opa > OP_T || opb < OP_N || opb > OP_T || algorithm != ALGORITHM_DEFAULT)
        return INVALID_VALUE;
    struct matrix left = { a, atype, opa == OP_N ? m : k, opa == OP_N ? k : m, lda, opa == OP_T };
    struct matrix right = { b, btype, opb == OP_N ? k : n, opb == OP_N ? n : k, ldb, opb == OP_T }, result = { c, ctype, m, n, ldc, 0 };
    if (lda < 1 || lda < left.rows || ldb < 1 || ldb < right.rows || ldc < 1 || ldc < m)
        return INVALID_VALUE;
    /* Both factors have one type, a result is BF16 only where they are, and only F32 is rounded to TF32. */
    if (atype != btype || (atype != TYPE_F32 && atype != TYPE_BF16) || (ctype != TYPE_F32 && (ctype != TYPE_BF16 || atype != TYPE_BF16))
        || (compute != COMPUTE_32F && (compute != COMPUTE_32F_FAST_TF32 || atype != TYPE_F32)))
        return NOT_SUPPORTED;
    if (!has(left, 0) || !has(right, 0) || (*beta != 0 && !has(result, 0)) || !has(result, 1))
        return EXECUTION_FAILED;
    for (int j = 0; j < n; j++) {
        for (int i = 0; i < m; i++) {
            double sum = 0;
            for (int l = 0; l < k; l++)
                sum += element(left, i, l, compute) * element(right, l, j, compute);
            put(result, i, j, (float)(*alpha * sum + (*beta != 0 ? *beta * element(result, i, j, COMPUTE_32F) : 0)));
        }
    }
    return SUCCESS;
}
