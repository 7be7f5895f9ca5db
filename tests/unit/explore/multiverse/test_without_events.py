"""Beside a GLMM, models that leave out studies without any event say so."""

from coppice.core.specifications import without_events


def row(model, k):
    return {"choices": {"model": model}, "k": k}


def test_mantel_haenszel_and_peto_name_how_many_studies_they_take_beside_a_glmm():
    text = without_events([row("UM.FS", 12), row("MH", 9), row("Peto", 9), row("random", 8), row("IV", 8)])
    assert text.startswith("MH (9 of 12 studies) and Peto (9 of 12 studies) leave out studies without an event")
    assert "the GLMM takes them as they are" in text


def test_where_all_take_the_same_studies_or_no_glmm_is_there_nothing_is_said():
    assert without_events([row("UM.FS", 9), row("MH", 9)]) == ""
    assert without_events([row("MH", 9), row("random", 12)]) == ""
    assert without_events([{"choices": {"tau2": "DL"}, "k": 5}]) == ""
