"""DNA as networks take it, and its other strand."""

import torch

_UNKNOWN = 4  # a base code that is no base, as any above 3


def one_hot(codes: torch.Tensor) -> torch.Tensor:
    """Expand base codes.

    Parameters
    ----------
    codes : Tensor, uint8, shape (B, L)
        A 0, C 1, G 2, T 3; any other code is no base.

    Returns
    -------
    Tensor, float32, shape (B, 4, L)
        1 at the base; all 0 where there is none.
    """
    bases = torch.arange(4, dtype=torch.uint8, device=codes.device)
    return (codes.unsqueeze(1) == bases.view(1, 4, 1)).float()


def reverse_complement(x: torch.Tensor) -> torch.Tensor:
    """Give the other strand of one-hot sequences, shape (B, 4, L) in the order A, C, G, T."""
    return x.flip((1, 2))


def mutated(codes: torch.Tensor, share: float) -> torch.Tensor:
    """Change a share of the known bases, each to one of the three others."""
    drawn = torch.rand(codes.shape, device=codes.device) < share
    step = torch.randint(1, 4, codes.shape, device=codes.device, dtype=torch.uint8)
    return torch.where(drawn & (codes < 4), (codes + step) % 4, codes)


def shifted(codes: torch.Tensor, most: int) -> torch.Tensor:
    """Move each sequence by up to `most` bases to either side.

    Parameters
    ----------
    codes : Tensor, uint8, shape (B, L)
        Base codes.
    most : int
        Bases.

    Returns
    -------
    Tensor, uint8, shape (B, L)
        Bases that come in from beside are unknown.
    """
    return moved(codes, torch.randint(-most, most + 1, (len(codes), 1), device=codes.device))


def moved(codes: torch.Tensor, by: torch.Tensor) -> torch.Tensor:
    """Move each sequence by its own number of bases, to the left where it is above 0.

    Parameters
    ----------
    codes : Tensor, uint8, shape (B, L)
        Base codes.
    by : Tensor, int64, shape (B, 1)
        Bases.

    Returns
    -------
    Tensor, uint8, shape (B, L)
        Bases that come in from beside are unknown.
    """
    length = codes.shape[1]
    places = torch.arange(length, device=codes.device) + by
    inside = (places >= 0) & (places < length)
    return codes.gather(1, places.clamp(0, length - 1)).masked_fill(~inside, _UNKNOWN)


def middle_of(x: torch.Tensor, length: int) -> torch.Tensor:
    """Cut sequences to their middle.

    Parameters
    ----------
    x : Tensor, shape (B, 4, L)
        One-hot DNA, or any weights.
    length : int
        Bases that stay.

    Returns
    -------
    Tensor, shape (B, 4, length)
        Of an odd number of bases too many the last one goes.

    Raises
    ------
    ValueError
        When the sequences are shorter.
    """
    if x.shape[-1] < length:
        raise ValueError(f"sequences of {x.shape[-1]} bases found, at least {length} wanted")
    first = (x.shape[-1] - length) // 2
    return x[..., first : first + length]
