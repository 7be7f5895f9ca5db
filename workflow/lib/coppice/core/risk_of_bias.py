"""The risk of bias as people judge it: one registry of judgements and of tools with their domains.

The figures, the report and the check of the records all read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from coppice.core.errors import allowed_values_hint

Assessment = Mapping[str, Any]

OVERALL = "Overall"
NOT_ASSESSED = "not assessed"
NO_TOOL = "tool not stated"
NOBODY = "Not assessed"  # in place of a tool's name


@dataclass(frozen=True, slots=True)
class Judgement:
    """One judgement as it is printed; `draw.figures.bias_symbols` has its colour."""

    label: str  # its name in a legend
    sign: str  # the sign that carries it without colour; empty for `not assessed`


# From low to high. The signs are those of robvis (McGuinness LA, Higgins JPT. Res Synth Methods 2021;12:55-61).
JUDGEMENTS: dict[str, Judgement] = {
    "low": Judgement("Low", "+"),
    "some concerns": Judgement("Some concerns", "\N{MINUS SIGN}"),
    "moderate": Judgement("Moderate", "\N{MINUS SIGN}"),
    "unclear": Judgement("Unclear", "?"),
    "high": Judgement("High", "\N{MULTIPLICATION SIGN}"),
    "serious": Judgement("Serious", "\N{MULTIPLICATION SIGN}"),
    "very high": Judgement("Very high", "!"),
    "critical": Judgement("Critical", "!"),
    "no information": Judgement("No information", "?"),
    NOT_ASSESSED: Judgement("Not assessed", ""),
}


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool with what may be judged by it."""

    name: str  # what it is called
    # from the short names, those of the columns of a figure, to the names that the tool gives its domains
    domains: Mapping[str, str] = field(default_factory=dict)
    levels: tuple[str, ...] = ()  # its judgements, keys of `JUDGEMENTS`; none for a tool that is not known
    source: str = ""  # where it is published
    has_overall: bool = True  # whether it asks for an overall judgement


ROB_2 = Tool(
    "RoB 2",
    {
        "D1": "Randomisation process",
        "D1b": "Timing of identification or recruitment of participants",
        "DS": "Period and carryover effects",
        "D2": "Deviations from the intended interventions",
        "D3": "Missing outcome data",
        "D4": "Measurement of the outcome",
        "D5": "Selection of the reported result",
    },
    ("low", "some concerns", "high"),
    "Sterne JAC et al. BMJ 2019;366:l4898, doi:10.1136/bmj.l4898; D1b for cluster-randomised, DS for crossover trials",
)
ROBINS_LEVELS = ("low", "moderate", "serious", "critical", "no information")
ROBINS_I = Tool(
    "ROBINS-I",
    {
        "D1": "Confounding",
        "D2": "Selection of participants into the study",
        "D3": "Classification of interventions",
        "D4": "Deviations from intended interventions",
        "D5": "Missing data",
        "D6": "Measurement of outcomes",
        "D7": "Selection of the reported result",
    },
    ROBINS_LEVELS,
    "Sterne JAC et al. BMJ 2016;355:i4919, doi:10.1136/bmj.i4919",
)
ROBINS_I_V2 = Tool(
    "ROBINS-I V2",
    {
        "D1": "Confounding",
        "D2": "Classification of interventions",
        "D3": "Selection of participants into the study, or into the analysis",
        "D4": "Missing data",
        "D5": "Measurement of the outcome",
        "D6": "Selection of the reported result",
    },
    ROBINS_LEVELS,
    "ROBINS-I version 2, riskofbias.info",
)
ROBINS_E = Tool(
    "ROBINS-E",
    {
        "D1": "Confounding",
        "D2": "Measurement of the exposure",
        "D3": "Selection of participants into the study, or into the analysis",
        "D4": "Post-exposure interventions",
        "D5": "Missing data",
        "D6": "Measurement of the outcome",
        "D7": "Selection of the reported result",
    },
    ("low", "some concerns", "high", "very high"),
    "Higgins JPT et al. Environ Int 2024;186:108602, doi:10.1016/j.envint.2024.108602",
)
QUADAS_2 = Tool(
    "QUADAS-2",
    {
        "D1": "Patient selection",
        "D2": "Index test",
        "D3": "Reference standard",
        "D4": "Flow and timing",
        "A1": "Applicability: patient selection",
        "A2": "Applicability: index test",
        "A3": "Applicability: reference standard",
    },
    ("low", "high", "unclear"),
    "Whiting PF et al. Ann Intern Med 2011;155:529-536, doi:10.7326/0003-4819-155-8-201110180-00009",
    has_overall=False,
)


def plain_name(name: object) -> str:
    """Return a tool's name as it is compared: `ROB2`, `RoB 2` and `rob-2` are one."""
    return "".join(letter for letter in str(name).casefold() if letter.isalnum())


TOOLS: dict[str, Tool] = {plain_name(tool.name): tool for tool in (ROB_2, ROBINS_I, ROBINS_I_V2, ROBINS_E, QUADAS_2)}


def tool_of(item: Assessment) -> Tool:
    """Return the tool of an assessment; one that is not in the registry has the domains and levels of the assessment."""
    named = str(item.get("tool") or NO_TOOL)
    return TOOLS.get(plain_name(named)) or Tool(named, has_overall=False)


def is_judged(item: Assessment) -> bool:
    """Return whether anybody judged a study, or a result of it."""
    return bool(item.get("domains") or item.get("overall") or item.get("by_outcome"))


def for_outcome(item: Assessment | None, outcome: str) -> Assessment | None:
    """Return the judgement of one outcome of a study: its own where there is one, otherwise the study's."""
    if not item or not item.get("by_outcome"):
        return item
    own = item["by_outcome"].get(outcome)
    study = {key: value for key, value in item.items() if key != "by_outcome"}
    return {"tool": item["tool"], **own} if own else study if is_judged(study) else None


def each_judgement(item: Assessment | None, label: str, titles: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """Yield the judgement of a study, if there is one, and those of its outcomes, each with a label of its row.

    `titles` has what outcomes are called.
    """
    own = {key: value for key, value in (item or {}).items() if key != "by_outcome"}
    outcomes = (item or {}).get("by_outcome") or {}
    if is_judged(own) or not outcomes:
        yield {"label": label, **own}
    for outcome, content in outcomes.items():
        yield {"label": f"{label}: {titles.get(outcome, outcome)}", "tool": own["tool"], **content, "outcome": outcome}


def applicable(assessments: Sequence[Assessment], outcome: str | None) -> list[Assessment]:
    """Return the one judgement of each study that applies to an outcome, of rows that name their study."""
    own = {item["study"] for item in assessments if item.get("outcome") == outcome}
    wanted = [item for item in assessments if item.get("outcome") == (outcome if item["study"] in own else None)]
    return wanted if outcome is not None else list(assessments)


def studies_judged(items: Iterable[Assessment]) -> int:
    """Return how many studies the judgements are about, of each of which there may be several."""
    return len({item["study"] for item in items if is_judged(item)})


def by_tool(assessments: Sequence[Assessment]) -> list[tuple[Tool, list[Assessment]]]:
    """Return the assessments of each tool, the tools in the order in which they appear.

    Studies without a judgement come last, with those of the one tool, or by themselves where there are several or none.
    """
    judged_by = [tool_of(item).name if is_judged(item) else None for item in assessments]
    tools = {tool.name: tool for item in assessments if is_judged(item) for tool in [tool_of(item)]}
    groups = {name: [a for a, by in zip(assessments, judged_by, strict=True) if by == name] for name in tools}
    rest = [item for item in assessments if not is_judged(item)]
    if len(groups) == 1:
        groups[next(iter(groups))] += rest
    blocks = [(tools[name], items) for name, items in groups.items()]
    return blocks if blocks and (len(blocks) == 1 or not rest) else [*blocks, (Tool(NOBODY, has_overall=False), rest)]


def short_name(tool: Tool, domain: str) -> str:
    """Return the short name of a domain that a record names short, or in full."""
    folded = {name.casefold(): key for key, name in tool.domains.items()} | {
        key.casefold(): key for key in tool.domains
    }
    return folded.get(domain.strip().casefold(), domain)


def full_name(tool: Tool, domain: str) -> str:
    """Return what a domain is called: `D1 Randomisation process`, or its own name in a tool that is not known."""
    return f"{domain} {tool.domains[domain]}" if domain in tool.domains else domain


def domains_of(tool: Tool, assessments: Sequence[Assessment]) -> list[str]:
    """Return the short names of the domains that are judged, in the tool's order, and last the overall judgement.

    Where a tool asks for no overall judgement there is one only if somebody gave it.
    """
    named = dict.fromkeys(short_name(tool, str(name)) for item in assessments for name in item.get("domains") or {})
    ordered = [*(key for key in tool.domains if key in named), *(key for key in named if key not in tool.domains)]
    has_overall = tool.has_overall or any(item.get("overall") for item in assessments)
    return [*ordered, OVERALL] if has_overall or not ordered else ordered


def judgement(value: object) -> str:
    """Return a judgement as it is compared; what is missing is not assessed."""
    return " ".join(str(value).split()).casefold() if value not in (None, "") else NOT_ASSESSED


def judged(tool: Tool, item: Assessment, domain: str) -> str:
    """Return the judgement of a study in a domain, given by its short name."""
    if domain == OVERALL:
        return judgement(item.get("overall"))
    judgements = {short_name(tool, str(name)): value for name, value in (item.get("domains") or {}).items()}
    return judgement(judgements.get(domain))


def shown_as(key: str) -> Judgement:
    """Return the label and sign of a judgement; the sign of one in a tool's own words is its first letter."""
    return JUDGEMENTS.get(key) or Judgement(key[:1].upper() + key[1:], key[:1].upper())


def in_order(keys: set[str]) -> list[str]:
    """Return judgements from low to high, those in a tool's own words next, missing ones last."""
    own = sorted(keys - set(JUDGEMENTS))
    ordered = [key for key in JUDGEMENTS if key in keys and key != NOT_ASSESSED]
    return [*ordered, *own, *({NOT_ASSESSED} & keys)]


def assessment_findings(item: Assessment) -> Iterator[tuple[tuple[str, ...], str]]:
    """Yield the place and the message of what a tool of the registry does not have: a domain, or a judgement."""
    if item and item.get("domains") is None and not item.get("by_outcome"):
        yield (), "'domains' is missing: the judgement in each domain, or `by_outcome` with those of each outcome"
    for outcome, content in (item.get("by_outcome") or {}).items():
        for place, message in assessment_findings({"tool": item["tool"], **content}):
            yield ("by_outcome", str(outcome), *place), message
    tool = tool_of(item)
    if not tool.levels or (item.get("by_outcome") and not (item.get("domains") or item.get("overall"))):
        return
    levels = [*tool.levels, NOT_ASSESSED]
    for name, value in (item.get("domains") or {}).items():
        if short_name(tool, str(name)) not in tool.domains:
            message = f"{tool.name} has no domain '{name}'; {allowed_values_hint(name, tool.domains)}"
            yield ("domains", str(name)), message
        if judgement(value) not in levels:
            message = f"'{value}' is not a judgement of {tool.name}; {allowed_values_hint(value, levels)}"
            yield ("domains", str(name)), message
    if tool.has_overall and item.get("overall") is None:
        yield ("overall",), f"{tool.name} asks for an overall judgement: one of {', '.join(tool.levels)}"
    elif judgement(item.get("overall")) not in levels:
        message = (
            f"'{item['overall']}' is not a judgement of {tool.name}; {allowed_values_hint(item['overall'], levels)}"
        )
        yield ("overall",), message
