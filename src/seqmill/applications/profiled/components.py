"""Components of ancestry beside the blocks of a profile, fitted to the people of training alone."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt

from seqmill.applications.profiled.options import ComponentOptions
from seqmill.errors import InputError, nearest
from seqmill.profiles.components import Components, Values, component_names, fit_axes
from seqmill.profiles.table import Block, Mask, Table
from seqmill.shards.schema import Encoding

COMPONENTS = "components"
"""Name of the block that they are, and of the option that asks for them."""

_KEY = f"options.{COMPONENTS}"


def asked_of(options: Mapping[str, Any]) -> ComponentOptions | None:
    """Give what example options, by name, ask for; None where they ask for no components."""
    found = options.get(COMPONENTS)
    asked = ComponentOptions(**found) if isinstance(found, Mapping) else found
    return asked if asked and asked.count else None


def input_layouts(encoding: Encoding) -> dict[str, Any]:
    """Give for each table the layout of a network's inputs: that of the table, and the components asked for.

    See `seqmill.models.blocks.TableInput`.
    """
    asked = asked_of(encoding.options)
    if asked is None:
        return dict(encoding.tables)
    further = {COMPONENTS: {"size": asked.count, "dtype": "float32", "of": asked.block}}
    return dict(encoding.tables) | {"profiles": encoding.tables["profiles"] | further}


def check_components(asked: ComponentOptions, layout: Mapping[str, Any], *, where: object) -> None:
    """Refuse components that the table of profiles cannot give.

    Parameters
    ----------
    asked : ComponentOptions
        What is asked for.
    layout : mapping
        Block -> ``size`` and ``dtype`` of the table of profiles.
    where : object
        The file, for the message.

    Raises
    ------
    InputError
        When there is no such block, it holds no int8 dosages or fewer sites than components are wanted, or
        another block has the name of the components.
    """
    if asked.block not in layout:
        raise InputError(
            f"{_KEY}.block: found '{asked.block}'{nearest(asked.block, layout)}, want a block of {where}, "
            f"which has {', '.join(layout)}"
        )
    facts = layout[asked.block]
    if facts["dtype"] != "int8":
        raise InputError(
            f"{_KEY}.block: found '{asked.block}', which is {facts['dtype']} in {where}, want a block of "
            "int8 dosages"
        )
    if facts["size"] < asked.count:
        raise InputError(
            f"{_KEY}.count: found {asked.count}, want at most the {facts['size']} sites of '{asked.block}' "
            f"in {where}"
        )
    if COMPONENTS in layout:
        raise InputError(
            f"{where}: found a block '{COMPONENTS}', want that name for what {_KEY} makes; rename the block"
        )


def axes_of(asked: ComponentOptions, dosages: npt.NDArray[Any], mask: Mask) -> tuple[Values, Values]:
    """Fit axes to the people of training, (n, S); see `seqmill.profiles.components.fit_axes`.

    Raises
    ------
    InputError
        When there are fewer of them, or of common sites, than components.
    """
    try:
        return fit_axes(dosages, mask, asked.count)
    except InputError as error:
        raise InputError(f"{_KEY}.count: {error}") from None


def with_components(table: Table, options: Mapping[str, Any], rows: npt.NDArray[np.integer]) -> Table:
    """Give a table of profiles with the block of components that example options ask for, if they do.

    Parameters
    ----------
    table : Table
        Profiles.
    options : mapping
        Example options by name.
    rows : int array
        Rows of the people of training, to whom alone components are fitted.

    Raises
    ------
    InputError
        As `check_components` and `axes_of` do.
    """
    asked = asked_of(options)
    if asked is None:
        return table
    check_components(asked, table.layout, where="the table of profiles")
    block = table.blocks[asked.block]
    learnt = block.subset(np.unique(rows))
    fitted = Components(block.features, *axes_of(asked, learnt.values, learnt.mask))
    there = np.repeat(block.mask.any(axis=1, keepdims=True), asked.count, axis=1)
    placed = Block(component_names(asked.count), fitted.project(block).astype(np.float32), there)
    return replace(table, blocks={**table.blocks, COMPONENTS: placed})
