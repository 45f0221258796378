"""Whether a processor or a GPU multiplies matrices in bf16."""

import torch


def has_bf16(accelerator: str) -> bool:
    """Say whether the hardware, ``cpu`` or ``gpu``, multiplies matrices in bf16, rather than emulating it."""
    if accelerator == "gpu":
        return torch.cuda.is_bf16_supported(including_emulation=False)
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))
