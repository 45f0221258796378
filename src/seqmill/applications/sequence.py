"""What a model that reads DNA sequence offers to interpretation and variant effects."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True, kw_only=True)
class SequenceModel:
    """A trained model as a function of sequence.

    Attributes
    ----------
    function : callable
        float32 tensor [n, 4, length], one-hot in the order A, C, G, T and zeros where no base is known ->
        float32 tensor [n, outputs]. Differentiable, and each row depends on its own sequence alone. Where it
        is a ``torch.nn.Module``, in evaluation mode, randomised weights can be asked too.
    length : int
        Bases in a window.
    outputs : tuple of str
        Name of each output.
    both_strands : bool
        Whether a window and its reverse complement mean the same; then the function gives the mean of both.
    logarithmic : bool
        Whether outputs are natural logarithms, so that a difference is a fold change.
    along : callable, optional
        For a model that tells each base something: float32 tensor [n, 4, bases + length - 1] -> outputs of
        each base with half of `length` on either side, [n, outputs, bases].
    """

    function: "Callable[[torch.Tensor], torch.Tensor]"
    length: int
    outputs: tuple[str, ...]
    both_strands: bool = True
    logarithmic: bool = False
    along: "Callable[[torch.Tensor], torch.Tensor] | None" = None

    @classmethod
    def of(cls, module: Any) -> "SequenceModel":
        """Describe a module by its own attributes; the last three it may leave out."""
        optional = ("both_strands", "logarithmic", "along")
        own = {name: getattr(module, name) for name in optional if hasattr(module, name)}
        return cls(function=module, length=module.length, outputs=tuple(module.outputs), **own)
