"""Halves of a measurement: one arm here, the other in the next sentence or line."""

from __future__ import annotations

from coppice.tools.draft.context import Context, Proposal


def merge(context: Context, before: int) -> None:
    """Join two halves of one measurement that a sentence, or two that follow one another, print apart."""
    proposals = context.document.proposals
    if len(proposals) - before != 1 or before == 0:
        return
    last, new = proposals[before - 1], proposals[before]
    if len(context.document.arms.arms) > 2:
        merge_several(context, before)
        return
    if (
        last.statistic != new.statistic
        or {last.arm, new.arm} != {"experimental", "control"}
        or new.start - last.end > 220
    ):
        return
    if not alike(last, new):
        return
    last.fields |= new.fields
    last.arm, last.start, last.end = "both", min(last.start, new.start), max(last.end, new.end)
    last.labels |= {key: value for key, value in new.labels.items() if key not in last.labels}
    proposals.pop()


def alike(one: Proposal, two: Proposal) -> bool:
    """Return whether two halves are of the same time and level, and hold the same fields."""
    same = all(one.fields.get(key) == two.fields.get(key) for key in ("time", "level"))
    shapes = [{key[:-2] for key in item.fields if key[-2:] in ("_e", "_c")} - {"n"} for item in (one, two)]
    return same and one.labels.get("unit") == two.labels.get("unit") and shapes[0] == shapes[1]


def merge_several(context: Context, before: int) -> None:
    """Give the control's half to the halves of the experimental arms that the sentences beside it print, and drop it."""
    proposals = context.document.proposals
    run = before
    while (
        run > 0
        and proposals[run - 1].statistic == proposals[before].statistic
        and proposals[run].start - proposals[run - 1].end < 120
    ):
        run -= 1
    halves = proposals[run:]
    control = next((item for item in halves if item.arm == "control"), None) or next(
        (item for item in halves if item.arm == "both"), None
    )
    waiting = [item for item in halves if item.arm == "experimental" and alike_halves(item, control)]
    if control is None or not waiting:
        return
    theirs = {key: value for key, value in control.fields.items() if key.endswith("_c")}
    for item in waiting:
        item.fields |= theirs
        item.arm = "both"
    if control.arm == "control":
        proposals.remove(control)


def alike_halves(item: Proposal, control: Proposal | None) -> bool:
    """Return whether a half holds what the control's half holds."""
    if control is None:
        return False
    theirs = {key[:-2] for key in control.fields if key.endswith("_c")} - {"n"}
    mine = {key[:-2] for key in item.fields if key.endswith("_e")} - {"n"}
    return theirs == mine and item.fields.get("time") == control.fields.get("time")
