"""The kinds of analysis: a kind is added by adding one entry, and each verb has a registry of what it does for each.

A pairwise analysis pools one effect per study. Another kind has a model, a result and a section of its own; what else
of a pairwise analysis it has is named here, and why it lacks the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

PAIRWISE, NETWORK, MULTIVARIATE, DIAGNOSTIC = "pairwise", "network", "multivariate", "diagnostic"
DOSE_RESPONSE = "dose_response"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of analysis.

    Attributes
    ----------
    name : str
        Its name, in results and registries.
    title : str
        What it is called in the report.
    key : str
        The key of an analysis that makes it one of this kind; empty for a kind that a measure makes.
    measure : str
        The measure that makes an analysis one of this kind; empty for a kind that a key makes.
    explorations : tuple of str
        What `explore` does with it, by the parts of its result.
    lacks : mapping
        The keys of an analysis that it can't have, each with the reason, as part of a sentence.
    """

    name: str
    title: str
    key: str = ""
    measure: str = ""
    explorations: tuple[str, ...] = ()
    lacks: Mapping[str, str] = field(default_factory=dict)

    def is_of(self, settings: Mapping[str, Any]) -> bool:
        """Return whether an analysis with these settings is of this kind."""
        is_named = bool(self.key) and settings.get(self.key) not in (None, False)
        return is_named or (bool(self.measure) and settings.get("measure") == self.measure)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind(
            PAIRWISE,
            "Pairwise meta-analysis",
            lacks={"diagnostic": "these are options of `measure: DTA`"},
        ),
        Kind(
            NETWORK,
            "Network meta-analysis",
            key="network",
            explorations=("leave_one_out", "leave_treatment_out", "leave_comparison_out", "multiverse"),
            lacks={
                "diagnostic": "these are options of `measure: DTA`",
                "compare": "a network compares all treatments; `network: {reference: ...}` names the one that the others are compared with",
                "several_arms": "a network takes all arms",
                "subgroups": "subgroups of a network are analyses of their own: select their studies with `include`",
                "overall": "a network has no subgroups",
                "moderators": "meta-regression of a network is not available",
                "regression": "meta-regression of a network is not available",
                "permutation": "permutation tests are for pairwise analyses",
                "scale_moderators": "location-scale models are for pairwise analyses",
                "beyond": "thresholds are for pairwise analyses",
                "bayes": "a Bayesian model is of pairwise analyses",
                "dependence": "a network takes the covariance of multi-arm studies from their arms",
                "baselines": "absolute effects are for pairwise analyses",
                "stored": "stored results are compared with those of pairwise analyses",
                "favours": "the sides of a network's axis are named by its treatments",
                "outcomes": "a network is of one outcome",
            },
        ),
        Kind(
            MULTIVARIATE,
            "Multivariate meta-analysis",
            key="outcomes",
            explorations=("leave_one_out",),
            lacks={
                "outcome": "`outcomes` names all of them",
                "diagnostic": "these are options of `measure: DTA`",
                "network": "a network is of one outcome",
                "several_arms": "each study has one effect per outcome",
                "subgroups": "subgroups are analyses of their own: select their studies with `include`",
                "overall": "it has no subgroups",
                "moderators": "meta-regression of several outcomes is not available",
                "regression": "meta-regression of several outcomes is not available",
                "permutation": "permutation tests are for pairwise analyses",
                "scale_moderators": "location-scale models are for pairwise analyses",
                "beyond": "thresholds are for pairwise analyses",
                "bayes": "a Bayesian model is of pairwise analyses",
                "dependence": "the outcomes of a study are correlated by `rho`",
                "baselines": "absolute effects are for pairwise analyses",
                "stored": "stored results are compared with those of pairwise analyses",
                "favours": "its outcomes may have different sides that are favoured",
                "multiverse": "its result is given for several values of `rho`; a multiverse is of pairwise analyses",
            },
        ),
        Kind(
            DIAGNOSTIC,
            "Diagnostic meta-analysis",
            measure="DTA",
            explorations=("leave_one_out", "multiverse"),
            lacks={
                "compare": "test accuracy is of one test; the accuracy of two tests is compared by `subgroups`",
                "several_arms": "a diagnostic study has no arms",
                "route": "the model reads tp, fp, fn and tn themselves",
                "extract": "the model reads tp, fp, fn and tn themselves; `diagnostic: {zero_cells: ...}` has the rule for empty cells",
                "overall": "the summary point of all studies is always given",
                "regression": "predictions of a meta-regression are for pairwise analyses",
                "permutation": "permutation tests are for pairwise analyses",
                "scale_moderators": "location-scale models are for pairwise analyses",
                "beyond": "thresholds of an effect are for pairwise analyses",
                "dependence": "a study enters with one two by two table",
                "baselines": "`diagnostic: {prevalences: [...]}` names the prevalences of consequences",
                "stored": "stored results are compared with those of pairwise analyses",
                "favours": "sensitivity and specificity have no side that is favoured",
                "important": "importance is judged by the consequences in 1,000 people",
                "outcomes": "sensitivity and specificity are the two outcomes of a diagnostic study",
            },
        ),
        Kind(
            DOSE_RESPONSE,
            "Dose-response meta-analysis",
            key="dose_response",
            explorations=("leave_one_out", "shapes"),
            lacks={
                "compare": "the doses of a study are compared with its reference dose",
                "several_arms": "the doses of a study are compared with its reference dose",
                "network": "a dose-response analysis is of one exposure",
                "outcomes": "a dose-response analysis is of one outcome",
                "subgroups": "subgroups are analyses of their own: select their studies with `include`",
                "overall": "it has no subgroups",
                "moderators": "meta-regression of dose-response curves is not available",
                "regression": "meta-regression of dose-response curves is not available",
                "permutation": "permutation tests are for pairwise analyses",
                "scale_moderators": "location-scale models are for pairwise analyses",
                "beyond": "thresholds are for pairwise analyses",
                "bayes": "a Bayesian model is of pairwise analyses",
                "dependence": "the covariance of the doses of a study is rebuilt (`covariance`)",
                "baselines": "absolute effects are for pairwise analyses",
                "stored": "stored results are compared with those of pairwise analyses",
                "favours": "its axis has no sides",
                "multiverse": "its result is given for each shape of the curve; a multiverse is of pairwise analyses",
            },
        ),
    )
}


def kind_of(settings: Mapping[str, Any]) -> Kind:
    """Return the kind of an analysis, from its settings in the configuration."""
    others = (kind for kind in KINDS.values() if kind.is_of(settings))
    return next(others, KINDS[PAIRWISE])


def kind_in(result: Mapping[str, Any]) -> str:
    """Return the name of the kind of an analysis, from its spec, its result or its entry in a spec; pairwise ones name none."""
    return str(result.get("kind") or PAIRWISE)


def named(kind: str) -> dict[str, str]:
    """Return what a spec or a result says of the kind of its analysis: nothing of a pairwise one."""
    return {} if kind == PAIRWISE else {"kind": kind}
