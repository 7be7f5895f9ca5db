"""The functions of Python users: `pool`, and `analyse` for an analysis of any kind."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from coppice.api.analysis import Analysis, read, settings_of
from coppice.api.columns import check_lengths, columns_of
from coppice.api.effect_sizes import EffectSizes
from coppice.api.errors import refused, refused_option
from coppice.api.meta_analysis import MetaAnalysis
from coppice.api.table import Table, table_of
from coppice.pool.formula import variables
from coppice.review.catalogue import OWN

EFFECT = "GEN"  # the measure of effects of which nothing is known


def pool(
    yi: Any,
    vi: Any = None,
    *,
    sei: Any = None,
    measure: str | None = None,
    data: Any = None,
    study: Any = None,
    year: Any = None,
    moderators: str | None = None,
    subgroups: str | None = None,
    dependence: Mapping[str, Any] | None = None,
    profile: str | None = None,
    **options: Any,
) -> MetaAnalysis:
    """Pool effects in a random-effects and a common-effect model.

    The defaults are those of the workflow: REML, Hartung-Knapp-Sidik-Jonkman where there are more than two studies and
    heterogeneity, Wald otherwise, and a prediction interval. The numbers are those of its result files.

    Parameters
    ----------
    yi : sequence, str, or EffectSizes
        Effects on the scale on which they are pooled (log ratios for ratios), a column of the data by name, or what
        :func:`coppice.effect_size` returned. None or NaN where a study gives none: it is left out, with the reason.
    vi, sei : sequence or str, optional
        Their sampling variances, or their standard errors.
    measure : str, optional
        Code of the measure, which decides how results are printed: ``"OR"`` exponentiates log odds ratios. Default: that of
        the effect sizes, otherwise ``"GEN"``, any effect.
    data : data frame, mapping of columns, or list of mappings, optional
        The columns that `moderators`, `subgroups` and others name; not for effect sizes, which have their own.
    study, year : sequence or str, optional
        Names of the studies and years: columns of the data, or the values; of names also several columns that are joined, such as
        ``["author", "year"]``. Rows of the same name are effects of one study, for which `dependence` is needed.
    moderators : str, optional
        Right-hand side of a meta-regression, such as ``"ablat + alloc"``.
    subgroups : str, optional
        The column by which the studies are grouped.
    dependence : mapping, optional
        How several effects of a study are handled, such as ``{"method": "che", "rho": 0.6}``.
    profile : str, optional
        Named defaults: ``"cochrane2025"`` (default), ``"metafor"``, ``"meta"``, ``"revman5"``, ``"iqwig6"``, ``"dersimonian1986"``.
    **options
        Any key of a model (``tau2``, ``inference``, ``prediction``, ``level``, ``common``, ...) or of an analysis (``regression``,
        ``permutation``, ``beyond``, ``bayes``, ``title``, ``favours``, ``important``, ...), as ``config/README.md`` describes them.

    Returns
    -------
    MetaAnalysis

    Raises
    ------
    InputError
        If data or options can't be used: a ValueError with one line for each problem.

    Notes
    -----
    ``docs/routes.md`` and the docstrings of :mod:`coppice.pool` name the source of each method.

    Examples
    --------
    >>> import coppice
    >>> result = coppice.pool([-0.94, -0.36, -0.27], [0.06, 0.04, 0.04], tau2="PM", inference="wald")
    >>> round(result.estimate, 3)
    -0.502
    """
    if isinstance(yi, EffectSizes):
        given = {"vi": vi, "sei": sei, "data": data, "study": study, "year": year}
        if wrong := [name for name, value in given.items() if value is not None]:
            raise refused_option(wrong[0], "is not for effect sizes, which have their own; leave it out")
        if measure not in (None, yi.measure):
            raise refused_option("measure", f"the effect sizes are of {yi.measure}, not of {measure}; leave it out")
        table, of_figures = yi._table, yi._options
        measure = yi.measure
    else:
        if (vi is None) == (sei is None):
            raise refused_option("vi", "give the variances of the effects as `vi`, or their standard errors as `sei`")
        table = table_of(data, study, year, {"yi": yi, "vi": vi} if sei is None else {"yi": yi, "sei": sei})
        of_figures = {}
    check_repeated(table, dependence)
    settings = {
        **of_figures,
        "measure": measure or EFFECT,
        "moderators": moderators,
        "subgroups": subgroups,
        "dependence": dependence,
        **({} if profile is None else {"profile": profile}),
        **options,
    }
    return MetaAnalysis(read(table.lines(characteristics_in(table, settings)), settings_of(settings)), table)


def characteristics_in(table: Table, settings: Mapping[str, Any]) -> list[str]:
    """Return the columns that the settings of an analysis name."""
    grouped = settings.get("subgroups")
    by = grouped.get("by") if isinstance(grouped, Mapping) else grouped
    names = [str(name) for name in (by, settings.get("tau2_weights")) if name is not None]
    with suppress(ValueError):  # the review says what is wrong with a formula
        names += variables(str(settings["moderators"])) if settings.get("moderators") else []
    return [name for name in names if name not in OWN]


def check_repeated(table: Table, dependence: Any) -> None:
    """Raise InputError if a study has several effects, and nobody says how they are handled."""
    if dependence or not table.has_repeated:
        return
    name = next(name for name in table.studies if table.studies.count(name) > 1)
    rows = [row for row, study in enumerate(table.studies, 1) if study == name]
    raise refused(
        "study",
        f"row {rows[0]} is of {name} too; where a study has several effects, `dependence` says how they are handled, such as "
        '{"method": "che", "rho": 0.6}',
        rows[1],
    )


def analyse(data: Any, measure: str, **settings: Any) -> Analysis:
    """Analyse a table of studies as the workflow would: a network, diagnostic, dose-response, multivariate or pairwise analysis.

    Parameters
    ----------
    data : data frame, mapping of columns, or list of mappings
        The table, as ``studies:`` of the configuration names one: its columns are read as those of a file.
    measure : str
        Code of the measure; ``"DTA"`` for the accuracy of a diagnostic test.
    **settings
        Any key of an analysis (``network``, ``diagnostic``, ``dose_response``, ``outcomes``, ``subgroups``, ...), of a model, or of
        the configuration that says how a table is read (``columns``, ``arms``, ``where``, ``treatments``), as
        ``config/README.md`` describes them.

    Returns
    -------
    Analysis
        A :class:`MetaAnalysis` if the analysis is pairwise.

    Raises
    ------
    InputError
        If data or settings can't be used.

    Examples
    --------
    >>> import coppice
    >>> table = {"study": ["A", "B", "C", "D"], "tp": [40, 52, 18, 60], "fn": [8, 6, 4, 9], "fp": [12, 9, 5, 20], "tn": [70, 88, 41, 95]}
    >>> result = coppice.analyse(table, "DTA")
    >>> result.kind
    'diagnostic'
    """
    columns = columns_of(data)
    size = check_lengths(columns)
    rows = [list(row) for row in zip(*columns.values(), strict=True)]
    content = read([(0, list(columns)), *enumerate(rows, 1)], settings_of({"measure": measure, **settings}))
    analysis = next(iter(content.analyses.values()))
    if not analysis.is_pairwise:
        return Analysis(content)
    studies = [str(row) for row in range(1, size + 1)]
    return MetaAnalysis(content, Table(studies, [None] * size, {}, columns))
