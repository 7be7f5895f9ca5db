"""The lines of words in figures, made from the numbers of a pool result."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from coppice.core.common_methods import COMMON_METHODS, INVERSE_VARIANCE
from coppice.core.measures import MEASURES
from coppice.core.number_style import DEFAULT, degrees, interval, number, p_value, variance
from coppice.draw.canvas.canvas import clean

Result = Mapping[str, Any]

NO_BREAK = "\N{NO-BREAK SPACE}"
TAU2 = "τ²"
I2 = "I²"
INFERENCE_NAMES = {
    "wald": "Wald",
    "t": "t",
    "HKSJ": "HKSJ",
    "HKSJ-adhoc": "HKSJ, never below Wald",
    "CR1": "cluster-robust (CR1)",
    "CR2": "cluster-robust (CR2)",
}
INFERENCE_SENTENCES = {
    "wald": "normal (Wald) interval",
    "t": "interval on Student's t",
    "HKSJ": "Hartung-Knapp-Sidik-Jonkman interval",
    "HKSJ-adhoc": "Hartung-Knapp-Sidik-Jonkman interval, never narrower than Wald's",
    "CR1": "cluster-robust interval (CR1)",
    "CR2": "cluster-robust interval (CR2)",
}


def percent_level(result: Result) -> str:
    """Print the level of the intervals: ``95%``."""
    return f"{100 * float(result.get('level', 0.95)):g}%"


def measure_name(result: Result) -> str:
    """Return the name of the measure as a heading; an unknown code stands for itself."""
    measure = MEASURES.get(result.get("measure", ""))
    return _capital(measure.name) if measure else clean(result.get("measure", "Effect"))


def printed_name(result: Result) -> str:
    """Return the name of what is printed, without the scale on which it is pooled: ``Proportion`` of logits."""
    measure = MEASURES.get(result.get("measure", ""))
    return _capital(measure.printed_name) if measure else measure_name(result)


def printed_code(result: Result) -> str:
    """Return the code of the measure as a heading, or the name of what is printed where that is no longer the measure."""
    name = printed_name(result)
    return name if name != measure_name(result) else clean(result.get("measure", "Effect"))


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def studies(k: int) -> str:
    """Count studies: ``1 study``, ``5 studies``."""
    return f"{k} study" if k == 1 else f"{k} studies"


def count_of(result: Result) -> str:
    """Count what is pooled: ``5 studies``, or ``4 effects of 3 studies`` where a study gives more than one."""
    k = int(result.get("k", 0)) + len(counted_alone(result))
    return f"{k} effects of {studies(_distinct(result))}" if gives_several(result) else studies(k)


def counted_alone(result: Result) -> list[Mapping[str, Any]]:
    """Return the studies that are in a GLMM with their counts and give no effect."""
    if (result.get("settings") or {}).get("likelihood") is None:
        return []
    return [item for item in result.get("excluded") or () if "reported" in item]


def gives_several(result: Result) -> bool:
    """Return whether a study gives more than one effect."""
    return _distinct(result) not in (0, int(result.get("k", 0)) + len(counted_alone(result)))


def _distinct(result: Result) -> int:
    return len({effect.get("study") for effect in (*result.get("effects", ()), *counted_alone(result))})


def negative_weights(result: Result) -> str:
    """Say what a weight below 0 is, where there is one."""
    if not any((effect.get("weight_random") or 0.0) < 0 for effect in result.get("effects", ())):
        return ""
    return (
        "A weight below 0 is drawn as the smallest square: an effect gets one where it is strongly correlated with "
        "a more precise one."
    )


def inference_name(code: object) -> str:
    """Name an inference in short: ``Wald``."""
    return INFERENCE_NAMES.get(str(code), clean(code or ""))


def model_name(part: Mapping[str, Any] | None, settings: Mapping[str, Any]) -> str:
    """Name estimator and inference of a random-effects summary: ``REML, HKSJ``."""
    inference = (part or {}).get("inference") or settings.get("inference")
    names = [glmm_name(settings) or clean(settings.get("tau2") or ""), inference_name(inference)]
    return ", ".join(name for name in names if name)


def glmm_name(settings: Mapping[str, Any]) -> str:
    """Name a generalised linear mixed model: ``GLMM UM.FS``; empty without one."""
    if settings.get("likelihood") is None:
        return ""
    return " ".join(["GLMM", *([clean(settings["glmm"])] if settings.get("glmm") else [])])


def tied(text: str) -> str:
    """Return text that may be broken only between its parts, not on either side of a sign."""
    for sign in ("=", "<", "to", "and"):
        text = text.replace(f" {sign} ", f"{NO_BREAK}{sign}{NO_BREAK}")
    return text


def heterogeneity(values: Mapping[str, Any] | None, *, intervals: bool = True) -> str:
    """Describe heterogeneity in one line; empty when there is nothing to describe."""
    if not values:
        return ""
    parts = []
    if values.get("tau2") is not None:
        parts.append(f"{TAU2} = {variance(values['tau2'])}" + _limits(values, "tau2") * intervals)
    if values.get("I2") is not None:
        parts.append(f"{I2} = {number(values['I2'], 0)}%" + _limits(values, "I2", "%") * intervals)
    if values.get("Q") is not None:
        parts.append(f"Q = {number(values['Q'])}, df = {degrees(values.get('df', 0))}, p {p_value(values.get('p'))}")
    return "Heterogeneity: " + tied(", ".join(parts)) if parts else ""


def _limits(values: Mapping[str, Any], name: str, unit: str = "") -> str:
    low, high = values.get(f"{name}_low"), values.get(f"{name}_high")
    if low is None and high is None:
        return ""
    if high is None:
        return f" (from {variance(low) if name == 'tau2' else number(low, 0)}{unit}, no upper limit)"
    if name == "tau2":
        return f" ({' to '.join(DEFAULT.variance_limits(low or 0.0, high))})"
    return f" ({interval(low or 0.0, high, 0)}{unit})"


def overall_test(result: Result) -> str:
    """Describe the test of the overall effect; empty for a measure without a value of no effect, such as a proportion."""
    part, measure = result.get("random") or result.get("common"), MEASURES.get(result.get("measure", ""))
    if not part or part.get("p") is None or (measure and measure.null is None):
        return ""
    df = part.get("df")
    symbol, on = ("z", "") if df is None else ("t", f", df = {degrees(df)}")
    return tied(f"Overall effect: {symbol} = {number(part.get('statistic'))}{on}, p {p_value(part['p'])}")


def subgroup_test(subgroups: Mapping[str, Any] | None) -> str:
    """Describe the test of differences between subgroups."""
    test = (subgroups or {}).get("test")
    if not test or test.get("p") is None:
        return ""
    second = f" and {degrees(test['df2'])}" if test.get("df2") is not None else ""
    text = f"{test.get('statistic', 'Q')} = {number(test['Q'])}, df = {degrees(test['df'])}{second}, p {p_value(test['p'])}"
    return "Differences between subgroups: " + tied(text)


def prediction_name(prediction: Mapping[str, Any], level: str) -> str:
    """Name the prediction interval with its degrees of freedom."""
    df = prediction.get("df")
    return f"{level} prediction interval" + (f" (t, {degrees(df)} df)" if df is not None else " (normal)")


def method(result: Result) -> str:
    """Say in a footnote how the numbers were made."""
    settings = result.get("settings", {})
    measure = MEASURES.get(result.get("measure", ""))
    sentences = []
    if measure and measure.scale.is_ratio:
        sentences.append(f"{measure_name(result)}s pooled on the log scale.")
    random = result.get("random")
    if random:
        inference = str(random.get("inference") or settings.get("inference"))
        how = INFERENCE_SENTENCES.get(inference, clean(inference))
        model = f"{glmm_name(settings)} ({clean(settings['likelihood'])}), " if glmm_name(settings) else ""
        sentences.append(f"Random effects: {model}{TAU2} by {clean(settings.get('tau2', ''))}, {how}.")
    elif any(level.get("random") for level in (result.get("subgroups") or {}).get("levels", ())):
        sentences.append(f"Subtotals by random effects: {TAU2} by {clean(settings.get('tau2', ''))} in each subgroup.")
    if common := result.get("common"):
        sentences.append(f"Common effect: {COMMON_METHODS[common.get('method') or INVERSE_VARIANCE].name}.")
    return " ".join(sentences)


PARTS = {
    "random": "overall estimate",
    "common": "common-effect estimate",
    "prediction": "prediction interval",
    "heterogeneity": "heterogeneity",
}


def reasons(result: Result, parts: Iterable[str] = PARTS) -> list[str]:
    """Say why parts of the result are missing, those with the same reason together."""
    by_part = result.get("reasons") or {}
    missing: dict[str, list[str]] = {}
    for part in parts:
        if part == "common" and by_part.get(part) == by_part.get("random"):
            continue  # the reason stands at the overall estimate
        if by_part.get(part) and not result.get(part):
            missing.setdefault(_sentence(by_part[part]), []).append(PARTS[part])
    return [f"No {joined(names, 'or')}: {reason}" for reason, names in missing.items()]


def cautions(result: Result) -> list[str]:
    """Repeat the warnings that the back-transformed pooled value may mislead: the numbers of the figure are such values."""
    return [clean(text) for text in result.get("warnings") or () if "back-transformation" in str(text)]


def not_pooled(result: Result) -> list[str]:
    """Name the studies that are not pooled, those with the same reason together."""
    excluded: dict[str, list[str]] = {}
    alone = counted_alone(result)
    for item in result.get("excluded") or ():
        if item in alone:
            continue
        excluded.setdefault(_sentence(item["reason"]), []).append(clean(item.get("label") or item["study"]))
    named = [clean(item.get("label") or item["study"]) for item in alone]
    in_model = (
        [f"In the model with their counts, without an effect of their own: {joined(named, 'and')}."] if named else []
    )
    return in_model + [f"Not pooled: {joined(labels, 'and')}: {reason}" for reason, labels in excluded.items()]


def joined(names: Sequence[str], last: str) -> str:
    """Join names with commas and a word before the last."""
    return f" {last} ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _sentence(text: object) -> str:
    return clean(text).rstrip(".") + "."
