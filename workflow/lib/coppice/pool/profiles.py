"""Profiles: named defaults, those of a guideline or of a program, so that results can be compared like for like."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, cast

from coppice.core.common_methods import COMMON_METHODS, INVERSE_VARIANCE
from coppice.core.contracts.pool import ModelSettings
from coppice.core.errors import allowed_values_hint, entry_named
from coppice.pool.models.glmm.options import MOVED, check_options
from coppice.pool.options import (
    CORRECTED_TABLES,
    DOUBLE_ZERO_TABLES,
    DROPPED_IN_RATIOS,
    DROPPED_UNDEFINED,
    INFERENCES,
    KEPT,
    NO_PREDICTION,
    PREDICTIONS,
    SUBGROUP_TAU2,
    SUBGROUP_TAU2_OPTIONS,
    TAU2_ESTIMATORS,
    TAU2_INTERVALS,
    TO,
    check_level,
)

BY_INFERENCE = "by inference"
OF_THE_PROFILE = ("cautious", "tau2_about_common", "differences_as_reported")  # what no model changes
OF_CORRECTIONS = ("common_add", "common_to")  # of Mantel-Haenszel alone: Peto's tables are never corrected
SHOWN_IF_CHANGED: dict[str, Any] = {  # options that few analyses know, with their defaults
    "common_add": 0.0,
    "common_to": TO[0],
    "common_double_zeros": KEPT,
    "tau2_weights": None,
    "subgroup_tau2": SUBGROUP_TAU2[0],
    "likelihood": None,
    "glmm": None,
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of one model.

    Attributes
    ----------
    profile : str
        The profile that the defaults came from.
    tau2 : str or float
        Estimator, or a fixed value.
    inference, prediction, tau2_interval : str
        Codes of their registries; prediction may be "none", or "by inference": normal for Wald, t_k-1 for t, and
        HKSJ_k-1 for HKSJ, as metafor has it.
    common : {"IV", "MH", "Peto"}
        The common effect: inverse variance, or from counts, where every study gives them.
    common_add, common_to, common_double_zeros : float, str, str
        What is added to the cells of which tables before Mantel-Haenszel, nothing by default; and whether tables
        without events in either arm enter it, or Peto: the options `add`, `to` and `drop00` of metafor, second values.
    tau2_weights : str or None
        The characteristic that holds the weights of the estimator GENQ.
    subgroup_tau2 : {"separate", "common"}
        Whether each level of a subgroup analysis has a tau2 of its own, or all share one, which is steadier where
        levels have few studies.
    likelihood, glmm : str or None
        A generalised linear mixed model of the counts, by its likelihood and, of two arms, its model: see
        :mod:`coppice.pool.models.glmm.options`.
    level : float
        Level of every interval.
    cautious : bool
        HKSJ only where k > 2 and tau2 > 0, Wald otherwise, and a prediction interval only where k > 2.
    tau2_about_common : bool
        The DerSimonian-Laird tau2 from Q about the Mantel-Haenszel estimate where that is the common one, as RevMan and
        meta have it, and no other tool.
    differences_as_reported : bool
        The Mantel-Haenszel risk difference with the variance of Greenland and Robins, and no correction in the
        differences themselves, as RevMan and meta have it; Sato's variance otherwise.
    """

    profile: str
    tau2: str | float = "REML"
    inference: str = "HKSJ"
    prediction: str = "t_k-1"
    tau2_interval: str = "QP"
    common: str = INVERSE_VARIANCE
    common_add: float = 0.0
    common_to: str = TO[0]
    common_double_zeros: str = KEPT
    tau2_weights: str | None = None
    subgroup_tau2: str = "separate"
    likelihood: str | None = None
    glmm: str | None = None
    level: float = 0.95
    cautious: bool = False
    tau2_about_common: bool = False
    differences_as_reported: bool = False

    def __post_init__(self) -> None:
        if isinstance(self.tau2, str):
            entry_named(TAU2_ESTIMATORS, self.tau2, "tau2 estimator")
        needed = entry_named(INFERENCES, self.inference, "inference").tau2
        if needed is not None and self.tau2 != needed:
            raise ValueError(f"the inference {self.inference} is defined for tau2: {needed} alone, not {self.tau2}")
        entry_named(COMMON_METHODS, self.common, "common-effect method")
        entry_named(CORRECTED_TABLES, self.common_to, "common_to")
        entry_named(DOUBLE_ZERO_TABLES, self.common_double_zeros, "common_double_zeros")
        if not 0 <= self.common_add < 10:
            raise ValueError(f"common_add, which is added to a cell, must be from 0 to below 10, not {self.common_add}")
        entry_named(SUBGROUP_TAU2_OPTIONS, self.subgroup_tau2, "subgroup_tau2")
        if self.prediction not in (NO_PREDICTION, BY_INFERENCE):
            entry_named(PREDICTIONS, self.prediction, "prediction interval", [NO_PREDICTION])
        entry_named(TAU2_INTERVALS, self.tau2_interval, "tau2_interval")
        if self.tau2_interval == "GENQ" and self.tau2 != "GENQ":
            raise ValueError(f"the tau2_interval GENQ is defined for tau2: GENQ alone, not {self.tau2}")
        check_level(self.level)
        check_options(
            likelihood=self.likelihood,
            glmm=self.glmm,
            tau2=self.tau2,
            inference=self.inference,
            prediction=self.prediction_method,
            tau2_interval=self.tau2_interval,
            subgroup_tau2=self.subgroup_tau2,
        )

    @property
    def prediction_method(self) -> str:
        """The prediction interval's code, with "by inference" resolved."""
        if self.prediction != BY_INFERENCE:
            return self.prediction
        return {"wald": "normal", "t": "t_k-1"}.get(self.inference, "HKSJ_k-1")

    @property
    def is_about_mantel_haenszel(self) -> bool:
        """Whether tau2 is taken about the Mantel-Haenszel estimate, where there is one."""
        return self.tau2_about_common and self.tau2 == "DL" and self.common == "MH"

    @property
    def correction(self) -> tuple[float, str]:
        """What is added to the cells of which tables before the common effect from counts; nothing for Peto."""
        return (0.0, TO[0]) if self.common == "Peto" else (self.common_add, self.common_to)

    @property
    def common_is_asked_for(self) -> bool:
        """Whether the analysis sets the method of the common effect, rather than leaving it to the profile."""
        return self.common != PROFILES[self.profile].common

    def as_dict(self) -> ModelSettings:
        """Return the options as a result file has them."""
        always = (field.name for field in fields(self) if field.name not in (*OF_THE_PROFILE, *SHOWN_IF_CHANGED))
        unread = OF_CORRECTIONS if self.common == "Peto" else ()
        changed = (
            name for name, default in SHOWN_IF_CHANGED.items() if getattr(self, name) != default and name not in unread
        )
        values = {name: getattr(self, name) for name in (*always, *changed)}
        return cast(ModelSettings, {**values, "prediction": self.prediction_method})


PROFILES: dict[str, Settings] = {
    entry.profile: entry
    for entry in (
        # Cochrane's methods of 2025: the Handbook's chapter 10 with the random-effects methods of RevMan since 2024
        Settings("cochrane2025", cautious=True, tau2_about_common=True),
        # RevMan 5.4: Mantel-Haenszel with 0.5 added to tables with a zero (Cochrane Handbook 5.1, section 9.4.4),
        # DerSimonian-Laird about it, Wald intervals, no prediction interval
        Settings(
            "revman5",
            tau2="DL",
            inference="wald",
            prediction=NO_PREDICTION,
            common="MH",
            common_add=0.5,
            common_to="zeros-in-ratios",
            common_double_zeros=DROPPED_IN_RATIOS,
            tau2_about_common=True,
            differences_as_reported=True,
        ),
        # IQWiG General Methods 6.1: Paule-Mandel, Hartung-Knapp with the correction where it is narrower than DL
        Settings("iqwig6", tau2="PM", inference="HKSJ-IQWiG", prediction="HTS"),
        # rma() of metafor
        Settings("metafor", inference="wald", prediction=BY_INFERENCE),
        # meta 8: metabin() and metainc() for counts, with MH.exact = FALSE; metagen() and the others by inverse variance
        Settings(
            "meta",
            inference="wald",
            prediction="t_k-1",
            common="MH",
            common_add=0.5,
            common_to="zeros-of-patients",
            common_double_zeros=DROPPED_UNDEFINED,
            tau2_about_common=True,
            differences_as_reported=True,
        ),
        # DerSimonian & Laird (1986), doi:10.1016/0197-2456(86)90046-2
        Settings("dersimonian1986", tau2="DL", inference="wald", prediction=NO_PREDICTION),
    )
}
DEFAULT_PROFILE = "cochrane2025"
OPTIONS = tuple(field.name for field in fields(Settings) if field.name not in OF_THE_PROFILE)


def settings_of(stored: Mapping[str, object]) -> Settings:
    """Return the options that a result file shows: the inverse of :meth:`Settings.as_dict`."""
    return settings(SHOWN_IF_CHANGED | {name: value for name, value in stored.items() if name in OPTIONS})


def usual(options: Settings) -> Settings:
    """Return the options of the profile's model of effects with variances, beside a GLMM, with the same common effect."""
    kept = ("profile", "level", "common", "common_add", "common_to", "common_double_zeros")
    return settings({name: getattr(options, name) for name in kept})


def settings(model: Mapping[str, Any] | None = None) -> Settings:
    """Return the options of a model: the profile's, overridden by those that the model names.

    `model` has `profile` and any of :data:`OPTIONS`; ValueError for an unknown option or value names the nearest. With
    a `likelihood` the model has the defaults that a GLMM can have, whatever the profile.
    """
    overrides = dict(model or {})
    name = overrides.pop("profile", DEFAULT_PROFILE)
    if name not in PROFILES:
        raise ValueError(f"there is no profile '{name}': {allowed_values_hint(name, PROFILES)}")
    for option in overrides:
        if option not in OPTIONS:
            raise ValueError(f"a model has no option '{option}': {allowed_values_hint(option, OPTIONS)}")
    moved = MOVED if overrides.get("likelihood") is not None else {}
    return replace(PROFILES[name], **{**moved, **overrides})
