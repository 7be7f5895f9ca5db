"""The gallery: every figure with a configuration that makes it, and the page that shows them.

Each picture is drawn from the lines that stand beneath it and from nothing else, by the steps of the workflow.
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import chdir
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from docs.picture_bases import (
    ACCURACY,
    BCG,
    COACHING,
    COMPONENTS,
    CURVES,
    DOSES,
    JUDGED,
    SHIPPED,
    SMOKING,
    SUBGROUPS,
    Base,
)

from coppice.core import results_layout
from coppice.core.kinds import DIAGNOSTIC, DOSE_RESPONSE, MULTIVARIATE, NETWORK, PAIRWISE
from coppice.core.results_layout import REVIEW_FOLDER
from coppice.draw.analysis import draw_analysis
from coppice.draw.canvas.canvas import Drawing
from coppice.draw.canvas.save import save
from coppice.draw.registry import EVERY_FIGURE, FIGURES, REVIEW_FIGURES
from coppice.draw.review import draw_review, read_extracts, read_results
from coppice.explore.kinds import exploring
from coppice.extract.outcome import extract_outcome
from coppice.jobs import canonical_json
from coppice.plan import plan
from coppice.pool.kinds import pooling

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "docs" / "gallery"
PAGE = ROOT / "docs" / "gallery.md"
HEAD = """# The figures

Each picture is made by the lines beneath it. To have it yourself, save them as `my.yaml` in a copy of this repository and run

```sh
snakemake --cores all --configfile my.yaml
```

The picture is then in `results/draw/`, at the path that stands beneath the lines. In a review of your own take only what stands under
`figures:`, and the key of the analysis that the figure needs, such as `moderators` for the bubble plot. The forest plot, the
funnel plot and the robustness strip are drawn unless they are switched off; the last figures of the page show a review as a whole,
and are drawn where it has what they show. What the results do not have is said in the figure's place. `make docs` draws this page.

Each is also a function of its own for a notebook:

```python
from coppice.draw.forest.forest import draw_forest

figure = draw_forest(result, title="Overall survival")  # result: the content of results/pool/<analysis>.json
figure.savefig("forest.png", dpi=300)
```
"""
REFERENCE = "../config/README.md"


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the page.

    Attributes
    ----------
    figure, file : str
        The figure's name, and the file's where several pictures show the figure.
    base : Base
        The configuration but for `figures` and `style`, and the analysis that is shown.
    options, theme : mapping, str
        What is set for the figure.
    title, says : str
        The heading, and the sentence below it.
    """

    figure: str
    base: Base
    options: Mapping[str, Any] = field(default_factory=dict)
    file: str = ""
    theme: str = "light"
    title: str = ""
    says: str = ""

    @property
    def name(self) -> str:
        """The file's name."""
        return self.file or self.figure

    @property
    def heading(self) -> str:
        """The heading on the page."""
        return self.title or EVERY_FIGURE[self.figure].title

    @property
    def sentence(self) -> str:
        """What the figure shows."""
        caption = EVERY_FIGURE[self.figure].caption
        said = self.says or f"{caption[:1].upper()}{caption[1:]}"
        return f"{said} {self.base.note}".strip()

    @property
    def config(self) -> str:
        """The lines that make the picture."""
        options = json.dumps({self.figure: dict(self.options)}).replace('"', "")
        style = f"style: {{theme: {self.theme}}}\n" if self.theme != "light" else ""
        return f"{self.base.text}figures: {options}\n{style}"

    @property
    def place(self) -> str:
        """Where a run of these lines writes it."""
        return (
            f"results/draw/{REVIEW_FOLDER if self.figure in REVIEW_FIGURES else self.base.analysis}/{self.figure}.svg"
        )

    @property
    def links(self) -> str:
        """The figure's keys, and the function that draws it."""
        figure = EVERY_FIGURE[self.figure]
        described = f"Keys: `{self.figure}` of `figures`" in (ROOT / "config" / "README.md").read_text("utf-8")
        keys = f"keys-{self.figure}-of-figures" if described else "choose-the-figures"
        function = figure.load()
        module = getattr(function, "func", function).__module__
        source = f"../workflow/lib/{module.replace('.', '/')}.py"
        return f"[Options]({REFERENCE}#{keys}) · [{module}]({source}) · `{self.place}`"

    def draw(self) -> Drawing:
        """Draw it from its lines."""
        return drawn(self.config, self.figure, self.base.analysis)


@cache
def computed(text: str) -> tempfile.TemporaryDirectory[str]:
    """Extract, pool and explore the review of a configuration, and return the folder with its results."""
    folder = tempfile.TemporaryDirectory()
    results, review = Path(folder.name), planned(text)
    extracts = {}
    for study, outcome in review.extracts:
        extracts[study, outcome] = extract_outcome(review.content("extract", study=study, outcome=outcome))
        canonical_json.write(results / results_layout.file("extract", f"{study}/{outcome}"), extracts[study, outcome])
    for name in review.review.analyses:
        spec = review.content("pool", analysis=name)
        pooled = pooling(spec).pool(spec, [extracts[unit] for unit in review.reads("pool", analysis=name)])
        reads = [extracts[unit] for unit in review.reads("explore", analysis=name)]
        explored = exploring(pooled)(review.content("explore", analysis=name), pooled, reads)
        canonical_json.write(results / results_layout.file("pool", name), pooled)
        canonical_json.write(results / results_layout.file("explore", name), explored)
    return folder


def planned(text: str) -> plan.Plan:
    """Return the plan of a configuration; paths in it are relative to the repository."""
    with tempfile.TemporaryDirectory() as folder, chdir(ROOT):
        file = Path(folder) / "my.yaml"
        file.write_text(text, "utf-8")
        return plan.load([file], {})


def drawn(text: str, figure: str, analysis: str) -> Drawing:
    """Draw one figure of the review of a configuration."""
    base = re.split(r"^figures:", text, maxsplit=1, flags=re.MULTILINE)[0]
    review = planned(text)
    with chdir(ROOT):
        results = Path(computed(base).name)
        if figure in REVIEW_FIGURES:
            spec = review.content("draw")
            return draw_review({**spec, "figures": {figure: spec["figures"][figure]}}, read_results(spec, results))[
                figure
            ]
        spec = review.content("draw", analysis=analysis)
        one = {**spec, "figures": {figure: spec["figures"][figure]}}
        pooled, explored = (
            canonical_json.read(results / results_layout.file(verb, analysis)) for verb in ("pool", "explore")
        )
        return draw_analysis(one, pooled, explored, read_extracts(spec, results))[figure]


def pictures() -> Iterator[Picture]:
    """Yield every picture, in the order of the page."""
    yield Picture("forest", BCG["forest"])
    yield Picture(
        "forest",
        SHIPPED["efs"],
        file="forest_subgroups",
        title="Forest plot with subgroups",
        says="Event-free survival of the shipped review: subtotals with their own heterogeneity, and what is not pooled, with the reason.",
    )
    yield Picture(
        "forest",
        SUBGROUPS,
        {"columns": ["study", "ablat", "arms", "plot", "effect", "weight"], "sort": "effect", "density": True},
        file="forest_columns",
        title="Forest plot with columns of your own",
        says="Any characteristic of the studies is a column, and `risk_of_bias` a light for each domain; here the prediction interval is a density.",
    )
    for preset in ("revman5", "jama", "bmj", "lancet"):
        yield Picture(
            "forest",
            BCG["forest"],
            {"preset": preset},
            file=f"forest_{preset}",
            title=f"Forest plot, preset {preset}",
            says="The same numbers in another layout.",
        )
    yield Picture(
        "forest",
        SHIPPED["os"],
        file="forest_dark",
        theme="dark",
        title="Forest plot, dark",
        says="All figures have a dark theme.",
    )
    yield Picture("funnel", BCG["funnel"], {"fill": "L0"})
    for name, figure in FIGURES.items():
        if name not in ("forest", "funnel", "kaplan_meier") and PAIRWISE in figure.kinds:
            yield Picture(name, BCG[name], {"labels": True} if name in ("bubble", "labbe") else {})
    yield from (Picture(name, ACCURACY) for name, figure in FIGURES.items() if DIAGNOSTIC in figure.kinds)
    yield Picture("kaplan_meier", CURVES)
    for name, figure in FIGURES.items():
        if NETWORK in figure.kinds:
            yield Picture(name, COMPONENTS if name == "network_components" else SMOKING)
    yield from (Picture(name, COACHING) for name, figure in FIGURES.items() if MULTIVARIATE in figure.kinds)
    yield from (Picture(name, DOSES) for name, figure in FIGURES.items() if DOSE_RESPONSE in figure.kinds)
    yield Picture("summary", SHIPPED["all"])
    yield Picture("risk_of_bias", JUDGED)
    yield Picture("risk_of_bias_summary", JUDGED, {"analysis": "os"})
    yield Picture("prisma", JUDGED)
    yield Picture("routes_map", SHIPPED["all"])


def page(shown: list[Picture]) -> str:
    """Return the text of the gallery."""
    parts = [HEAD]
    for picture in shown:
        image = f"![{picture.heading}](gallery/{picture.name}.svg)"
        parts.append(
            f"## {picture.heading}\n\n{picture.sentence}\n\n{image}\n\n```yaml\n{picture.config}```\n\n{picture.links}\n"
        )
    return "\n".join(parts)


def write() -> None:
    """Write docs/gallery.md and the pictures it shows."""
    shown = list(pictures())
    for picture in shown:
        save(picture.draw(), FOLDER / f"{picture.name}.svg")
    PAGE.write_text(page(shown), "utf-8")


if __name__ == "__main__":
    os.chdir(ROOT)
    write()
