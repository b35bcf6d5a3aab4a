"""The steps of ist-gpu-bench in PyTorch with transformers and peft, to be run on the same card: python3 twin.py [1b 7b] [fp32 bf16]

Needs torch with CUDA, transformers and peft. The same shapes, batches, LoRA and table; products of the same sizes in F32 and BF16 first.
"LoRA, a quarter" trains the adapters of a quarter of the layers, drawn anew in each step, as IST does, but probes nothing.
"""
import random
import sys
import time

import torch
from peft import LoraConfig, get_peft_model
from transformers import LlamaConfig, LlamaForCausalLM

# name: hidden, layers, heads, key heads, intermediate, vocabulary, rows, length
SHAPES = {
    "1b": (2048, 16, 32, 8, 8192, 128256, 8, 512),
    "7b": (4096, 32, 32, 32, 11008, 32000, 8, 512),
}
RANK, ALPHA, WARM_STEPS, STEPS = 16, 32, 2, 10


def seconds(call, least=0.2):
    call()
    torch.cuda.synchronize()
    calls = 1
    while True:
        begin = time.perf_counter()
        for _ in range(calls):
            call()
        torch.cuda.synchronize()
        taken = time.perf_counter() - begin
        if taken >= least:
            return taken / calls
        calls *= 2


def kernels(hidden, intermediate, rows):
    print(f"\n{'kernel':22}{'ms':>10}{'GB/s':>10}{'TFLOP/s':>10}")
    x = torch.randn(1 << 28, device="cuda")
    y = torch.empty_like(x)
    taken = seconds(lambda: y.copy_(x))
    print(f"{'copy':22}{1000 * taken:10.4f}{2 * 4 * x.numel() / taken / 1e9:10.0f}")
    del x, y
    for dtype in (torch.float32, torch.bfloat16):
        for name, n, k in (("square", hidden, hidden), ("wide", intermediate, hidden), ("narrow", hidden, intermediate), ("A of LoRA", RANK, hidden)):
            a, w = torch.randn(rows, k, device="cuda", dtype=dtype), torch.randn(n, k, device="cuda", dtype=dtype)
            taken = seconds(lambda: torch.nn.functional.linear(a, w))
            moved = a.element_size() * (rows * k + n * k + rows * n)
            print(f"{'x W^T, ' + name + ('' if dtype == torch.float32 else ', bf16'):22}{1000 * taken:10.4f}{moved / taken / 1e9:10.0f}{2 * rows * n * k / taken / 1e12:10.2f}")


def steps(shape, dtype, sparse):
    hidden, layers, heads, key_heads, intermediate, vocabulary, rows, length = shape
    config = LlamaConfig(
        hidden_size=hidden, num_hidden_layers=layers, num_attention_heads=heads, num_key_value_heads=key_heads, intermediate_size=intermediate,
        vocab_size=vocabulary, max_position_embeddings=2048, rms_norm_eps=1e-5, rope_theta=10000.0, tie_word_embeddings=False)
    torch.manual_seed(1)
    torch.set_default_dtype(dtype)
    with torch.device("cuda"):
        model = LlamaForCausalLM(config)
    torch.set_default_dtype(torch.float32)
    model = get_peft_model(model, LoraConfig(
        r=RANK, lora_alpha=ALPHA, task_type="CAUSAL_LM", target_modules=["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]))
    adapters = [[p for n, p in model.named_parameters() if "lora_" in n and f".layers.{layer}." in n] for layer in range(layers)]
    optimizer = torch.optim.AdamW([p for layer in adapters for p in layer], lr=2e-4, weight_decay=0.0)
    ids = torch.randint(vocabulary, (rows, length), device="cuda")
    draw = random.Random(1)

    def step():
        trained = set(draw.sample(range(layers), max(1, layers // 4))) if sparse else set(range(layers))
        for layer, parameters in enumerate(adapters):
            for parameter in parameters:
                parameter.requires_grad_(layer in trained)
        optimizer.zero_grad(set_to_none=True)
        loss = model(input_ids=ids, labels=ids).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_([p for layer in trained for p in adapters[layer]], 1.0)
        optimizer.step()
        return loss

    torch.cuda.reset_peak_memory_stats()
    for _ in range(WARM_STEPS):
        step()
    torch.cuda.synchronize()
    begin = time.perf_counter()
    for _ in range(STEPS):
        loss = step()
    torch.cuda.synchronize()
    taken = (time.perf_counter() - begin) / STEPS
    return taken, torch.cuda.max_memory_allocated(), loss.item()


def main():
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}")
    dtypes = {"fp32": torch.float32, "bf16": torch.bfloat16}
    precisions = [dtypes[name] for name in sys.argv[1:] if name in dtypes] or dtypes.values()
    for name in [name for name in sys.argv[1:] if name not in dtypes] or SHAPES:
        shape = SHAPES[name]
        rows, length = shape[-2:]
        print(f"\n{name}: {rows} rows of {length} tokens")
        kernels(shape[0], shape[4], rows * length)
        print(f"\n{'step':26}{'at once':>10}{'ms':>10}{'tokens/s':>10}{'GB':>10}{'loss':>10}")
        for dtype in precisions:
            for sparse in (False, True):
                label = ("LoRA, a quarter" if sparse else "LoRA") + ("" if dtype == torch.float32 else ", bf16")
                try:
                    taken, peak, loss = steps(shape, dtype, sparse)
                    print(f"{label:26}{rows:10}{1000 * taken:10.1f}{rows * length / taken:10.0f}{peak / 1e9:10.2f}{loss:10.4f}")
                except torch.cuda.OutOfMemoryError:
                    print(f"{label:26}does not fit")
                torch.cuda.empty_cache()


if __name__ == "__main__":
    main()
