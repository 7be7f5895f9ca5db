"""The small reviews of the gallery: configurations without `figures`, each with the analysis that is shown."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Base:
    """A configuration but for its figures.

    Attributes
    ----------
    text : str
        Its lines; paths in it are relative to the repository.
    analysis : str
        The analysis that is shown.
    note : str
        What the page says of the data.
    """

    text: str
    analysis: str
    note: str = ""


INVENTED = "The trials are invented."


def _bcg(more: str = "", beside: str = "", note: str = "") -> Base:
    """Return the review of the 13 trials of BCG vaccine, with more lines in its analysis, or beside it."""
    return Base(
        f"""\
review: {{title: BCG vaccination against tuberculosis}}
studies: examples/two_by_two/config/studies.csv
columns: {{study: trial, ai: tpos, bi: tneg, ci: cpos, di: cneg}}
{beside}analyses:
  bcg:
    title: BCG vaccination against tuberculosis
    measure: RR
    favours: [Favours BCG, Favours no BCG]
{more}""",
        "bcg",
        note,
    )


_BAYES = _bcg("    bayes: {tau_prior: {half_normal: 0.5}}\n")
_CHOICES = """\
    multiverse:
      measure: [OR]
      tau2: [DL, PM, SJ]
      inference: [wald]
      studies:
        randomised: {include: {alloc: [random]}}
"""
_ADJUSTED = _bcg("    explore: {small_study: {limit: true, copas: true, p_uniform: true}}\n")
SUBGROUPS = _bcg("    subgroups: alloc\n")
BCG: dict[str, Base] = defaultdict(
    _bcg,
    adjusted=_ADJUSTED,
    robustness=_ADJUSTED,
    bubble=_bcg("    moderators: ablat\n"),
    posterior=_BAYES,
    shrinkage=_BAYES,
    orchard=SUBGROUPS,
    gosh=_bcg("    explore: {gosh: {clusters: false}}\n"),
    history=_bcg(beside="history: docs/gallery/history.csv\n", note="The dates of the searches are invented."),
    multiverse=_bcg(_CHOICES),
)
# what every figure of a pairwise analysis needs, for tests/bench
WHOLE = _bcg(
    "    moderators: ablat\n    bayes: {tau_prior: {half_normal: 0.5}}\n    explore: {gosh: {clusters: false}}\n"
    + _CHOICES,
    "history: docs/gallery/history.csv\n",
)
ACCURACY = Base(
    """\
review: {title: The Mini-Mental State Examination for dementia}
studies: examples/diagnostic_accuracy/config/studies.csv
analyses:
  mmse:
    title: Mini-Mental State Examination
    measure: DTA
    diagnostic: {test: the Mini-Mental State Examination, condition: dementia, prevalences: [0.1, 0.3]}
""",
    "mmse",
)
CURVES = Base(
    """\
review: {title: Drug versus placebo}
studies: docs/gallery/curves/studies
analyses:
  survival: {title: Overall survival, measure: HR}
""",
    "survival",
    INVENTED,
)
SMOKING = Base(
    """\
review: {title: Help to stop smoking}
studies: examples/network/config/studies
profile: metafor
treatments: {no contact: {}, self-help: {}, individual counselling: {}, group counselling: {}}
analyses:
  cessation:
    measure: OR
    network: {reference: no contact, small_values: bad}
""",
    "cessation",
)
COMPONENTS = Base(
    """\
review: {title: Combinations of treatments}
studies: docs/gallery/components/arms.csv
arms: {column: treatment}
analyses:
  response:
    title: Response
    measure: OR
    network:
      reference: usual care
      small_values: bad
      components: {separator: +, inactive: usual care}
""",
    "response",
    INVENTED,
)
COACHING = Base(
    """\
review: {title: Coaching for a test of verbal and mathematical ability}
studies: tests/reviews/kalaian1996/studies.csv
profile: metafor
analyses:
  coaching:
    title: Test scores
    outcomes: [verbal, math]
    rho: 0.5
    measure: SMD
    include: {region: [south]}
""",
    "coaching",
)
DOSES = Base(
    """\
review: {title: Fish and rheumatoid arthritis}
studies: tests/reviews/fish_ra/studies
profile: metafor
analyses:
  spline:
    title: Rheumatoid arthritis
    outcome: ra
    measure: RR
    dose_response: {shape: spline, unit: servings per week}
""",
    "spline",
)
JUDGED = Base(
    """\
review:
  title: Drug versus placebo
  flow:
    identified: {Databases: 1200, Registers: 85}
    removed: {Duplicates: 310}
    screened: 975
    excluded_screening: 890
    sought: 85
    not_retrieved: 3
    assessed: 82
    excluded_reports: {No comparator: 43, Other population: 35}
    included_studies: 4
    included_reports: 4
studies: docs/gallery/judged/studies
analyses:
  os: {title: Overall survival, measure: HR}
""",
    "os",
    "The studies, their judgements and the counts are invented.",
)
_REVIEW = "review: {title: Blinatumomab versus chemotherapy in B-cell acute lymphoblastic leukaemia}\nstudies: config/studies\nanalyses:\n"
_EFS = """\
  efs:
    title: Event-free survival
    measure: HR
    include: {design: [randomised]}
    exclude: {TOWER: its hazard ratio was read without a usable confidence interval}
    subgroups: setting
    favours: [experimental, control]
"""
_OS = """\
  os:
    title: Overall survival
    measure: HR
    include: {design: [randomised]}
    favours: [experimental, control]
"""
_COUNTS = """\
  mrd:
    title: Minimal residual disease negativity
    measure: RR
    include: {design: [randomised]}
    favours: [control, experimental]
  infection:
    title: Infection of grade 3 or higher
    measure: RR
    include: {design: [randomised]}
    favours: [experimental, control]
"""
SHIPPED = {
    "efs": Base(_REVIEW + _EFS, "efs"),
    "os": Base(_REVIEW + _OS, "os"),
    "all": Base(_REVIEW + _EFS + _OS + _COUNTS, "os", "The studies are those of the shipped review."),
}
