"""What the configuration says for the report alone: statements and judgements that come from people, and its forms."""

from __future__ import annotations

from collections.abc import Iterable

from coppice.core.roles import ROLES
from coppice.core.schema import Choice, Date, Entries, Fixed, Key, Listing, Number, OneOf, Optional_, Text
from coppice.review.figure_keys import ACCEPT

LEVELS = ("high", "moderate", "low", "very low")  # of certainty, as GRADE names them


def form_names() -> Iterable[str]:
    """Return the names of the forms of the report besides the page."""
    from coppice.report.formats import FORMATS

    return FORMATS


def number_styles() -> Iterable[str]:
    """Return the names of the styles in which numbers are printed."""
    from coppice.core.number_style import STYLES

    return STYLES


STATEMENT = Optional_(OneOf((Listing(Text()), Text())))

QUESTION = Fixed(
    (
        Key("population", Optional_(Text()), "Who"),
        Key("intervention", Optional_(Text()), "What is tried"),
        Key("comparator", Optional_(Text()), "Against what"),
        Key("outcomes", OneOf((Listing(Text()), Optional_(Text()))), "By which outcomes it is judged"),
    )
)

WHOLE = Number(low=0, whole=True)
COUNT = Optional_(OneOf((Entries(WHOLE), WHOLE)))  # one number, or numbers by source or by reason

FLOW = Fixed(
    (
        Key("identified", COUNT, "Records identified; a number, or numbers by source"),
        Key("removed", COUNT, "Records removed before screening; a number, or numbers by reason"),
        Key("screened", COUNT, "Records screened"),
        Key("excluded_screening", COUNT, "Records excluded on title and abstract"),
        Key("sought", COUNT, "Reports sought for retrieval"),
        Key("not_retrieved", COUNT, "Reports not retrieved"),
        Key("assessed", COUNT, "Reports assessed for eligibility"),
        Key("excluded_reports", COUNT, "Reports excluded; a number, or numbers by reason"),
        Key("included_studies", COUNT, "Studies included in the review"),
        Key("included_reports", COUNT, "Reports of the included studies"),
    )
)

REVIEW = Fixed(
    (
        Key("title", Text(), "Title of the review and of the report", required=True),
        Key("question", QUESTION, "Population, intervention, comparator, outcomes"),
        Key("authors", Listing(Text()), "Authors"),
        Key("notes", Listing(Text()), "Statements for the report's first page"),
        Key("rationale", STATEMENT, "Why the review was made, beside what was known"),
        Key("eligibility", STATEMENT, "Which studies are eligible"),
        Key("searched", Optional_(Date()), "Date of the last search, as 2026-11-20; null prints as 'not assessed'"),
        Key("search_strategy", STATEMENT, "Where was searched, and how"),
        Key("selection", STATEMENT, "How studies were selected, by how many people"),
        Key("flow", Optional_(FLOW), "Records and reports by step of the selection, the counts of the PRISMA flow"),
        Key(
            "accept",
            ACCEPT.shape,
            "Findings of checks of the flow that are right as they are, by the check's name, each with the reason",
        ),
        Key("interpretation", STATEMENT, "The results beside other evidence"),
        Key("implications", STATEMENT, "What the results mean for practice, policy and research"),
        Key("registration", Optional_(Text()), "Registration of the protocol; null prints as 'not stated'"),
        Key("protocol", STATEMENT, "Where the protocol can be read"),
        Key("amendments", STATEMENT, "What was changed after registration or protocol, and why"),
        Key("support", STATEMENT, "Who paid for the review, and their part in it"),
        Key("competing_interests", STATEMENT, "Competing interests of the authors"),
        Key("published", Optional_(Date()), "Date of this version, as YYYY-MM-DD, which the research object carries"),
        Key(
            "licence",
            Optional_(Text()),
            "Licence of the review's content, an address or a sentence, for the research object",
        ),
    )
)

BASELINES = Listing(
    Fixed(
        (
            Key("name", Text(), "What the risk is called: low, medium, high", required=True),
            Key(
                "risk",
                Number(low=0, high=1, exclusive=True),
                "Risk of the outcome without the treatment, as a fraction",
                required=True,
            ),
            Key("time", Optional_(Text()), "By when, such as 3 years: needed for times to an event"),
            Key("source", Text(), "Where the risk comes from", required=True),
        )
    )
)

CERTAINTY = Fixed(
    (
        Key("level", Choice(lambda: LEVELS), "Certainty of the evidence, as people judged it by GRADE", required=True),
        Key("reasons", Listing(Text()), "Why it was rated down or up"),
    )
)

IMPORTANT = Fixed(
    (
        Key("small", Number(), "The smallest important difference, as the effect is printed", required=True),
        Key("large", Number(), "Where an effect begins to be large, on the same side of no difference", required=True),
    )
)

OF_RESULTS = (
    Key(
        "role",
        Choice(lambda: ROLES),
        "Whether the analysis gives a result of the review (main), which abstract and summary of findings state, or supports one. Default: meta-regression if it has moderators and another analysis of the outcome and measure has none, else main",
    ),
    Key(
        "important",
        Optional_(OneOf((IMPORTANT, Number()))),
        "Smallest important difference, as the effect is printed and in either direction (0.8 for a ratio is also 1.25, 5 for a difference also -5), or {small: 0.8, large: 0.5}; for the words of the report and the forest plot",
    ),
)

REPORT = Fixed(
    (
        Key("formats", Listing(Choice(form_names)), "Forms of the report to be made besides the page and the notebook"),
        Key("style", Choice(number_styles), "Whose rules the numbers follow: decimal signs, ranges and p values"),
    )
)
