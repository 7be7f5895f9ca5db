"""What if: a panel in which a reader takes studies out and switches estimator and interval.

`explore` has worked out every model. The panel prints the numbers of each as the rest of the page prints them, and its
script looks the texts up. Without script the panel is hidden.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from coppice.core.contracts.explore import WhatIf, WhatIfChoice
from coppice.core.contracts.values import Skipped
from coppice.core.printing import LINE
from coppice.draw.canvas.axes import effect_limits, ticks
from coppice.pool.options import INFERENCES, TAU2_ESTIMATORS
from coppice.report.page import html_elements, words
from coppice.report.page.data_block import data_block
from coppice.report.page.html_elements import Html, tag
from coppice.report.report_data import AnalysisView, ReviewView

BUDGET = 1_200_000  # characters of all panels of a page, which stays below 3 MB
FIELDS = {  # the numbers in each text
    "line": LINE,
    "prediction": ("prediction_low", "prediction_high"),
    "tau2": ("tau2",),
    "I2": ("I2",),
}
COMMON = "Common effect"
AXIS_LENGTH, LETTER = 260.0, 5.5  # pixels: what the axis is wide on a phone, and one letter beside it
PLAIN_KEY = re.compile(r"[A-Za-z][\w-]*")  # a key of YAML that needs no quotes
YAML_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
REASON = "to see what the result is without it"
UNEXPLORED: Skipped = {"skipped": "the analysis is not explored"}


def panel(review: ReviewView, analysis: AnalysisView) -> Html | None:
    """Build the panel of an analysis; None if there are no models to look up, or they would make the page too large."""
    part = models_of(analysis)
    if part is None:
        return None
    panels = sum(models_of(each) is not None for each in review.analyses)
    data = content(review, analysis, part, BUDGET // panels)
    if data is None:
        return None
    return html_elements.fold(
        "What if: without some studies, by another model",
        tag(
            "p",
            "Each result below is that of a run without the studies that are not ticked and with this model.",
            *(f" {text}" for text in data["limits"]),
        ),
        tag("div", _controls(analysis, data), _outputs(analysis), data_block("what-if-data", data), class_="what-if"),
        id_=f"{analysis.id}-what-if",
        needs_script=True,
    )


def models_of(analysis: AnalysisView) -> WhatIf | None:
    """Return the models of every subset of the studies, if there are any."""
    part = analysis.explore.get("what_if", UNEXPLORED)
    return None if "skipped" in part else part


def content(review: ReviewView, analysis: AnalysisView, part: WhatIf, budget: int = BUDGET) -> dict[str, Any] | None:
    """Return what the script looks up and draws; None where not even the main analysis fits into the budget.

    Its `columns` hold the texts of all subsets, one after the other; `choices` say which columns are theirs.
    """
    columns: dict[str, int] = {}
    choices: list[dict[str, Any]] = []
    printer = Printer(analysis, part)
    for choice in part["choices"]:
        texts = printer.texts(choice)
        size = sum(len(text) for text in {*texts.values()} - columns.keys())
        if sum(map(len, columns)) + size > budget:
            break
        choices.append(_choice(choice) | {name: columns.setdefault(text, len(columns)) for name, text in texts.items()})
    if not choices:
        return None
    dropped = len(part["choices"]) - len(choices)
    limit = f"The page holds {len(choices)} of {len(part['choices'])} models; the others are in the result files."
    return {
        "analysis": yaml_key(analysis.name),
        "measure": analysis.measure.label,
        "reason": REASON,
        "studies": [_study(review, analysis, study) for study in part["studies"]],
        "choices": choices,
        "columns": list(columns),
        "limits": [*part["limits"], *([limit] if dropped else [])],
        "axis": _axis(analysis),
    }


class Printer:
    """Prints the numbers of an analysis as the page prints them elsewhere, those that choices share once."""

    def __init__(self, analysis: AnalysisView, part: WhatIf) -> None:
        self.analysis = analysis
        self.part = part
        self.counts = effects_in(part)
        self.rows: dict[tuple[object, ...], str] = {}

    def texts(self, choice: WhatIfChoice) -> dict[str, str]:
        """Return the texts of all subsets by a choice, with a semicolon between subsets."""
        places = dict(zip(self.part["fields"], choice["columns"], strict=True))
        return {name: self._row(name, tuple(places[field] for field in fields)) for name, fields in FIELDS.items()}

    def _row(self, name: str, places: tuple[int, ...]) -> str:
        key = (name, *places)  # tau2 and I2 that are 0 throughout are one column and two texts
        if key not in self.rows:
            columns = [_numbers(self.part["columns"][place]) for place in places]
            text = getattr(self, f"_{name}")
            self.rows[key] = ";".join(text(k, *values) for k, *values in zip(self.counts, *columns, strict=True))
        return self.rows[key]

    def _line(self, k: int, estimate: float | None, low: float | None, high: float | None) -> str:
        line = {"estimate": estimate, "ci_low": low, "ci_high": high}
        return "" if estimate is None else words.estimate(self.analysis, {**line, "shown": line, "k": k})

    def _prediction(self, _: int, low: float | None, high: float | None) -> str:
        line = {"low": low, "high": high}
        if low is None or high is None:
            return ""
        return words.interval(self.analysis, {**line, "shown": line}, "low", "high")

    def _tau2(self, _: int, tau2: float | None) -> str:
        return "" if tau2 is None else words.tau2(self.analysis, {"tau2": tau2})

    def _I2(self, _: int, i2: float | None) -> str:
        return "" if i2 is None else words.i2(self.analysis, {"I2": i2})


def effects_in(part: WhatIf) -> list[int]:
    """Return the number of effects of every subset, in the order of the columns."""
    subsets = range(1, 2 ** len(part["studies"]))
    return [sum(number for bit, number in enumerate(part["effects"]) if subset >> bit & 1) for subset in subsets]


def _numbers(column: str) -> list[float | None]:
    return [float(text) if text else None for text in column.split(",")]


def _choice(choice: WhatIfChoice) -> dict[str, Any]:
    """Return the names of a choice, and the keys of the configuration that make it."""
    tau2, inference = choice["tau2"], choice["inference"]
    estimator = TAU2_ESTIMATORS.get(str(tau2))
    name = f"{tau2} ({estimator.name})" if estimator else f"{words.TAU2} fixed at {tau2}"
    return {
        "label": choice["label"],
        "estimator": COMMON if tau2 is None else name,
        "interval": INFERENCES[inference].name if inference in INFERENCES else inference,
        "model": None if tau2 is None else f"{{tau2: {tau2}, inference: {inference}}}",
    }


def _study(review: ReviewView, analysis: AnalysisView, study: str) -> dict[str, Any]:
    """Return a study's label, its key as YAML writes it, and its effects as they are printed."""
    effects = [effect for effect in analysis.effects if effect["study"] == study]
    return {
        "label": effects[0]["label"] if len(effects) == 1 else review.label(study),
        "key": yaml_key(study),
        "effects": [words.estimate(analysis, {**effect, "estimate": effect["yi"]}) for effect in effects],
    }


def yaml_key(key: str) -> str:
    """Return a key as YAML writes it, in quotes where it could be read as something else than a text."""
    is_plain = PLAIN_KEY.fullmatch(key) and key.lower() not in YAML_WORDS
    return key if is_plain else json.dumps(key, ensure_ascii=False)


def _axis(analysis: AnalysisView) -> dict[str, Any]:
    """Return the axis of the drawing, on the printed scale or its logarithm."""
    is_log = analysis.measure.scale.is_ratio

    def placed(values: Iterable[float | None]) -> list[float | None]:
        if not is_log:
            return list(values)
        return [None if value is None or value <= 0 else math.log(value) for value in values]

    effects = [placed(analysis.printed({**effect, "estimate": effect["yi"]})) for effect in analysis.effects]
    estimates, lows, highs = zip(*effects, strict=True)
    null = None if analysis.measure.null is None else placed([analysis.back(analysis.measure.null)])[0]
    main = placed(analysis.printed(analysis.pool["random"]))
    low, high = effect_limits(estimates, lows, highs, always=main, null=null)
    major, _ = ticks(low, high, AXIS_LENGTH, is_log=is_log, width=lambda label: LETTER * len(label))
    point = analysis.style.point
    return {
        "log": is_log,
        "low": low,
        "high": high,
        "null": null,
        "ticks": [[tick.value, tick.label.replace(".", point)] for tick in major],
    }


def _controls(analysis: AnalysisView, data: Mapping[str, Any]) -> Html:
    """Build the box of each study, and the two lists of estimators and intervals, which the script fills."""
    boxes = [
        tag(
            "div",
            tag("label", tag("input", type="checkbox", checked=True, value=number), tag("span", study["label"])),
            class_="study",
        )
        for number, study in enumerate(data["studies"])
    ]
    return html_elements.join(
        [
            tag(
                "div",
                *(
                    tag("label", tag("span", title), tag("select", class_=name))
                    for name, title in (
                        ("estimator", f"Estimator of {words.TAU2}"),
                        ("interval", f"{words.level(analysis.pool)} interval by"),
                    )
                ),
                class_="models",
            ),
            tag("fieldset", tag("legend", "Studies"), *boxes),
            tag(
                "div", tag("svg", aria_hidden="true"), class_="pooled"
            ),  # the script fills in the rows of the summaries
        ]
    )


def _outputs(analysis: AnalysisView) -> Html:
    """Build what a screen reader is told after each change, and the lines of the configuration."""
    names = {
        "estimate": words.estimate_heading(analysis),
        "prediction": f"{words.level(analysis.pool)} prediction interval",
        "tau2": words.TAU2,
        "I2": words.I2,
        "k": "Effects",
    }
    pairs = [tag("div", tag("dt", name), tag("dd", class_=key)) for key, name in names.items()]
    status = tag(
        "div", tag("p", class_="change"), tag("dl", *pairs, class_="facts"), role="status", aria_label="Result"
    )
    file = tag("code", "config/config.yaml")
    lines = tag(
        "div",
        tag("p", "A run with these lines added to ", file, " gives this result:"),
        tag("pre", tabindex="0"),
        class_="lines",
    )
    buttons = tag(
        "p",
        tag("button", "Copy these lines", type="button", class_="copy"),
        tag("button", "Back to the main analysis", type="button", class_="reset"),
        class_="buttons",
    )
    return html_elements.join([status, lines, buttons])
