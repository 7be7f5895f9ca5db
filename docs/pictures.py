"""The gallery: every figure, drawn from the BCG trials or from the shipped review, and the page that shows them."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coppice.core.kinds import DIAGNOSTIC, NETWORK, PAIRWISE
from coppice.draw.analysis import with_records
from coppice.draw.canvas.canvas import Drawing
from coppice.draw.canvas.save import save
from coppice.draw.canvas.style import STYLES
from coppice.draw.figures.prisma import draw_prisma
from coppice.draw.figures.risk_of_bias import draw_risk_of_bias
from coppice.draw.figures.risk_of_bias_summary import draw_risk_of_bias_summary
from coppice.draw.figures.routes_map import draw_routes_map
from coppice.draw.figures.summary import draw_summary
from coppice.draw.registry import FIGURES
from coppice.explore.kinds import exploring
from coppice.extract.outcome import extract_outcome
from coppice.plan import plan
from coppice.pool.kinds import pooling
from coppice.review.arm_names import favours_of

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "gallery"
BCG = Path("docs/gallery/config.yaml")
SMOKING = Path("tests/reviews/smokingcessation")  # a network
COACHING = Path("tests/reviews/kalaian1996")  # several outcomes
FISH = Path("tests/reviews/fish_ra")  # by dose
CURVES = Path("docs/gallery/curves/config.yaml")  # invented trials
COMPONENTS = Path("docs/gallery/components/config.yaml")  # invented trials
ACCURACY = Path("docs/gallery/accuracy/config.yaml")
HEAD = """# The figures

`make docs` draws this page. The pictures of the BCG trials come from [one small configuration](gallery/config.yaml) and
[a table](../tests/reviews/bcg/studies.csv), those of networks from
[24 trials of help to stop smoking](../tests/reviews/smokingcessation/config.yaml), that of several outcomes from
[47 studies of coaching](../tests/reviews/kalaian1996/config.yaml), that of doses from
[six studies of fish](../tests/reviews/fish_ra/config.yaml), the others from the review that is shipped, but for what is said to be
invented. Each figure is switched on by its name under `figures:` in the configuration, with its options; the forest plot,
the funnel plot and the robustness strip are drawn unless they are switched off, and the figures of the review as a whole, the last of the
page, where the review has what they show. What the results do not have is said in the figure's place.

Each is also a function of its own for a notebook:

```python
from coppice.draw.forest.forest import draw_forest

figure = draw_forest(result, title="Overall survival")  # result: the content of results/pool/<analysis>.json
figure.savefig("forest.png", dpi=300)
```
"""
# Nobody judged or counted these: they show what the marks look like.
INVENTED = {
    "assessments": [
        {"study": "A", "label": "First trial", "tool": "RoB 2", "domains": {"D1": "low", "D2": "low", "D3": "some concerns", "D4": "low", "D5": "low"}, "overall": "some concerns"},
        {"study": "B", "label": "Second trial", "tool": "RoB 2", "domains": {"D1": "low", "D2": "high", "D3": "low", "D4": "some concerns", "D5": "low"}, "overall": "high"},
        {"study": "C", "label": "Third trial", "tool": "RoB 2", "domains": {"D1": "low", "D2": "low", "D3": "low", "D4": "low", "D5": "low"}, "overall": "low"},
        {"study": "D", "label": "A cohort", "tool": "ROBINS-I", "domains": {"D1": "serious", "D2": "moderate", "D3": "low", "D4": "low", "D5": "no information", "D6": "critical", "D7": "low"}, "overall": "critical"},
    ],
    "pool": {"analysis": "os", "effects": [{"study": "A", "weight_random": 48}, {"study": "B", "weight_random": 31}, {"study": "C", "weight_random": 21}]},
    "flow": {
        "identified": {"Databases": 1200, "Registers": 85},
        "removed": {"Duplicates": 310},
        "screened": 975,
        "excluded_screening": 890,
        "sought": 85,
        "not_retrieved": 3,
        "assessed": 82,
        "excluded_reports": {"No comparator": 41, "Other population": 28},
        "included_studies": 10,
        "included_reports": 13,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Results:
    """The draw spec of an analysis and its results."""

    spec: Mapping[str, Any]
    pool: Mapping[str, Any]
    explore: Mapping[str, Any]
    extracts: Sequence[Mapping[str, Any]] = ()

    def figure(self, name: str, options: Mapping[str, Any], theme: str = "light") -> Drawing:
        """Draw one figure."""
        common = {"style": STYLES[theme], **{key: self.spec[key] for key in ("title", "favours", "arms")}}
        results = {"pool": self.pool, "explore": self.explore, "extracts": self.extracts}
        return FIGURES[name].draw(results, common, options)


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the page: its file, its heading, what it shows, and the configuration that asks for it."""

    name: str
    title: str
    says: str
    asked: str
    draw: Callable[[], Drawing]


def computed(config: Path = BCG) -> dict[str, Results]:
    """Extract, pool and explore the analyses of a configuration here; the working directory is the repository."""
    review = plan.load([config], {})
    found = {}
    for name in review.review.analyses:
        extracts = [
            extract_outcome(review.content("extract", study=study, outcome=outcome))
            for study, outcome in review.reads("pool", analysis=name)
        ]
        wanted = review.content("pool", analysis=name)
        pooled = pooling(wanted).pool(wanted, extracts)
        explored = exploring(pooled)(review.content("explore", analysis=name), pooled, extracts)
        spec = review.content("draw", analysis=name)
        spec["characteristics"] = {study.study: study.characteristics for study in review.review.studies}
        labels = {study.study: study.label for study in review.review.studies}
        labelled = [{**extract, "label": labels[extract["study"]]} for extract in extracts]
        found[name] = Results(spec, with_records(pooled, spec), explored, labelled)
    return found


def shipped(analysis: str) -> Results:
    """Return the results of an analysis of the finished run."""
    spec = plan.load([Path("config/config.yaml")], {}).content("draw", analysis=analysis)
    read = [
        json.loads((ROOT / "results" / verb / f"{analysis}.json").read_text("utf-8")) for verb in ("pool", "explore")
    ]
    return Results(spec, *read)


def extracts() -> list[dict[str, Any]]:
    """Return the extracts of the finished run."""
    return [json.loads(file.read_text("utf-8")) for file in sorted((ROOT / "results" / "extract").glob("*/*.json"))]


def _figure(
    results: Results, name: str, options: Mapping[str, Any] | None = None, *, file: str = "", **more: str
) -> Picture:
    figure, given = FIGURES[name], dict(options or {})
    asked = json.dumps({name: given}).replace('"', "").replace("true", "true")
    says = more.get("says") or f"{figure.caption[:1].upper()}{figure.caption[1:]}"
    theme = more.get("theme", "light")
    config = f"figures: {asked}" + (f"\nstyle: {{theme: {theme}}}" if theme != "light" else "")
    return Picture(
        file or name, more.get("title") or figure.title, says, config, lambda: results.figure(name, given, theme)
    )


def pictures() -> Iterator[Picture]:
    """Yield every picture, in the order of the page."""
    bcg, by_allocation = computed().values()
    efs, os_ = shipped("efs"), shipped("os")
    columns = ["study", "ablat", "arms", "plot", "effect", "weight"]
    yield _figure(bcg, "forest")
    yield _figure(
        efs,
        "forest",
        file="forest_subgroups",
        title="Forest plot with subgroups",
        says="Event-free survival of the shipped review: subtotals with their own heterogeneity, and what is not pooled, with the reason.",
    )
    yield _figure(
        by_allocation,
        "forest",
        {"columns": columns, "sort": "effect", "density": True},
        file="forest_columns",
        title="Forest plot with columns of your own",
        says="Any characteristic of the studies is a column, and `risk_of_bias` a light for each domain; here the prediction interval is a density.",
    )
    for preset in ("revman5", "jama", "bmj", "lancet"):
        yield _figure(
            bcg,
            "forest",
            {"preset": preset},
            file=f"forest_{preset}",
            title=f"Forest plot, preset {preset}",
            says="The same numbers in another layout.",
        )
    yield _figure(
        os_,
        "forest",
        file="forest_dark",
        title="Forest plot, dark",
        says="All figures have a dark theme.",
        theme="dark",
    )
    yield _figure(bcg, "funnel", {"fill": "L0"})
    for name, figure in FIGURES.items():
        if name not in ("forest", "funnel", "kaplan_meier") and PAIRWISE in figure.kinds:
            yield _figure(bcg, name, {"labels": True} if name in ("bubble", "labbe") else {})
    accuracy = computed(ACCURACY)["mmse"]
    for name in (name for name, figure in FIGURES.items() if DIAGNOSTIC in figure.kinds):
        yield _figure(accuracy, name)
    curves = FIGURES["kaplan_meier"].caption
    invented = f"{curves[:1].upper()}{curves[1:]} The trials are invented."
    yield _figure(computed(CURVES)["survival"], "kaplan_meier", says=invented)
    with contextlib.chdir(SMOKING):
        network = computed(Path("config.yaml"))["cessation"]
    components = computed(COMPONENTS)["response"]
    for name, figure in FIGURES.items():
        if NETWORK in figure.kinds:
            says = f"{figure.caption[:1].upper()}{figure.caption[1:]} The trials are invented."
            yield _figure(components, name, says=says) if name == "network_components" else _figure(network, name)
    with contextlib.chdir(COACHING):
        outcomes = computed(Path("config.yaml"))["unstructured"]
    yield _figure(outcomes, "outcomes_forest")
    with contextlib.chdir(FISH):
        yield _figure(computed(Path("config.yaml"))["spline"], "dose_response")
    review = plan.load([Path("config/config.yaml")], {}).review
    sides = {name: favours_of(review, analysis) for name, analysis in review.analyses.items()}
    pooled = [shipped(name).pool for name in review.analyses]
    titles = {name: item.title for name, item in review.analyses.items()}
    outcomes = {item.outcome: item.title for item in reversed(review.analyses.values())}
    labels = {study.study: study.label for study in review.studies}
    yield Picture(
        "summary",
        "Summary forest plot",
        "The pooled estimates of all analyses of the shipped review.",
        "figures: {summary: {}}",
        lambda: draw_summary(pooled, titles=titles, sides=sides),
    )
    yield Picture(
        "risk_of_bias",
        "Risk of bias",
        "A light for each study and domain, a block for each tool: RoB 2, ROBINS-I, ROBINS-E, QUADAS-2, or one of your own. The judgements are invented.",
        "figures: {risk_of_bias: {}}",
        lambda: draw_risk_of_bias(INVENTED["assessments"]),
    )  # type: ignore[arg-type]
    yield Picture(
        "risk_of_bias_summary",
        "Risk of bias, weighted",
        "The share of each judgement, by the weight of the studies in an analysis. The judgements are invented.",
        "figures: {risk_of_bias_summary: {analysis: os}}",
        lambda: draw_risk_of_bias_summary(
            INVENTED["assessments"], [INVENTED["pool"]], analysis="os", titles={"os": "Overall survival"}
        ),
    )  # type: ignore[arg-type]
    yield Picture(
        "prisma",
        "Flow of studies",
        "The PRISMA 2020 diagram. The counts are invented.",
        "figures: {prisma: {}}",
        lambda: draw_prisma(INVENTED["flow"]),
    )  # type: ignore[arg-type]
    yield Picture(
        "routes_map",
        "Map of routes",
        "Which study of the shipped review reported what, and how it became an effect.",
        "figures: {routes_map: {}}",
        lambda: draw_routes_map([item | {"label": labels[item["study"]]} for item in extracts()], outcomes=outcomes),
    )


def page(shown: list[Picture]) -> str:
    """Return the text of the gallery."""
    parts = [HEAD]
    for picture in shown:
        asked = f"\n```yaml\n{picture.asked}\n```\n" if picture.asked else ""
        parts.append(f"## {picture.title}\n\n{picture.says}\n{asked}\n![{picture.title}](gallery/{picture.name}.svg)\n")
    return "\n".join(parts)


def write() -> None:
    """Write docs/gallery.md and the pictures it shows."""
    shown = list(pictures())
    for picture in shown:
        save(picture.draw(), FOLDER / f"{picture.name}.svg")
    (ROOT / "docs" / "gallery.md").write_text(page(shown), "utf-8")
