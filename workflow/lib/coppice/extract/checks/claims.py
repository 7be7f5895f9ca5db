"""Checks of the authors' own sentences against the results: what a text claims that the numbers do not show.

Each rule is a pattern of words and a condition on the result. A sentence that is hedged, negated, or about a single
study or other evidence is left alone. `report.claims` finds the sentences and the results that they are about.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from coppice.extract.checks.check import WARNING, Hit, check

LEVEL = "claim"
HANDBOOK = "Schünemann HJ et al. Cochrane Handbook, chapter 15.6; 10.1002/9781119536604.ch15"
SUBGROUPS = "Sun X et al. BMJ 2010;340:c117; 10.1136/bmj.c117"
CAUSAL = "Haber NA et al. Am J Epidemiol 2022;191:2084-2097; 10.1093/aje/kwac137"
LARGEST_P = 0.05  # of a test of subgroup differences that supports a claim of one
LONGEST_QUOTE = 200  # characters of a sentence that a finding repeats


def _words(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})\b", re.IGNORECASE)


# What makes a sentence careful, so that it claims neither a direction nor its absence.
HEDGE = _words(
    r"may(?!\s\d)", "might", "could", "possibly", "perhaps", "probably", "likely", "uncertain(?:ty)?", "unclear", "unknown", "whether",
    r"suggest\w*", r"hypothes\w*", r"aim\w*", "expected", "if", "would", "should", r"imprecis\w*", r"inconclusive\w*", r"compatible with",
    r"(?:interval|limits?) (?:\w+ )?(?:includes?|crosse?s?|contains?|is wide)",
)  # fmt: skip
NEGATION = re.compile(r"\b(?:not|no|never|neither|nor|cannot|without|fail(?:s|ed)? to)\b|n['\N{RIGHT SINGLE QUOTATION MARK}]t\b", re.IGNORECASE)  # fmt: skip
# What reduces or increases something that is no outcome.
OF_METHODS = (
    r"(?!(?:\s[\w-]+){0,4}?\s(?:certainty|confidence|precision|imprecision|heterogeneity|bias|variance|weights?|power|uncertainty|estimates?"
    r"|intervals?|I2|tau2|concerns?|doubts?|questions?|comparability|follow-up)\b)"
)
_DEGREE = r"(?:(?:a|an|the|clear|clearly|large|slight|slightly|strong|strongly|modest|important|significant|significantly|substantial|substantially|statistically|also|much|markedly) )*"
_LESS_OR_MORE = "fewer|less|lower|higher|more|longer|shorter|better|worse|reduced|increased|improved|prolonged"
_CHANGE = "benefit|reduction|improvement|increase|decrease|advantage|harm|superiority"
DIRECTION = _words(
    rf"(?:reduces|lowers|decreases|prevents|increases|improves|prolongs|shortens|halves|doubles|outperforms|protects)(?! (?:in|of)\b){OF_METHODS}",
    # in the past, unless the word before makes it an adjective: `with reduced doses`
    r"(?<!\ba )(?<!\ban )(?<!\bthe )(?<!\bwith )(?<!\bof )(?<!\bfor )(?<!\bby )(?<!\bfrom )(?<!\bin )(?<!\band )(?<!\bor )(?<!\bto )(?<!\bdose )(?<!\bdose-)(?<=[\w,] )"
    rf"(?:reduced|lowered|decreased|prevented|increased|improved|prolonged|shortened|halved|doubled|outperformed)(?! (?:in|of)\b){OF_METHODS}",
    rf"(?:associated with|leads? to|led to|results? in|resulted in) {_DEGREE}(?:{_LESS_OR_MORE}|{_CHANGE}){OF_METHODS}",
    rf"(?:shows?|showed|demonstrates?|demonstrated|provides?|provided|confers?|conferred|gives?|gave|has|had) {_DEGREE}(?:\w+ )?(?:{_CHANGE})",
    rf"(?:is|was|are|were) {_DEGREE}(?:superior|inferior|better|worse|effective|beneficial|harmful|(?:more|less) (?:effective|frequent|common|likely)){OF_METHODS}",
    rf"(?:statistically )?significant(?:ly)? (?:\w+ ){{0,3}}?(?:difference|effect|association|{_CHANGE}|{_LESS_OR_MORE})",
    r"(?:is|was|are|were) (?:statistically )?significant",
)  # fmt: skip
NO_DIFFERENCE = _words(
    r"(?<!includes )(?<!include )(?<!including )(?<!includ\wd )(?<!excludes )(?<!exclude )(?<!excluding )(?<!with )(?<!line of )(?<!value of )(?<!evidence of )(?<!evidence for )"
    r"(?<!out )(?<!mean )(?<!means )(?<!proof of )(?<!than )(?<!concluding )"
    r"no (?:(?:clear|real|significant|statistically|important|meaningful|relevant|overall|clinically|substantial|apparent|survival) )*"
    rf"(?:differences?|effects?|impact|influence|change|{_CHANGE})(?! (?:measures?|sizes?|estimates?|was (?:reported|estimated|pooled)|is reported|could|can)\b)",
    r"(?:do|does|did)(?: not|n['\N{RIGHT SINGLE QUOTATION MARK}]t) (?:\w+ly )?(?:reduce|increase|improve|affect|change|influence|prevent|lower|prolong|differ|alter|work|benefit|help)",
    r"(?:is|was|are|were)(?: not|n['\N{RIGHT SINGLE QUOTATION MARK}]t) (?:\w+ly )?(?:different|effective|superior|better|worse|harmful|beneficial|reduced|increased|improved|affected|inferior)",
    r"(?:ineffective|equally (?:effective|safe)|as (?:effective|safe) as|makes? no difference|equivalence)",
    r"(?:is|was|are|were) (?:similar|comparable|equivalent|the same|equal) (?:between|in|with|on|for|across) (?:the )?(?:both|two|groups|arms|either|treatments)",
)  # fmt: skip
NOT_CLAIMED = _words(r"no (?:\w+ )?evidence", r"(?:not|cannot|neither|nor) (?:\w+ ){0,3}?(?:show|mean|prove|conclude|exclude|demonstrate|establish|imply|rule out|proof|evidence)\w*")  # fmt: skip
# An effect that differs between groups of studies.
_ELSEWHERE = r"(?!(?:\s[\w-]+){0,3}?\s(?:analys[ei]s|models?|estimates?|studies|trials)\b)"
MODIFIED = _words(
    r"(?:larger|greater|stronger|smaller|weaker|more pronounced|less pronounced|(?:more|less) effective|better|worse|greatest|largest|strongest)"
    rf"(?: \w+)? (?:in|among|for|than in)\b{_ELSEWHERE}",
    r"(?:differs?|differed|var(?:y|ies|ied)|depends?|depended) (?:\w+ )?(?:between|by|with|across|on)",
    r"(?:only|confined to|restricted to|limited to|especially|particularly|mainly|mostly)",
    r"but not (?:in|among|for)", r"(?:subgroup|effect) modif\w+", "interaction",
)  # fmt: skip
EFFECT = _words("effects?", "benefits?", "effective", "works?", "reductions?", "improvements?", "harms?", "efficacy")
ASSOCIATION = _words(
    r"associat\w+", r"confound\w*", "observational", r"not randomi[sz]ed", r"non-randomi[sz]ed", r"correlat\w+"
)
CAUSE = _words(
    r"(?<!any )(?<!all )causes?(?! of| for)", "caused", "causing", "due to", "attributable to", "responsible for",
    r"(?:leads?|led) to", r"(?:results?|resulted) in", r"protects?", "protected", "prevents", "prevented",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subtotal:
    """The estimate of one subgroup."""

    level: str
    printed: str
    includes_null: bool


@dataclass(frozen=True, slots=True)
class Result:
    """What an analysis found, as printed, and what a sentence on it may not claim.

    Attributes
    ----------
    analysis, outcome, title : str
        Key of the analysis, that of its outcome, and its title as it stands within a sentence.
    printed, null : str
        The estimate with its interval, and the value of no difference.
    includes_null : bool or None
        Whether the interval includes no difference; None without an interval.
    unsettled : str or None
        Why the interval does not show that there is no difference that matters; None where it does.
    test, test_p : str or None, float or None
        The test of subgroup differences.
    subtotals : tuple of Subtotal
        Those with an interval.
    not_randomised, studies : int
        Number of pooled studies, and of those with another design than a randomised one.
    """

    analysis: str
    outcome: str
    title: str
    printed: str
    null: str
    includes_null: bool | None
    unsettled: str | None = None
    test: str | None = None
    test_p: float | None = None
    subtotals: tuple[Subtotal, ...] = ()
    not_randomised: int = 0
    studies: int = 0


@dataclass(frozen=True, slots=True)
class Claim:
    """A clause of a sentence of the authors, with the results that it can be about.

    Attributes
    ----------
    place, sentence, clause : str
        Where it is written, the sentence, and the part of it that makes the claim.
    results : sequence of Result
        The analyses that it names, or the main ones of which it may be.
    is_named : bool
        Whether it names them; otherwise only what all of them contradict is a finding.
    levels : sequence of str
        The subgroups that it names.
    """

    place: str
    sentence: str
    clause: str
    results: Sequence[Result]
    is_named: bool
    levels: Sequence[str] = ()

    def contradicting(self, is_contrary: Callable[[Result], bool]) -> list[Result]:
        """Return the results that contradict the claim; none unless it names them or all do."""
        contrary = [result for result in self.results if is_contrary(result)]
        return contrary if self.is_named or len(contrary) == len(self.results) else []

    def subtotal(self, result: Result) -> Subtotal | None:
        """Return the subtotal of the subgroup that the claim names; None if it names none."""
        return next((item for item in result.subtotals if item.level in self.levels), None)

    def hit(self, result: Result, why: str) -> Hit:
        """Return the contradiction with one result."""
        quote = self.sentence if len(self.sentence) <= LONGEST_QUOTE else f"{self.sentence[:LONGEST_QUOTE]}..."
        return Hit(f"{self.place}: '{quote}': {result.title}: {why}", outcome=result.outcome)


def claims_difference(clause: str) -> bool:
    """Return whether a clause claims that something differs, without a hedge or a negation."""
    match = DIRECTION.search(clause)
    return bool(match) and not HEDGE.search(clause) and not NEGATION.search(clause[: match.end()] if match else "")


def claims_no_difference(clause: str) -> bool:
    """Return whether a clause claims that nothing differs, without a hedge."""
    return bool(NO_DIFFERENCE.search(clause)) and not HEDGE.search(clause) and not NOT_CLAIMED.search(clause)


def claims_modification(claim: Claim) -> bool:
    """Return whether a clause claims that an effect differs between the subgroups that it names, or any."""
    clause = claim.clause
    if not MODIFIED.search(clause) or HEDGE.search(clause) or NEGATION.search(clause.replace("but not", "")):
        return False
    is_of_effects = EFFECT.search(clause) or DIRECTION.search(clause)
    return bool(is_of_effects and (claim.levels or "subgroup" in clause.casefold()))


@check(
    LEVEL,
    WARNING,
    source=HANDBOOK,
    allows="intervals that lie within the smallest important difference (without `important`, within 0.75 to 1.25 for ratios and 0.5 for standardised mean differences), and sentences that speak of the uncertainty",
)
def claim_of_no_difference(claim: Claim) -> Iterator[Hit]:
    """A sentence claims that there is no difference, which the interval does not show."""
    if not claims_no_difference(claim.clause) or claim.levels or MODIFIED.search(claim.clause):
        return
    for result in claim.contradicting(lambda item: item.unsettled is not None):
        yield claim.hit(result, f"{result.printed}: no difference is not shown, because {result.unsettled}")


@check(LEVEL, WARNING, source=HANDBOOK, allows="sentences that are hedged (`may`, `probably`) or name a single study")
def claim_of_difference(claim: Claim) -> Iterator[Hit]:
    """A sentence claims a reduction, an increase or another difference, and the interval includes no difference."""
    if not claims_difference(claim.clause):
        return
    for result in claim.contradicting(lambda item: bool((claim.subtotal(item) or item).includes_null)):
        part = claim.subtotal(result)
        whose = f" ({part.level})" if part else ""
        printed = part.printed if part else result.printed
        yield claim.hit(result, f"the interval of {printed}{whose} includes {result.null} (no difference)")


@check(
    LEVEL,
    WARNING,
    source=SUBGROUPS,
    allows=f"analyses whose test of subgroup differences, or of moderators, has p below {LARGEST_P:g}",
)
def claim_on_subgroups(claim: Claim) -> Iterator[Hit]:
    """A sentence claims that the effect differs between subgroups without a test that shows it."""
    if not claims_modification(claim):
        return
    tested = [item for item in claim.results if item.test_p is not None]
    if any(item.test_p is not None and item.test_p < LARGEST_P for item in tested):
        return
    for result in (tested or claim.results)[:1]:
        why = f"the test of subgroup differences gives {result.test}" if result.test else "there is no test of subgroup differences"  # fmt: skip
        yield claim.hit(result, why)


@check(
    LEVEL,
    WARNING,
    source=SUBGROUPS,
    allows="analyses without an overall estimate, whose results are those of the subgroups",
)
def claim_from_one_subgroup(claim: Claim) -> Iterator[Hit]:
    """A sentence claims an effect in one subgroup, while the overall interval includes no difference."""
    if not claims_difference(claim.clause) and "significan" not in claim.clause.casefold():
        return
    if HEDGE.search(claim.clause):
        return
    for result in claim.results:
        part = claim.subtotal(result)
        is_supported = result.test_p is not None and result.test_p < LARGEST_P
        if part and not part.includes_null and result.includes_null and not is_supported:
            test = f", and the test of subgroup differences gives {result.test}" if result.test else ""
            yield claim.hit(result, f"{part.printed} is of one subgroup ({part.level}); the overall {result.printed} includes {result.null} (no difference){test}")  # fmt: skip


@check(LEVEL, WARNING, source=CAUSAL, allows="sentences that speak of an association, or of confounding")
def claim_of_cause(claim: Claim) -> Iterator[Hit]:
    """A sentence uses causal words for a result of studies that are not randomised."""
    is_causal = CAUSE.search(claim.clause) and not NEGATION.search(claim.clause) and not HEDGE.search(claim.clause)
    if not (is_causal or claims_difference(claim.clause)) or ASSOCIATION.search(claim.sentence):
        return
    if "significan" in claim.clause.casefold() and not CAUSE.search(claim.clause) and not _VERB.search(claim.clause):
        return
    for result in claim.contradicting(lambda item: item.not_randomised > 0):
        are = "is" if result.not_randomised == 1 else "are"
        yield claim.hit(result, f"{result.not_randomised} of {result.studies} pooled studies {are} not randomised ({result.printed})")  # fmt: skip


_VERB = _words(r"(?:reduc|lower|decreas|prevent|increas|improv|prolong)\w+")
