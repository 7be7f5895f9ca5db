"""The key `review`: the question, and the statements of the people who ask it."""

from __future__ import annotations

from coppice.core.schema import Date, Entries, Fixed, Key, Listing, Number, OneOf, Optional_, Text
from coppice.review.figure_keys import ACCEPT

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
