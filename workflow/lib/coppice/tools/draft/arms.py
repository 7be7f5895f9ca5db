"""The arms of a study in its text: by which words they go, where they stand, and which of them a number belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from coppice.tools.draft.arm_words import (
    COMMON,
    CONTROL,
    DOSE,
    DURATION,
    EXPERIMENTAL,
    INACTIVE,
    INTRODUCED,
    NO_SHORT_NAMES,
    OTHER_THAN,
    QUALIFYING,
    REFERENCE,
    SHORT_NAME,
)

DOSE_AT_END = re.compile(r"\s+\d[\d.]*\s*(?:mg|ug|ml|g|iu|%)\b.*$", re.I)
IN_CAPITALS = re.compile(r"[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)*")
QUALIFIED = r"[\s-]+(?!deviation|error|risk|term|and\b|or\b|in\b|on\b|at\b|to\b|after\b|with\b|was\b|were\b|than\b|as\b|for\b|of\b|by\b|from\b)[a-z]+(?: (?:group|arm))?"


@dataclass(frozen=True, slots=True)
class Arm:
    """One arm: its name as the user wrote it, and its role."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A place where an arm is named, by its number among the arms."""

    start: int
    end: int
    arm: int


def stem(word: str) -> str:
    """Return a pattern for a word and its forms."""
    base = re.sub(r"(?:ing|ed|es|s)$", "", word) if len(word) > 5 and word.isalpha() else word
    verb = re.sub(r"(?:at)?ion$", "", word)
    if word.isalpha() and verb != word and len(verb) > 5 and word != "observation":  # mobilisation: mobilised early
        return rf"{re.escape(verb)}(?:ed|ing|es?|(?:at)?ions?)"
    return re.escape(base) + (r"[a-z]{0,4}" if base.isalpha() and len(base) > 3 else r"")


def flexible(name: str) -> str:
    """Return a pattern for a name, with spaces or hyphens, singular or plural, joined by plus or and."""
    words = [word for word in re.split(r"[\s-]+", name.strip()) if word]
    pieces = []
    for word in words:
        if word.lower() in ("plus", "and", "+", "with", "&"):
            pieces.append(r"(?:plus|and|\+|with|&|-)(?:\s(?:an?|the)(?:\s\w+)?)?")
        else:
            pieces.append(
                re.escape(word[:-1]) + "s?"
                if word.endswith("s") and len(word) > 4
                else re.escape(word) + ("s?" if word.isalpha() else "")
            )
    return r"[\s-]+".join(pieces)


@dataclass(slots=True)
class Arms:
    """The arms, and the patterns by which they are found.

    Attributes
    ----------
    arms : list of Arm
        The experimental arms, then the control, if there is one.
    order : list of int
        The order in which they stood last.
    control : int or None
        The number of the control, None in a study of one arm.
    """

    arms: list[Arm]
    order: list[int] = field(default_factory=list)
    patterns: list[tuple[int, re.Pattern[str]]] = field(default_factory=list)
    any_arm: re.Pattern[str] | None = None
    control: int | None = None
    last_text: str = ""
    last_mentions: list[Mention] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.order = list(range(len(self.arms)))
        self.control = next((index for index, arm in enumerate(self.arms) if arm.role == "control"), None)
        names: list[tuple[int, str]] = []
        for index, _arm in enumerate(self.arms):
            names += [(index, alias) for alias in self.aliases(index)]
        names.sort(key=lambda item: -len(item[1]))
        if names:
            self.any_arm = re.compile(r"\b(?:" + "|".join(alias for _, alias in names) + ")", re.I)
        self.patterns = [(index, re.compile(rf"(?<![\w-])(?:{alias})(?![\w])", re.I)) for index, alias in names]

    def aliases(self, index: int) -> list[str]:
        """Return the patterns of an arm: its name, the words that no other arm has, and the usual words of its role."""
        arm = self.arms[index]
        words = [word for word in re.split(r"[\s-]+", arm.name.lower()) if word]
        result = [flexible(arm.name), *self.without_dose(index)]
        if words[0] in ("no", "without", "not"):
            result += [rf"(?:no|without|not|didn't|did not|never)(?: \w+)? {stem(word)}" for word in words[1:]]
            result += [r"without(?: it)?(?=[\s.,;)]*(?:$|[.,;(]))"]
        else:
            result += self.by_words(index, words)
        result += self.by_dose(index) + self.by_duration(index)
        return result + (self.of_control(arm.name) if arm.role == "control" else self.of_experimental(index))

    def without_dose(self, index: int) -> list[str]:
        """Return the pattern of a name without its dose, where no other arm has the same."""
        bare = [DOSE_AT_END.sub("", arm.name) for arm in self.arms]
        others = {name.lower() for i, name in enumerate(bare) if i != index}
        changed = bare[index] != self.arms[index].name and bare[index].lower() not in others
        return [flexible(bare[index])] if changed else []

    def by_words(self, index: int, words: list[str]) -> list[str]:
        """Return the patterns of the words of a name that no other arm has."""
        arm = self.arms[index]
        names = [other.name.lower() for i, other in enumerate(self.arms) if i != index]
        others = {word for name in names for word in re.split(r"[\s-]+", name)}
        own = [word for word in words if word not in others]
        result = [
            rf"{re.escape(word)}[\s-]+(?:group|arm|recipients|patients|participants|users)"
            for word in own
            if word.isalpha() and len(word) > 2 and word not in ("the", "and", "plus", "with", "no")
        ]
        shares = any(word in others and word not in COMMON for word in words)
        compound = re.split(r"\s+", arm.name.lower())[0]
        for word in own:
            if word in COMMON or not (len(word) > 2 or word.isdigit()):
                continue
            if word.isdigit() and word != words[-1]:
                unit = words[words.index(word) + 1]
                result.append(rf"{word}[\s-]*{re.escape(unit.partition('/')[0])}(?:/[a-z]+)?s?")
            if word.isdigit() or (len(words) > 1 and not shares and len(word) <= 4):
                continue
            qualifies = word in QUALIFYING or ("-" in arm.name and word in compound)
            result.append(rf"{re.escape(word)}{QUALIFIED}" if qualifies else stem(word))
        if "-" in compound and compound not in [re.split(r"\s+", name)[0] for name in names]:
            result.append(re.escape(compound).replace(r"\-", r"[\s-]"))
        return [*result, *self.by_letters(index)]

    def by_letters(self, index: int) -> list[str]:
        """Return the patterns of the parts of a name in capitals, as WET, CBT-I or PD-1: they stand alone for the whole."""
        others = " ".join(arm.name for i, arm in enumerate(self.arms) if i != index).split()
        words = self.arms[index].name.split()
        parts = [word for word in words if len(words) > 1 and IN_CAPITALS.fullmatch(word) and word not in others]
        return [rf"(?-i:{re.escape(word)})" for word in parts]

    def of_control(self, name: str) -> list[str]:
        """Return the words by which every control goes."""
        return [*CONTROL, f"{flexible(name)} (?:alone|only)"]

    def of_experimental(self, index: int) -> list[str]:
        """Return the words by which the only experimental arm goes, and those of a combination."""
        only = sum(other.role != "control" for other in self.arms) == 1
        result = list(EXPERIMENTAL) if only else []
        if re.search(r"\b(?:plus|and|\+|combined with)\b", self.arms[index].name):
            return [*result, r"(?:the )?combination(?: (?:therapy|group|arm))?"]
        if only and (control := self.control_name(index)):
            alone = flexible(self.arms[index].name)
            result += [
                rf"{alone} (?:plus|and|with|\+|combined with|added to) (?:[a-z]+ )?{control}",
                rf"{control} (?:plus|with|\+) (?:[a-z]+ (?:\d+-\w+ )?){{0,4}}(?:of )?{alone}",
            ]
        return result

    def by_dose(self, index: int) -> list[str]:
        """Return the patterns of the lowest and highest of several doses: the lower dose, the high-dose group."""
        doses = {
            i: float(found[1])
            for i, arm in enumerate(self.arms)
            if (found := DOSE.search(arm.name)) and arm.role != "control"
        }
        if len(set(doses.values())) < 2 or len(doses) < 2 or index not in doses:
            return []
        ranks = sorted(doses.values())
        if doses[index] == ranks[0]:
            return [r"low(?:er|est)?[- ]dose(?: group| arm)?", r"the lower(?= (?:dose|and|or)\b)"]
        if doses[index] == ranks[-1]:
            return [r"high(?:er|est)?[- ]dose(?: group| arm)?", r"the higher(?= (?:dose|and|or)\b)"]
        return [r"(?:middle|intermediate|medium)[- ]dose(?: group| arm)?"]

    def by_duration(self, index: int) -> list[str]:
        """Return the patterns of the shorter and the longer of two durations: the longer regimen."""
        found = [DURATION.search(arm.name) for arm in self.arms]
        if len(found) != 2 or found[0] is None or found[1] is None or found[0]["unit"] != found[1]["unit"]:
            return []
        mine, other = (float(str(match["n"])) for match in (found[index], found[1 - index]) if match)
        word = "short" if mine < other else "long"
        return [rf"{word}(?:er)?[- ](?:course|regimen|treatment|therapy|schedule|duration|scheme|arm|group)s?"]

    def control_name(self, index: int) -> str:
        """Return the pattern of the control's name, empty without one."""
        control = next((arm.name for i, arm in enumerate(self.arms) if i != index and arm.role == "control"), "")
        return "" if INACTIVE.search(control) else flexible(control)

    def learn(self, text: str) -> None:
        """Learn what `Arm A` and `group 1` stand for, and a short name in brackets: the arm that is named right beside."""
        for mention in self.mentions(text):
            found = SHORT_NAME.match(text, mention.end)
            short = (found["letter"] or found["name"]) if found else ""
            if short and short not in NO_SHORT_NAMES:
                self.add(mention.arm, rf"{re.escape(short)}(?![\w-]|\s?[<=>:/])", short)
        for found in REFERENCE.finditer(text):
            rest = text[found.end() : found.end() + 70]
            near = self.mentions(rest) or []
            if near and INTRODUCED.fullmatch(rest[: near[0].start]):
                self.add(near[0].arm, rf"{re.escape(found[1])}\b", found[1])

    def add(self, arm: int, pattern: str, name: str) -> None:
        """Add a name that the text introduces."""
        whole = rf"(?<![\w-])(?:(?:[Gg]roup|[Aa]rm) )?{pattern}"
        if any(compiled.pattern == whole for _, compiled in self.patterns):
            return
        self.any_arm = re.compile(rf"{self.any_arm.pattern if self.any_arm else ''}|\b{re.escape(name)}\b", re.I)
        self.patterns.insert(0, (arm, re.compile(whole)))
        self.last_text = ""

    def mentions(self, text: str) -> list[Mention]:
        """Return where arms are named, the longest names first, in the order of the text."""
        if text != self.last_text:
            self.last_text, self.last_mentions = text, self.found_in(text)
        return list(self.last_mentions)

    def found_in(self, text: str) -> list[Mention]:
        """Return the mentions of :meth:`mentions`, looked up in the text."""
        if self.any_arm is None or not self.any_arm.search(text):
            return []
        busy = bytearray(len(text))
        result = []
        for index, compiled in self.patterns:
            for match in compiled.finditer(text):
                if OTHER_THAN.search(text, max(0, match.start() - 9), match.start()):
                    continue
                if match.end() > match.start() and not any(busy[match.start() : match.end()]):
                    busy[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
                    result.append(Mention(match.start(), match.end(), index))
        return sorted(result, key=lambda mention: mention.start)

    def remember(self, order: Sequence[int]) -> None:
        """Keep the order in which arms stood, if a sentence named at least two."""
        if len(order) > 1 and (len(self.arms) == 2 or len(order) == len(self.arms)):
            self.order = [*order] + [index for index in self.order if index not in order]
