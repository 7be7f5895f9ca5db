"""How pages that GitHub shows become pages of the site; tests/site tries the site itself."""

from __future__ import annotations

import pytest
from docs.site import shapes, text, tree

from coppice.core.schema import Flag, Key, MapOf, Object, Text

FILES = {
    "docs/page.md": "page.md",
    "config/README.md": "configuration.md",
    "docs/forest.svg": "files/forest.svg",
    "tests": text.FOLDER,
}


def linked(source: str, page: str = "docs/tutorials/means.md", place: str = "tutorials/means.md") -> str:
    return text.with_links(source, page, FILES.get, place)


def test_a_link_to_a_page_of_the_repository_leads_to_its_page_of_the_site():
    assert linked("[keys](../../config/README.md#recipes)") == "[keys](../configuration.md#recipes)"
    assert linked("![forest [1]](../forest.svg)") == "![forest [1]](../files/forest.svg)"


def test_links_elsewhere_and_within_the_page_stay_as_they_are():
    for link in ("[a](https://example.org/b)", "[a](#b)", "[a](mailto:me@example.org)"):
        assert linked(link) == link


def test_a_link_to_a_folder_is_left_as_words_and_one_to_nothing_is_an_error():
    assert linked("in [tests](../../tests) it is") == "in tests it is"
    with pytest.raises(ValueError, match=r"gone\.md leads to docs/gone\.md, which is not there"):
        linked("[a](../gone.md)")


def test_code_keeps_what_looks_like_a_link():
    block = "```md\n[a](../gone.md)\n```\n"
    assert linked(block) == block


def test_a_graph_of_mermaid_becomes_a_list():
    graph = 'flowchart TB\n    a["<b>pool/</b><br>effects"]\n    b[draw]\n    a --> b\n'
    assert text.graph_as_list(graph) == "- `pool/`: effects → draw\n- draw\n"


def test_each_mapping_has_one_section_to_which_all_keys_that_hold_it_lead():
    model = Object([Key("tau2", Text(), "estimator")])
    top = Object(
        [Key("model", model, "of all"), Key("analyses", MapOf(Object([Key("model", model, "of one")])), "by name")]
    )
    sections = [
        (here.path, {key: lead.path for key, lead in leads.items()})
        for here, _, leads in shapes.sections(top, "config-key")
    ]
    assert sections == [
        ("", {"model": "model", "analyses": "analyses.NAME"}),
        ("model", {}),
        ("analyses.NAME", {"model": "model"}),
    ]


def test_two_mappings_at_one_path_have_labels_of_their_own():
    one, other = Object([Key("a", Flag(), "one")]), Object([Key("b", Flag(), "other")])
    first = shapes.section("x.y", "result-field", ())
    assert shapes.section("x.y", "result-field", [first]).label != first.label
    assert shapes.signature(one) != shapes.signature(other)


def test_every_page_of_the_documentation_is_in_the_contents():
    have = (
        {place.removesuffix(".md") for place in tree.pages().values()}
        | {f"reference/{name}" for name in tree.GENERATED}
        | {"reference/results"}
    )
    contents = tree.contents(have)
    left_out = {name for name in have if name not in contents.split()} - {"index"}
    assert {name for name in left_out if not name.startswith("tutorials/")} == set()
