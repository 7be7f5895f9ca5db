"""The words by which arms go in any text: those of every control, of every experimental arm, and those that tell nothing."""

from __future__ import annotations

import re

BOTH = re.compile(
    r"\b(?:in|of|for|with|by)? ?(?:both|each|either|all)(?: \w+){0,2}? (?:groups?|arms?|cohorts?|regimens?)\b|\bneither (?:group|arm)\b|\bin each\b|\beach(?=[.,;)]|$)|\b(?:both|each) treatments?\b",
    re.I,
)
# words that tell nothing about an arm
COMMON = {
    "a",
    "an",
    "and",
    "the",
    "of",
    "in",
    "on",
    "for",
    "with",
    "without",
    "plus",
    "or",
    "to",
    "by",
    "alone",
    "only",
    "no",
    "not",
    "mg",
    "ug",
    "ml",
    "kg",
    "iu",
    "daily",
    "weekly",
    "once",
    "twice",
    "group",
    "arm",
    "arms",
    "patients",
    "treatment",
    "therapy",
    "care",
    "dose",
    "doses",
    "regimen",
    "versus",
    "vs",
    "day",
    "week",
    "month",
    "weeks",
    "days",
    "months",
    "years",
    "control",
    "controls",
    "home",
    "time",
    "added",
    "standard",
}
QUALIFYING = {
    "standard",
    "usual",
    "routine",
    "conventional",
    "intensive",
    "short",
    "long",
    "early",
    "late",
    "high",
    "low",
    "oral",
    "older",
    "newer",
    "open",
    "active",
    "new",
    "first",
    "second",
    "continued",
    "immediate",
    "delayed",
    "text",
    "video",
    "online",
}
EXPERIMENTAL = (
    r"intervention(?! period)",
    r"experimental",
    r"(?:active|study|investigational)[ -](?:treatment|drug|arm|group)",
    r"(?:the|a) (?:study )?(?:drug|vaccine|new drug|tablet|injection|shot|antibody)(?= (?:group|arm|recipients?)|[.,;)])",
    r"vaccine (?:recipients?|group)",
    r"vaccinated",
    r"vaccinees?",
    r"treat(?:ment|ed) (?:arm|group|patients)",
)
CONTROL = (
    r"(?<!historical )(?<!-)controls?(?! of\b)(?!led)(?! (?:rate|was achieved))",
    r"placebo",
    r"comparators?(?: group| arm)?",
    r"dummy (?:pills?|injections?|tablets?)",
    r"sham",
    r"(?:standard|usual|routine|conventional)(?: of)?[ -](?:care|treatment|therapy|arm|group|chemotherapy)(?: alone)?",
    r"no (?:intervention|treatment)(?!-)",
    r"untreated",
    r"unvaccinated",
)
SAME_AS = {
    "observation": ("observation", "observed"),
    "historical": ("historical controls?", "historical control patients"),
}
INACTIVE = re.compile(
    r"(?i)placebo|sham|^no |^without|usual|standard|observation|vehicle|control|waiting|dummy|^$"
)  # never part of a combination
DOSE = re.compile(r"\b(\d+(?:\.\d+)?)\s?(?:mg|g|ug|\u00b5g|mcg|iu|ml|gy|%)", re.I)
DURATION = re.compile(r"(?i)(?P<n>\d+)[- ](?P<unit>day|week|month|year|hour|fraction)s?\b")
OTHER_THAN = re.compile(r"(?i)\b(?:another|any|other) $")
INTRODUCED = re.compile(
    r"(?i)[\s,:=(]*(?:\(?n\s*=\s*\d+\)?[\s,:;]*)?(?:\d+ \w+[\s,:;)]*)?(?:(?:was |were )?(?:received|receiving|given|treated with|assigned to|got|took|had|underwent|was|on) )?(?:an? |the |only |oral |intravenous )*"
)  # between `group A` and the name of its treatment
SHORT_NAME = re.compile(
    r"(?:\s+(?:of |at )?\d[\d.]*\s?[a-z\u00b5/]+(?: (?:once |twice |every )?\w+)?)?\s*[\[(](?:(?:[Gg]roup|[Aa]rm|[Cc]ohort)\s+(?P<letter>[A-Z]|[IVX]+|\d)|(?P<name>[A-Z][A-Z0-9][A-Za-z0-9+-]{0,6}))(?:\s+(?:group|arm))?\s*(?=[\]),;])"
)  # an arm's name in letters, after its name in words
NO_SHORT_NAMES = {
    "SD",
    "SE",
    "CI",
    "IQR",
    "HR",
    "OR",
    "RR",
    "RD",
    "MD",
    "OS",
    "PFS",
    "DFS",
    "EFS",
    "ORR",
    "CR",
    "PR",
    "AE",
    "AES",
    "SAE",
    "SAES",
    "ITT",
    "PP",
    "BMI",
    "NNT",
    "USA",
    "UK",
    "EU",
    "WHO",
    "FDA",
    "EMA",
}
REFERENCE = re.compile(r"\b((?:arm|group|cohort) (?:[A-Z]|\d|I{1,3}))\b", re.I)
