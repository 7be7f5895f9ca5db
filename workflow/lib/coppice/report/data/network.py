"""Networks as data: their tables, and the part of the R script that repeats them in netmeta."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from coppice.core.kinds import NETWORK
from coppice.core.network_lines import is_common, main_line
from coppice.jobs.canonical_json import rounded
from coppice.pool.multivariate.network.cells import cells_of
from coppice.report.data.frame import Frame, Value, frame
from coppice.report.data.r_text import r_string
from coppice.report.other_view import OtherView
from coppice.report.page.reported import printed

if TYPE_CHECKING:
    from coppice.report.report_data import ReviewView


def network_effects(review: ReviewView) -> Frame:
    """Return one row per comparison of a study."""
    rows: Iterator[tuple[Value, ...]] = (
        (
            item.name,
            effect["study"],
            effect["label"],
            *effect["treatments"],
            printed(effect["statistic"], effect["reported"]),
            item.measure.code,
            *review.effect_cells(item, effect),
        )
        for item in review.of_kind(NETWORK)
        for effect in item.effects
    )
    columns = "analysis study label treatment against reported measure estimate ci_low ci_high yi vi route report"
    return frame("network_effects", columns, rows)


def network_comparisons(review: ReviewView) -> Frame:
    """Return one row per pair of treatments of a network."""
    rows: Iterator[tuple[Value, ...]] = (
        (
            item.name,
            *comparison["treatments"],
            item.measure.code,
            comparison["k"],
            *(item.back((comparison[model] or {}).get(key)) for model in ("random", "common") for key in ("estimate", "ci_low", "ci_high")),
            *(item.back((comparison["random"] or {}).get(key)) for key in ("prediction_low", "prediction_high")),
            main_line(comparison)["p"],
        )
        for item in review.of_kind(NETWORK)
        for comparison in item.pool["comparisons"]
    )  # fmt: skip
    columns = (
        "analysis treatment against measure direct_studies estimate ci_low ci_high common_estimate common_ci_low "
        "common_ci_high prediction_low prediction_high p"
    )
    return frame("network_comparisons", columns, rows)


def network_component_effects(review: ReviewView) -> Frame:
    """Return one row per component of a network, and per treatment against the reference as the sum of its components."""
    rows: Iterator[tuple[Value, ...]] = (
        (
            item.name,
            kind,
            line["name"],
            item.measure.code,
            line["studies"],
            *(item.back((line[model] or {}).get(key)) for model in ("random", "common") for key in ("estimate", "ci_low", "ci_high")),
            (line["random"] or {}).get("p"),
        )
        for item in review.of_kind(NETWORK)
        for kind in ("components", "treatments")
        for line in (item.pool.get("components") or {}).get(kind, ())
    )  # fmt: skip
    columns = (
        "analysis kind name measure studies estimate ci_low ci_high common_estimate common_ci_low common_ci_high p"
    )
    return frame("network_component_effects", columns, rows)


def r_script(analysis: OtherView) -> str:
    """Return the part of the script of one network: its contrasts, the model in netmeta, and the comparison."""
    effects, part = analysis.effects, analysis.pool.get("components")
    lines = ["", f"# {analysis.name}: a network"]
    if not analysis.pool["comparisons"] and not part:
        return "\n".join([*lines, "# no study could be pooled", ""])
    if is_common(analysis.pool):
        lines += of_counts(analysis)
        return "\n".join([*lines, *compared(analysis, ("common",)), ""])
    columns = {
        "study": [r_string(str(effect["study"])) for effect in effects],
        "one": [r_string(effect["treatments"][0]) for effect in effects],
        "other": [r_string(effect["treatments"][1]) for effect in effects],
        "yi": [repr(rounded(float(effect["yi"]))) for effect in effects],
        "se": [repr(rounded(float(effect["vi"]) ** 0.5)) for effect in effects],
    }
    lines += [f"{name} <- c({', '.join(values)})" for name, values in columns.items()]
    tau2 = analysis.pool["settings"]["tau2"]
    method = f"method.tau = {r_string(tau2)}" if isinstance(tau2, str) else f"tau.preset = {float(tau2) ** 0.5!r}"
    reference = r_string(analysis.pool["reference"])
    if not analysis.pool["comparisons"]:
        lines.append(
            f"parts <- netmeta::discomb(yi, se, one, other, study, sm = {r_string(analysis.measure.code)}, reference.group = {reference}{of_components(part)})"
        )
        return "\n".join([*lines, *compared_components(analysis), ""])
    lines.append(
        f"net <- netmeta::netmeta(yi, se, one, other, study, sm = {r_string(analysis.measure.code)}, {method}, "
        f"reference.group = {reference}, level.ma = {analysis.pool['level']:g}, tol.multiarm = 1, tol.multiarm.se = 1)"
    )
    if isinstance(tau2, str):
        spread = analysis.pool["heterogeneity"]
        lines.append(f"same({r_string(f'{analysis.name}: tau2')}, {rounded(spread['tau2'])!r}, net$tau^2)")
    lines += compared(analysis, ("common", "random"))
    if part:
        lines += [f"parts <- netmeta::netcomb(net{of_components(part)})", *compared_components(analysis)]
    return "\n".join([*lines, ""])


def of_components(part: Mapping[str, Any] | None) -> str:
    """Return the arguments of netmeta that say how treatments are taken apart."""
    inactive = (part or {}).get("inactive")
    of_inactive = f", inactive = {r_string(inactive)}" if inactive else ""
    return f"{of_inactive}, sep.comps = {r_string((part or {})['separator'])}"


def compared_components(analysis: OtherView) -> Iterator[str]:
    """Yield the lines that compare each component with that of netmeta: with common effects, as estimators of tau2 differ."""
    for item in analysis.pool["components"]["components"]:
        if item["common"]:
            name = r_string(f"{analysis.name}: {item['name']}, additive")
            value = rounded(float(item["common"]["estimate"]))
            yield f"same({name}, {value!r}, parts$Comp.common[{r_string(item['name'])}])"


def compared(analysis: OtherView, models: Sequence[str]) -> Iterator[str]:
    """Yield the lines that compare each comparison of a network with that of netmeta."""
    for comparison in analysis.pool["comparisons"]:
        one, other = map(r_string, comparison["treatments"])
        for model in models:
            name = r_string(f"{analysis.name}: {' against '.join(comparison['treatments'])}, {model}")
            value = rounded(float(comparison[model]["estimate"]))
            yield f"same({name}, {value!r}, net$TE.{model}[{one}, {other}])"


def of_counts(analysis: OtherView) -> Iterator[str]:
    """Yield the lines of the counts of a network, a row per arm, and of Mantel-Haenszel in netmeta."""
    cells = cells_of(analysis.effects)
    arms = [(study, treatment, *own) for study, of_study in cells.items() for treatment, own in of_study.items()]
    columns = {
        "study": [r_string(str(study)) for study, *_ in arms],
        "treatment": [r_string(treatment) for _, treatment, *_ in arms],
        "events": [f"{events:.10g}" for *_, events, _ in arms],
        "n": [f"{events + others:.10g}" for *_, events, others in arms],
    }
    yield from (f"{name} <- c({', '.join(values)})" for name, values in columns.items())
    yield 'pairs <- meta::pairwise(treatment, events, n, studlab = study, sm = "OR")'
    reference = r_string(analysis.pool["reference"])
    yield f'net <- netmeta::netmetabin(pairs, sm = "OR", method = "MH", reference.group = {reference}, level.ma = {analysis.pool["level"]:g})'
