"""The result of `coppice.pool`: a pairwise meta-analysis that prints, draws, explores and exports itself."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from coppice.api.analysis import Analysis, check_explorations
from coppice.api.errors import refused_option
from coppice.api.estimates import Estimate, Interval
from coppice.api.picture import Picture
from coppice.api.rows import Rows
from coppice.api.table import Table
from coppice.api.text import preformatted, summary
from coppice.core.errors import allowed_values_hint
from coppice.explore.resampling.options import AS_PUBLISHED, PRECISION
from coppice.review.review import Review


class MetaAnalysis(Analysis):
    """A pairwise meta-analysis, as :func:`coppice.pool` returns it.

    Numbers are on the scale on which effects are pooled (log ratios for ratios); `printed` has the estimate as it is printed.
    A number is None where the data do not give one, and `reasons` says why.

    Attributes
    ----------
    content : dict
        The content of the analysis's file in ``results/pool/``, with all numbers; the keys are described in
        ``workflow/schemas/pool.schema.json``.

    Examples
    --------
    >>> import coppice
    >>> result = coppice.pool([-0.94, -0.36, -0.27, -0.51], [0.06, 0.04, 0.04, 0.09], measure="OR")
    >>> result
    <MetaAnalysis: OR 0.61 (95% CI 0.38 to 0.98), k = 4, tau2 = 0.04>
    """

    def __init__(self, content: Review, table: Table) -> None:
        super().__init__(content)
        self._table = table
        # the row of each study's first effect, by its id
        self._rows = {study.study: study.lines.get((), 1) - 1 for study in content.studies}

    def _random(self, key: str) -> Any:
        return (self.content["random"] or {}).get(key)

    def _spread(self, key: str) -> Any:
        return (self.content["heterogeneity"] or {}).get(key)

    @property
    def measure(self) -> str:
        """Code of the measure."""
        return str(self.content["measure"])

    @property
    def level(self) -> float:
        """Level of all intervals."""
        return float(self.content["level"])

    @property
    def k(self) -> int:
        """Number of effects."""
        return int(self.content["k"])

    @property
    def estimate(self) -> float | None:
        """The random-effects estimate."""
        return self._random("estimate")  # type: ignore[no-any-return]

    @property
    def se(self) -> float | None:
        """Its standard error."""
        return self._random("se")  # type: ignore[no-any-return]

    @property
    def ci(self) -> Interval:
        """Its confidence interval."""
        return Interval(self._random("ci_low"), self._random("ci_high"))

    @property
    def statistic(self) -> float | None:
        """The z or t statistic of the estimate."""
        return self._random("statistic")  # type: ignore[no-any-return]

    @property
    def df(self) -> float | None:
        """Its degrees of freedom; None for the normal distribution."""
        return self._random("df")  # type: ignore[no-any-return]

    @property
    def p(self) -> float | None:
        """Its two-sided p value."""
        return self._random("p")  # type: ignore[no-any-return]

    @property
    def printed(self) -> Estimate:
        """The estimate and its interval as they are printed: a ratio for ratios, a proportion for proportions."""
        shown = self.content["display"]["random"] or {}
        return Estimate(shown.get("estimate"), shown.get("ci_low"), shown.get("ci_high"))

    @property
    def common(self) -> dict[str, Any] | None:
        """The common-effect estimate with its interval and test."""
        return self.content["common"]  # type: ignore[no-any-return]

    @property
    def prediction(self) -> Interval:
        """The prediction interval of the effect in a new study."""
        limits = self.content["prediction"] or {}
        return Interval(limits.get("low"), limits.get("high"))

    @property
    def tau2(self) -> float | None:
        """Between-study variance."""
        return self._spread("tau2")  # type: ignore[no-any-return]

    @property
    def tau2_ci(self) -> Interval:
        """Its confidence interval."""
        return Interval(self._spread("tau2_low"), self._spread("tau2_high"))

    @property
    def I2(self) -> float | None:
        """Share of the variance that is between studies, in percent."""
        return self._spread("I2")  # type: ignore[no-any-return]

    @property
    def H2(self) -> float | None:
        """Total variance over sampling variance."""
        return self._spread("H2")  # type: ignore[no-any-return]

    @property
    def Q(self) -> float | None:
        """Cochran's Q; `content["heterogeneity"]` has its degrees of freedom and p value."""
        return self._spread("Q")  # type: ignore[no-any-return]

    @property
    def effects(self) -> Rows:
        """The effects that entered, in the order of the data: `yi`, `vi`, their intervals and weights."""
        return Rows(self.content["effects"])

    @property
    def excluded(self) -> Rows:
        """The studies that did not enter, each with the reason."""
        return Rows(self.content["excluded"])

    @property
    def weights(self) -> list[float | None]:
        """Weight of each effect in the random-effects model, in percent."""
        return [effect["weight_random"] for effect in self.content["effects"]]

    @property
    def moderators(self) -> dict[str, Any] | None:
        """The meta-regression: coefficients, tests, residual heterogeneity, R2."""
        return self.content["moderators"]  # type: ignore[no-any-return]

    @property
    def coefficients(self) -> Rows:
        """The coefficients of the meta-regression."""
        return Rows((self.moderators or {}).get("coefficients") or ())

    @property
    def subgroups(self) -> dict[str, Any] | None:
        """The subgroups: a model for each level, and the tests of differences."""
        return self.content["subgroups"]  # type: ignore[no-any-return]

    @property
    def reasons(self) -> dict[str, str]:
        """Why a part is missing, or another method was used than the one of the settings."""
        return dict(self.content["reasons"])

    @property
    def warnings(self) -> list[str]:
        """What a reader should know."""
        return list(self.content["warnings"])

    @property
    def settings(self) -> dict[str, Any]:
        """Every option of the model, by name."""
        return dict(self.content["settings"])

    def summary(self) -> str:
        """Return the result as text: heterogeneity, estimates, moderators, subgroups, warnings, studies left out."""
        return summary(self.content)

    def __str__(self) -> str:
        return self.summary()

    def _repr_html_(self) -> str:
        return preformatted(self.summary())

    def __repr__(self) -> str:
        estimate, low, high = self.printed
        shown = "no estimate"
        if estimate is not None and low is not None and high is not None:
            shown = f"{estimate:.2f} ({100 * self.level:g}% CI {low:.2f} to {high:.2f})"
        spread = "" if self.tau2 is None else f", tau2 = {self.tau2:.2f}"
        return f"<MetaAnalysis: {self.measure} {shown}, k = {self.k}{spread}>"

    def _part(self, name: str, options: Mapping[str, Any] | None = None, *, of: Mapping[str, Any] | None = None) -> Any:
        wanted: dict[str, Any] = {name: True if options is None else dict(options)}
        others = dict.fromkeys(("leave_one_out", "cumulative", "influence", "gosh", "small_study", "what_if"), False)
        part = self._explored_with(others | wanted, of or self.content)[name]
        if isinstance(part, Mapping) and "skipped" in part:
            raise refused_option(name, str(part["skipped"]))
        return part

    def leave_one_out(self) -> Rows:
        """Return the model without each study in turn; InputError where that is not possible."""
        return Rows(self._part("leave_one_out"))

    def cumulative(self, by: str | None = None) -> Rows:
        """Return the model as studies are added one by one.

        Parameters
        ----------
        by : str, optional
            ``"year"``, ``"precision"`` (the most precise first), or a column of the data. By default the year where the
            data have it, the order of the rows otherwise.
        """
        by = by or AS_PUBLISHED
        if by == AS_PUBLISHED:
            return Rows(self._part("cumulative", of=self._by_year()))
        if by == PRECISION:
            return Rows(self._part("cumulative", {"by": by}))
        column = self._table.characteristics.get(by)
        if column is None:
            known = [AS_PUBLISHED, PRECISION, *self._table.characteristics]
            raise refused_option("by", f"the data have no column '{by}'; {allowed_values_hint(by, known)}")
        values = {study: column[row] for study, row in self._rows.items()}
        return Rows(self._part("cumulative", {"by": by, "values": values}))

    def _by_year(self) -> dict[str, Any]:
        def place(index: int) -> tuple[bool, float]:
            year = self.content["effects"][index]["year"]
            return year is None, year or 0

        order = sorted(range(self.k), key=place)
        return {**self.content, "effects": [self.content["effects"][index] for index in order]}

    def influence(self) -> Rows:
        """Return influence diagnostics of each study, as metafor's ``influence()`` defines them."""
        return Rows(self._part("influence"))

    def small_study(self, **options: Any) -> dict[str, Any]:
        """Return the tests and models of small-study effects.

        Parameters
        ----------
        **options
            Methods by name, each true, false or its options, as the key ``small_study`` of ``explore`` has them.

        Returns
        -------
        dict
            A part for each method, with `name` and `source`, or `skipped` with the reason; and `cautions`.
        """
        check_explorations({"small_study": options})
        return self._part("small_study", options)  # type: ignore[no-any-return]

    def egger(self) -> dict[str, Any]:
        """Return Egger's test of funnel plot asymmetry (Egger et al. 1997, doi:10.1136/bmj.315.7109.629).

        Returns
        -------
        dict
            The slope `estimate` with `se`, `statistic`, `df`, `p` and interval, and `limit`, the effect of an infinitely
            large study.

        Raises
        ------
        InputError
            If it must not be used: with fewer than 10 studies, or where the standard error depends on the effect itself.
        """
        part: dict[str, Any] = self.small_study()["egger"]
        if "skipped" in part:
            raise refused_option("egger", str(part["skipped"]))
        return part

    def forest(self, path: str | Path | None = None, **options: Any) -> Picture:
        """Draw the forest plot; parameters as in :meth:`figure`."""
        return self.figure("forest", path, **options)

    def funnel(self, path: str | Path | None = None, **options: Any) -> Picture:
        """Draw the funnel plot; parameters as in :meth:`figure`."""
        return self.figure("funnel", path, **options)
