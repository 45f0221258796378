"""Pages share their look, escape what they show, and miss nothing."""

import jinja2
import pytest

from seqmill.pages.render import render, script


@pytest.fixture
def package(tmp_path, monkeypatch):
    folder = tmp_path / "mypages" / "template"
    folder.mkdir(parents=True)
    (tmp_path / "mypages" / "__init__.py").touch()
    (folder / "page.html.j2").write_text(
        "<style>{{ css }}</style><b>{{ name }}</b>{{ theme_button }}<script>{{ javascript }}</script>"
    )
    monkeypatch.syspath_prepend(tmp_path)
    return "mypages"


def test_a_page_has_the_common_look_and_its_values_escaped(package):
    text = render(package, "page.html.j2", name="<i>")
    assert "--accent:" in text and "addEventListener" in text
    assert text.count('<button type="button" id="theme"') == 1 and 'getElementById("theme")' in text
    assert "<b>&lt;i&gt;</b>" in text


def test_a_missing_value_is_an_error(package):
    with pytest.raises(jinja2.UndefinedError, match="name"):
        render(package, "page.html.j2")


def test_a_script_element_cannot_be_closed_from_within():
    assert script({"a": "</script>"}) == '{"a":"<\\/script>"}'
