"""Judgements of the risk of bias as other programs write them: levels, names of domains, and which tool they are of."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from coppice.core.risk_of_bias import (
    NOT_ASSESSED,
    QUADAS_2,
    ROB_2,
    ROBINS_E,
    ROBINS_I,
    ROBINS_I_V2,
    Tool,
)

ROB_1 = "RoB 1"  # a tool without an overall judgement, whose domains reviews change
OVERALL = "overall"
RISK = re.compile(r"\s*(risk( of bias)?|concerns?)$")
LEVELS = {
    **dict.fromkeys(("l", "+", "low"), "low"),
    **dict.fromkeys(("h", "x", "high"), "high"),
    **dict.fromkeys(("u", "?", "unclear"), "unclear"),
    **dict.fromkeys(("sc", "some"), "some concerns"),
    **dict.fromkeys(("m", "moderate"), "moderate"),
    **dict.fromkeys(("s", "serious"), "serious"),
    **dict.fromkeys(("vh", "very high"), "very high"),
    **dict.fromkeys(("c", "critical"), "critical"),
    **dict.fromkeys(("ni", "no information"), "no information"),
}
MISSING = frozenset({"", "na", "n/a", "#n/a", "not applicable", "none", "-", NOT_ASSESSED})
DOMAINS_OF_ROB_2 = {  # words that a domain's name holds, in the order in which they decide
    "D1": ("randomi",),
    "D1b": ("recruitment",),
    "DS": ("carryover", "carry-over", "period and"),
    "D2": ("deviation",),
    "D3": ("missing",),
    "D4": ("measurement",),
    "D5": ("reported result", "selection of"),
}
OF_ROB_1 = re.compile(
    "sequence generation|allocation concealment|blinding|incomplete outcome|selective (outcome )?report", re.I
)


def level_of(text: str) -> str | None:
    """Return a judgement in Coppice's words; an unknown one in its own, None for a missing one."""
    plain = " ".join(text.casefold().replace("_", " ").split())
    if plain in MISSING:
        return None
    return LEVELS.get(plain) or LEVELS.get(RISK.sub("", plain)) or plain


def domain_of_rob_2(name: str) -> str | None:
    """Return the short name of a domain of RoB 2, `overall`, or None."""
    folded = name.casefold()
    if folded.startswith(OVERALL):
        return OVERALL
    short = re.match(r"(?:domain\s*|d)(1b|[1-5s])\b", folded)
    if short:
        return {"1b": "D1b", "s": "DS"}.get(short[1], f"D{short[1]}")
    return next((key for key, words in DOMAINS_OF_ROB_2.items() if any(word in folded for word in words)), None)


def is_rob_1(names: Collection[str]) -> bool:
    """Return whether domains are those of the first tool, of which a review may have added others."""
    return any(OF_ROB_1.search(name) for name in names)


def fits(tool: Tool, domains: Collection[str], levels: Collection[str]) -> bool:
    """Return whether the domains of a table are those of a tool, special ones aside, and its levels too."""
    required = {name for name in tool.domains if re.fullmatch("D[0-9]", name)}
    return required <= set(domains) <= set(tool.domains) and set(levels) <= {*tool.levels, "no information"}


def tool_of_table(domains: Collection[str], levels: Collection[str]) -> tuple[str, str]:
    """Return the tool that a table without its name is likely to be of, and why."""
    if is_rob_1(domains):
        return ROB_1, "the names of its domains"
    why = f"the domains {', '.join(domains)} and the judgements {', '.join(levels)}"
    for tool in (ROB_2, ROBINS_I, ROBINS_I_V2, ROBINS_E):
        if fits(tool, domains, levels):
            return tool.name, why
    if set(domains) == {"D1", "D2", "D3", "D4"} and set(levels) <= {
        *QUADAS_2.levels,
        "some concerns",
        "no information",
    }:
        return QUADAS_2.name, why
    if len(domains) == 6 and set(levels) <= {"low", "moderate", "high", "no information"}:
        return "QUIPS", why
    return "tool not stated", why


def fitted(tool: Tool, level: str | None) -> str | None:
    """Return a judgement as a tool has it: RoB 2 without information is not assessed, QUADAS-2 has `unclear`."""
    if level is None or not tool.levels or level in tool.levels:
        return level
    if tool is QUADAS_2 and level in ("some concerns", "no information"):
        return "unclear"
    return None if level == "no information" else level


def assessment(tool: Tool, domains: Mapping[str, str | None], overall: str | None, note: str = "") -> dict[str, Any]:
    """Return the judgement of a study or an outcome without its tool; missing domains are left out."""
    judged = {name: level for name, text in domains.items() if (level := fitted(tool, text))}
    verdict = fitted(tool, overall) or (NOT_ASSESSED if tool.has_overall else None)
    return {"domains": judged, "overall": verdict, **({"note": note} if note else {})}
