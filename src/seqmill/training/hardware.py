"""What this machine computes with: devices, precision, threads."""

import os
from dataclasses import dataclass

import torch

from seqmill.errors import InputError
from seqmill.models.half import has_bf16


@dataclass(frozen=True)
class Hardware:
    """What one run computes with.

    Attributes
    ----------
    accelerator : str
        ``gpu`` or ``cpu``.
    devices : int
        Processes of a node that train side by side, each on its GPU or on the CPU.
    precision : str
        Lightning's name of the precision: ``bf16-mixed`` or ``32-true``.
    name : str
        Name of the device, for the record.
    nodes : int
        Machines.
    """

    accelerator: str
    devices: int
    precision: str
    name: str
    nodes: int = 1

    @property
    def world_size(self) -> int:
        """Processes that train one model, over all nodes."""
        return self.nodes * self.devices


def find_hardware(precision: str, devices: int | None = None, nodes: int = 1) -> Hardware:
    """Choose devices and precision.

    Parameters
    ----------
    precision : str
        ``auto`` takes bf16 where the hardware has it; ``fp32`` and ``bf16`` are taken at their word.
    devices : int, optional
        How many on each node; all visible GPUs, else one CPU process.
    nodes : int
        Machines; all have the same hardware.

    Raises
    ------
    InputError
        When more GPUs are asked for than there are.
    """
    visible = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if visible and devices is not None and devices > visible:
        raise InputError(
            f"--devices: found {devices}, want at most the {visible} visible GPUs; each process of a node "
            "has to see all of the node's GPUs, so ask the scheduler not to bind one to each task"
        )
    accelerator = "gpu" if visible else "cpu"
    bf16 = precision == "bf16" or (precision == "auto" and has_bf16(accelerator))
    return Hardware(
        accelerator=accelerator,
        devices=devices or visible or 1,
        precision="bf16-mixed" if bf16 else "32-true",
        name=torch.cuda.get_device_name(0) if visible else _cpu_name(),
        nodes=nodes,
    )


def use_threads(threads: int) -> None:
    """Compute with this many threads: what the scheduler allotted, never all that the machine has."""
    os.environ["OMP_NUM_THREADS"] = str(threads)  # else Lightning shares out the whole machine
    torch.set_num_threads(threads)


def _cpu_name() -> str:
    return str(torch.cpu.get_capabilities().get("cpu_name", "cpu"))
