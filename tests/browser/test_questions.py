"""Questions that readers ask of the shipped review: each is answered within two actions from the top of the page."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

WIDTH, HEIGHT = 1280, 900
MOST_ACTIONS = 2


@dataclass(frozen=True)
class Question:
    """A question, the actions that lead to the answer, the element that holds it, and what must be there to read."""

    asked: str
    actions: tuple[tuple[str, str], ...]  # `click` or `hover`, with the element
    place: str
    answer: tuple[str, ...]


def follow(analysis: str) -> tuple[str, str]:
    """Return the action that follows the row of an outcome in the summary of findings."""
    return "click", f'#table-findings a[href="#analysis-{analysis}"]'


def contents(target: str) -> tuple[str, str]:
    """Return the action that follows an entry of the contents."""
    return "click", f'nav a[href="#{target}"]'


def row(analysis: str, label: str) -> tuple[str, str]:
    """Return the action that points at the row of a study on a forest plot."""
    return "hover", f'#figure-forest-{analysis} a.row[aria-label^="{label}"]'


def fold(analysis: str, key: str) -> tuple[str, str]:
    """Return the action that opens a fold of an outcome."""
    return "click", f"#analysis-{analysis}-{key} > summary"


QUESTIONS = [
    Question("What is the effect on overall survival?", (), "#table-findings", ("HR 0.59 (0.42 to 0.82)",)),
    Question("How sure is that?", (), "h1 ~ .notice", ("Not assessed: risk of bias and certainty of the evidence",)),
    Question(
        "What would it mean for 1,000 patients in first relapse?",
        (),
        "#table-findings",
        ("204 on chemotherapy, 118 (86 to 161) on blinatumomab",),
    ),
    Question(
        "Which trial weighs most in overall survival?",
        (follow("os"), fold("os", "included")),
        "#table-effects-os",
        ("TOWER (Kantarjian 2017)", "42.0%", "21.1%", "15.7%", "10.7%", "10.5%"),
    ),
    Question(
        "What if TOWER is left out?",
        (fold("os", "what-if"), ("click", '#analysis-os-what-if label:has-text("TOWER")')),
        "#analysis-os-what-if .pooled .chosen",
        ("0.52 (0.39 to 0.69)",),
    ),
    Question(
        "Where was 0.62 read?",
        (follow("os"), row("os", "AALL1331 high/intermediate risk")),
        "#tip-figure-forest-os",
        ("0.62", "Source", "Read in"),
    ),
    Question(
        "Why is Beijing not pooled?",
        (contents("analysis-efs_all"), row("efs_all", "Beijing")),
        "#tip-figure-forest-efs_all",
        ("Not pooled", "No control value, hazard ratio, interval or P was given"),
    ),
    Question(
        "Why is TOWER not in event-free survival?",
        (follow("efs"), row("efs", "TOWER")),
        "#tip-figure-forest-efs",
        ("without a usable confidence interval",),
    ),
    Question(
        "Does event-free survival differ between settings?",
        (follow("efs"),),
        "section:has(> #analysis-efs) > .spread",
        ("Differences between subgroups by setting", "p = 0.37"),
    ),
    Question(
        "What may a new trial find for overall survival?",
        (follow("os"),),
        "section:has(> #analysis-os) > .spread",
        ("95% prediction interval: 0.35 to 0.99",),
    ),
    Question(
        "What counts as an event in E1910?",
        (follow("efs"), fold("efs", "included")),
        "#analysis-efs-included",
        ("Outcome definitions", "E1910"),
    ),
    Question(
        "What do the sources of a trial disagree on?",
        (contents("checks"),),
        "details:has(> summary > #checks)",
        ("fda2024 and nejm2024 differ",),
    ),
    Question(
        "Which of the studies are not randomised?",
        (contents("studies"),),
        "#table-studies",
        ("historical control", "matched cohort"),
    ),
    Question(
        "How was it computed?",
        (contents("methods"),),
        "details:has(> summary > #methods)",
        ("restricted maximum likelihood",),
    ),
    Question("Which version computed it?", (contents("software"),), "details:has(> summary > #software)", ("coppice",)),
]


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.asked)
def test_a_question_is_answered_within_two_actions(opened, question):
    page = opened(WIDTH, reduced_motion="reduce").page
    assert len(question.actions) <= MOST_ACTIONS
    for action, element in question.actions:
        getattr(page.locator(element), action)()
    place = page.locator(question.place)
    assert place.is_visible()
    text = " ".join(place.inner_text().split())
    assert [part for part in question.answer if part.lower() not in text.lower()] == []
    box = place.bounding_box()
    assert box is not None and box["y"] < HEIGHT and box["y"] + box["height"] > 0
