"""What rules know of a sentence: its tokens, the arms it names, and what the sentences before left open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from coppice.tools.draft.arm_words import BOTH
from coppice.tools.draft.arms import Arms, Mention
from coppice.tools.draft.lexer import Token
from coppice.tools.draft.sentences import Sentence

Value = str | bool | list[str | None]
PLUS_MINUS = re.compile(
    r"(?:\u00b1|\+/-)\s*(?:(?P<se>SEM?\b|s\.?e\.?m?\b|standard errors?)|(?P<sd>SD\b|s\.?d\.?\b|standard deviations?))",
    re.I,
)
IN_BRACKETS = re.compile(
    r"\b(?:(?P<se1>SEs?|SEMs?|standard errors?)|(?P<sd1>SDs?|standard deviations?)) (?:are |is |being )?(?:given |shown )?in (?:parenthes[ei]s|brackets)|\b(?:means?|averages?|values?|least[- ]squares? means?)\s*[\[(]\s*(?:(?P<se>SEM?\b|standard errors?)|(?P<sd>SD\b|standard deviations?))\s*[\])]",
    re.I,
)
MEDIAN_WITH = re.compile(
    r"\bmedians?\s*,?\s*[\[(]?\s*(?:(?P<iqr>IQRs?\b|i\.q\.r\.|Q1|P25|inter-?quartile range|quartiles)|(?P<range>range|min))",
    re.I,
)
ADJUSTED = re.compile(r"\b(?:un)?adjust(?:ed|ment|ing)\b", re.I)
SETS = (
    ("intention to treat", re.compile(r"\b(?:modified )?intention[- ]to[- ]treat|\bm?ITT\b", re.I)),
    ("per protocol", re.compile(r"\bper[- ]protocol\b", re.I)),
    ("full analysis set", re.compile(r"\bfull analysis set\b|\bFAS\b")),
    ("as treated", re.compile(r"\bas[- ]treated\b", re.I)),
    ("missing as failure", re.compile(r"\bmissing .{0,40}(?:as|were) (?:failures?|non-?respon)", re.I)),
    ("sensitivity analysis", re.compile(r"\bsensitivity analysis\b", re.I)),
)
ANY_SET = re.compile("|".join(f"(?:{words.pattern})" for _, words in SETS), re.I)
PEOPLE = r"(?:patients|participants|subjects|women|men|children|adults|infants|people|those|individuals)"
POPULATION = re.compile(
    rf"\b(?:in|among|for|of)\s+(?:the )?(?:subgroup of )?(?:\d+ )?{PEOPLE}\s+((?:with(?:out)?|from|who had|whose|aged|under|over)\s+(?!the (?:\w+ )?(?:group|arm))[^,;:.()]{{2,50}}?)(?=[,;:(]| the | was | were |$)"
    r"|\b(?:in|among) the ([\w-]+(?: [\w-]+){0,2}) (?:subgroup|stratum|subpopulation)\b|\b(before|after) the (?:protocol|design) change\b|\b(afterwards)\b",
    re.I,
)


WITHOUT_WHICH = re.compile(r"\u00b1|\+/-|[Mm]e(?:di)?an|[Aa]verage|[Vv]alue|bracket|parenthes")


def declared_by(declared: re.Pattern[str], text: str) -> str:
    """Return what a text declares once for all: `sd`, `se`, `iqr`, `range`, or nothing."""
    found = declared.search(text) if WITHOUT_WHICH.search(text) else None
    return str(found.lastgroup).rstrip("1") if found else ""


RATIO_FORMS = ("hazard_ratio", "risk_ratio", "odds_ratio", "rate_ratio", "ratio_of_means")
Doubt = tuple[float, str]


@dataclass(slots=True, eq=False)
class Proposal:
    """A figure that a rule read in the text.

    Attributes
    ----------
    statistic : str
        Its form.
    fields : dict
        Its fields with their digits.
    arm : str
        `both`, `experimental`, `control` or `all`.
    start, end : int
        Its place in the text.
    rule : str
        Name of the rule.
    labels : dict
        What else the text says of it: population, set, adjusted, experimental, outcome, unit of a rate.
    """

    statistic: str
    fields: dict[str, Value]
    arm: str
    start: int
    end: int
    rule: str
    labels: dict[str, str | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Seen:
    """A number that was seen and left out, with the reason."""

    start: int
    end: int
    reason: str


@dataclass(slots=True)
class Document:
    """What the sentences of a text share.

    Attributes
    ----------
    arms : Arms
        The arms, with the order in which they stood last.
    proposals : list of Proposal
        What was read so far.
    seen : list of Seen
        What was left out so far.
    plus_minus, bracketed : str
        What follows a mean after ±, or in brackets, where the text declares it once for all: `sd`, `se` or nothing.
    all_intervals : str
        Level of intervals where the text declares it once for all.
    crossover : bool
        Whether the text speaks of measurements of the same patients.
    """

    arms: Arms
    proposals: list[Proposal] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    plus_minus: str = ""
    bracketed: str = ""
    median_with: str = ""
    crossover: bool = False
    last_form: str = ""
    last_time: tuple[str, str] | None = None
    last_survival: bool = False
    last_outcome: str = ""
    last_points: bool = False
    last_set: str = ""
    last_times: dict[int, str] = field(default_factory=dict)
    spoke_of: int | None = None
    total_read: bool = False
    met: set[int] = field(default_factory=set)
    sizes: dict[int, str] | None = None
    sizes_at: tuple[int, int] | None = None

    @property
    def single(self) -> bool:
        """Whether the study has one arm."""
        return self.arms.control is None


@dataclass(frozen=True, slots=True)
class Case:
    """A proposal with the words of its clause: those before it, and those after."""

    document: Document
    item: Proposal
    head: str
    words: str
    tail: str


@dataclass(slots=True)
class Context:
    """One sentence."""

    sentence: Sentence
    line: list[Token]
    mentions: list[Mention]
    document: Document
    of_both: bool = False

    def __post_init__(self) -> None:
        self.of_both = bool(BOTH.search(self.text))

    @property
    def text(self) -> str:
        """The words of the sentence."""
        return self.sentence.text

    def propose(
        self,
        statistic: str,
        fields: dict[str, Value],
        arm: str,
        place: tuple[int, int],
        rule: str,
        **labels: str | bool,
    ) -> Proposal:
        """Add a proposal, with what the sentence says of its patients."""
        begin, end = place
        offset = self.sentence.start
        found = Proposal(statistic, fields, arm, offset + begin, offset + end, rule, dict(labels))
        self.describe(found, begin, end)
        self.document.proposals.append(found)
        return found

    def describe(self, found: Proposal, begin: int, end: int) -> None:
        """Note analysis set and population, where the sentence names them."""
        named = ANY_SET.search(self.text) and next((name for name, words in SETS if words.search(self.text)), "")
        name = named or self.document.last_set
        if name:
            found.labels.setdefault("set", name)
        near = [match for match in POPULATION.finditer(self.text) if match.start() < begin]
        late = POPULATION.search(self.text[end : end + 40].split(",")[0])
        chosen = late if late and (late[3] or late[4]) else near[-1] if near else None
        if chosen and not any(
            mention.start < chosen.end() and chosen.start() < mention.end for mention in self.mentions
        ):
            found.labels.setdefault("population", " ".join(next(filter(None, chosen.groups())).split()))

    def seen(self, start: int, end: int, reason: str) -> None:
        """Note numbers that were left out."""
        self.document.seen.append(Seen(self.sentence.start + start, self.sentence.start + end, reason))

    def meaning(self, declared: re.Pattern[str], otherwise: str) -> str:
        """Return what the sentence declares, or else the text: `sd`, `se`, `iqr`, `range`, or nothing."""
        return declared_by(declared, self.text) or otherwise
