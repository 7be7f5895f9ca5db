"""The key `review`: the question, and the statements of the people who ask it."""

from __future__ import annotations

from coppice.core.schema import Date, Key, ListOf, MapOf, Nullable, Number, Object, OneOf, Text
from coppice.review.figure_keys import ACCEPT

STATEMENT = Nullable(OneOf((ListOf(Text()),), meant=Text()))

QUESTION = Object(
    (
        Key("population", Nullable(Text()), "Who"),
        Key("intervention", Nullable(Text()), "What is tried"),
        Key("comparator", Nullable(Text()), "Against what"),
        Key("outcomes", OneOf((ListOf(Text()),), meant=Nullable(Text())), "By which outcomes it is judged"),
    )
)

WHOLE = Number(low=0, whole=True)
COUNT = Nullable(OneOf((MapOf(WHOLE),), meant=WHOLE))  # one number, or numbers by source or by reason

FLOW = Object(
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

REVIEW = Object(
    (
        Key("title", Text(), "Title of the review and of the report", required=True),
        Key("question", QUESTION, "Population, intervention, comparator, outcomes"),
        Key("authors", ListOf(Text()), "Authors"),
        Key("notes", ListOf(Text()), "Statements for the report's first page"),
        Key("rationale", STATEMENT, "Why the review was made, beside what was known"),
        Key("eligibility", STATEMENT, "Which studies are eligible"),
        Key("searched", Nullable(Date()), "Date of the last search, as 2026-11-20; null prints as 'not assessed'"),
        Key("search_strategy", STATEMENT, "Where was searched, and how"),
        Key("selection", STATEMENT, "How studies were selected, by how many people"),
        Key("flow", Nullable(FLOW), "Records and reports by step of the selection, the counts of the PRISMA flow"),
        Key(
            "accept",
            ACCEPT.shape,
            "Findings of checks of the flow, and of the authors' statements against the results, that are right as they are, by the check's name, each with the reason",
        ),
        Key("interpretation", STATEMENT, "The results beside other evidence"),
        Key("implications", STATEMENT, "What the results mean for practice, policy and research"),
        Key("registration", Nullable(Text()), "Registration of the protocol; null prints as 'not stated'"),
        Key("protocol", STATEMENT, "Where the protocol can be read"),
        Key("amendments", STATEMENT, "What was changed after registration or protocol, and why"),
        Key("support", STATEMENT, "Who paid for the review, and their part in it"),
        Key("competing_interests", STATEMENT, "Competing interests of the authors"),
        Key("published", Nullable(Date()), "Date of this version, as YYYY-MM-DD, which the research object carries"),
        Key(
            "licence",
            Nullable(Text()),
            "Licence of the review's content, an address or a sentence, for the research object",
        ),
    )
)
