"""Fill the template of a page, with the style and script that all pages share."""

import json
from typing import Any

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup


def render(package: str, template: str, **view: Any) -> str:
    """Give a page as HTML that needs no network.

    Parameters
    ----------
    package : str
        The package whose folder ``template`` holds the template.
    template : str
        Its name, ending in ``.html.j2``; it gets ``css``, ``javascript`` and ``theme_button``, which the
        script needs, beside the view.
    view : Any
        Values that the template asks for; one that is missing is an error.
    """
    environment = Environment(
        loader=ChoiceLoader([PackageLoader(one, "template") for one in (package, "seqmill.pages")]),
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    common = {"css": "report.css", "javascript": "report.js", "theme_button": "theme_button.html.j2"}
    shared = {name: Markup(environment.get_template(file).render()) for name, file in common.items()}
    return environment.get_template(template).render(**shared, **view)


def script(content: Any) -> Markup:
    """Give JSON that can stand inside a script element."""
    return Markup(json.dumps(content, separators=(",", ":"), allow_nan=False).replace("</", "<\\/"))
