"""Windows without a site that are made of windows with one: at every place as frequent, but unrelated."""

import torch

from seqmill.applications.splicing.labels import ACCEPTOR, DONOR, NONE


def recombine(codes: torch.Tensor, classes: torch.Tensor, share: float) -> torch.Tensor:
    """Replace a share of the windows without a site by recombinations of those with one.

    Each base of a recombination is that of a window of the same kind of site, drawn for each place by itself:
    a sample of the position weight matrix of the batch's donors, or of its acceptors. What tells it from a
    site is how bases hang together.

    Parameters
    ----------
    codes : Tensor, uint8, shape (B, bases)
        Base codes of windows around one base each.
    classes : Tensor, uint8, shape (B,)
        Class of that base; see `seqmill.applications.splicing.labels`.
    share : float
        Probability of each window without a site to be replaced.

    Returns
    -------
    Tensor, uint8, shape (B, bases)
        The windows with a site are as they were, and all are where the batch has no site.
    """
    sites = ((classes == DONOR) | (classes == ACCEPTOR)).nonzero()[:, 0]
    replaced = ((classes == NONE) & (torch.rand(len(classes), device=classes.device) < share)).nonzero()[:, 0]
    if not len(sites) or not len(replaced):
        return codes
    like = classes[sites[torch.randint(len(sites), (len(replaced),), device=codes.device)]]
    places = torch.arange(codes.shape[1], device=codes.device)
    made = codes.clone()
    for kind in (DONOR, ACCEPTOR):
        rows, members = replaced[like == kind], sites[classes[sites] == kind]
        if len(rows):
            drawn = torch.randint(len(members), (len(rows), codes.shape[1]), device=codes.device)
            made[rows] = codes[members[drawn], places]
    return made
