"""SMILES as numbers: every atom, bond and ring closure of OpenSMILES has a token of its own.

The vocabulary is closed, so that any molecule can be told in the tokens a model was trained with. What stands
in brackets is told part by part: isotope, element, chirality, hydrogens, charge.

Source of the grammar: the OpenSMILES specification 1.0 (2016).
"""

import re

_ELEMENTS = """
H He Li Be B C N O F Ne Na Mg Al Si P S Cl Ar K Ca Sc Ti V Cr Mn Fe Co Ni Cu Zn Ga Ge As Se Br Kr Rb Sr Y Zr
Nb Mo Tc Ru Rh Pd Ag Cd In Sn Sb Te I Xe Cs Ba La Ce Pr Nd Pm Sm Eu Gd Tb Dy Ho Er Tm Yb Lu Hf Ta W Re Os Ir
Pt Au Hg Tl Pb Bi Po At Rn Fr Ra Ac Th Pa U Np Pu Am Cm Bk Cf Es Fm Md No Lr Rf Db Sg Bh Hs Mt Ds Rg Cn Nh Fl
Mc Lv Ts Og
""".split()
_AROMATIC = ("b", "c", "n", "o", "p", "s", "as", "se", "si", "te")
_BONDS = ("-", "=", "#", "$", ":", "/", "\\", "~", ".")
_CHIRAL = ("@", "@@", "TH", "AL", "SP", "TB", "OH")
_RINGS = 50

VOCABULARY = (
    *_ELEMENTS,
    *_AROMATIC,
    "*",
    *_BONDS,
    *_CHIRAL,
    *("(", ")", "[", "]", "+"),
    *(f"%{ring}" for ring in range(_RINGS)),
    *(str(digit) for digit in range(10)),
)
"""The tokens, numbered from 1; 0 is none. ``%1`` opens or closes ring 1, ``1`` is a digit in brackets."""

_NUMBER = {token: number for number, token in enumerate(VOCABULARY, start=1)}


def _longest_first(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_OUTSIDE = re.compile(
    r"Cl|Br|[BCNOPSFI]|[bcnops]|\*|%\d\d|\d|[()]|" + _longest_first(_BONDS) + r"|(?P<bracket>\[[^\]]*\])"
)
_INSIDE = re.compile(
    rf"\[(\d*)({_longest_first((*_ELEMENTS, *_AROMATIC, '*'))})(@@|@|)((?:TH|AL|SP|TB|OH)\d+|)"
    r"(H\d*|)(\+\d+|-\d+|\+*|-*)(:\d+|)\]"
)


def tokens_of(smiles: str) -> list[int]:
    """Give the tokens of a SMILES by their numbers in `VOCABULARY`, from 1.

    Raises
    ------
    ValueError
        When it cannot be read; the message says from where on. Whether the molecule makes sense, such as
        rings that close and atoms with so many bonds, is not asked.
    """
    tokens: list[str] = []
    at = 0
    while at < len(smiles):
        found = _OUTSIDE.match(smiles, at)
        inside = _INSIDE.fullmatch(found["bracket"]) if found and found["bracket"] else None
        if found is None or (found["bracket"] and inside is None):
            raise ValueError(f"cannot be read from {smiles[at : at + 10]!r} on (character {at + 1})")
        if inside is not None:
            tokens += ["[", *_bracketed(inside), "]"]
        else:
            tokens.append(_ring(found[0]) if found[0][-1].isdigit() else found[0])
        at = found.end()
    unknown = [token for token in tokens if token not in _NUMBER]
    if unknown:
        raise ValueError(f"closes ring {unknown[0][1:]}; want numbers of rings below {_RINGS}")
    return [_NUMBER[token] for token in tokens]


def _ring(written: str) -> str:
    return f"%{int(written.removeprefix('%'))}"


def _bracketed(inside: re.Match[str]) -> list[str]:
    isotope, symbol, chirality, arrangement, hydrogens, charge, group = inside.groups()
    parts = [*isotope, symbol, chirality, arrangement[:2], *arrangement[2:], *hydrogens, *charge, *group]
    return [part for part in parts if part]
