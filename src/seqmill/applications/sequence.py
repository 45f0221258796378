"""What a model that reads DNA sequence offers to interpretation and variant effects."""

from collections.abc import Callable
from dataclasses import dataclass, replace
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
    along : callable or None
        The same for each base that has half of `length` on either side: float32 [n, 4, wide] -> float32
        [n, outputs, wide - length + 1]. For models of single bases, whose `length` is odd and whose outputs
        tell their strand by name.
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
        may = ("both_strands", "logarithmic", "along")
        own = {name: getattr(module, name) for name in may if hasattr(module, name)}
        return cls(function=module, length=module.length, outputs=tuple(module.outputs), **own)

    def of_each_strand(self) -> "SequenceModel":
        """Give a model of one strand as one that reads either: each output once for every strand."""
        import torch

        from seqmill.models.sequence import reverse_complement

        def function(x: torch.Tensor) -> torch.Tensor:
            return torch.cat([self.function(x), self.function(reverse_complement(x))], dim=1)

        outputs = tuple(f"{name}_{strand}" for strand in ("forward", "reverse") for name in self.outputs)
        return replace(self, function=function, outputs=outputs)
