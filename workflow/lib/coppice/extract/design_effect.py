"""Cluster-randomised trials whose figures take no account of the clusters: variances times the design effect.

Cochrane Handbook 2019, 23.1.4, doi:10.1002/9781119536604.ch23.
"""

from __future__ import annotations

from dataclasses import replace

from coppice.extract.route import Effect, Figure, NotEstimable, Options


def design_effect(size: float, icc: float) -> float:
    """Return 1 + (m - 1) ICC, m being the mean size of the clusters."""
    return 1 + (size - 1) * icc


def with_clusters(effect: Effect, figure: Figure, options: Options) -> Effect:
    """Return the effect with its variance multiplied by the design effect, where the figure gives a cluster size.

    To multiply the variance is the same as to divide events and patients of each arm by the design effect
    (Handbook, 23.1.4).
    """
    size, reported = figure.get("cluster_size"), figure.get("icc")
    if size is None:
        return effect
    icc, origin = (options.icc, "imputed") if reported is None else (reported, "reported")
    if icc is None:
        raise NotEstimable(
            "the cluster size is reported without an intracluster correlation; "
            "give icc, or one to impute in extract: {icc: ...}"
        )
    inflation = design_effect(size, icc)
    note = f"variance multiplied by the design effect {inflation:g} (clusters of {size:g}, ICC {icc:g}, {origin})"
    return replace(effect, vi=effect.vi * inflation, notes=(*effect.notes, note))
