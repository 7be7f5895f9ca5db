"""What tokens look like: forms by their names, intervals, errors, sizes, times, counts; and the words that tell of each."""

from __future__ import annotations

import re

from coppice.tools.draft.printed import COUNT, INTERVAL, NUMBER, PERCENT, SIGNED, WORD
from coppice.tools.draft.traps import PLACES

PERSON = r"(?:patients?|persons?|participants?|subjects?|wom[ae]n|child(?:ren)?|infants?|people|pts?|animals|dogs|cats|horses|cows|pupils?|students|nurses)"
LEVEL = rf"(?:(?P<level>{NUMBER})\s*{PERCENT}[- ]*(?:\((?:two|one|1|2)-sided\) )?)?"
INTEGER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?!\.\d)"
CI_WORD = r"(?:confidence intervals?|confidence (?:limits?|ranges?|bounds?)|credible intervals?|credibility intervals?|uncertainty intervals?|(?:highest (?:posterior )?density|posterior) intervals?|HDI\b|CIs?(?![A-Za-z])|CrIs?\b|C\.I\.|CL\b)"
ESTIMATE = r"(?P<adjective>(?:\w+[- ]){0,3}?)"
TIME_UNIT = r"(?P<unit>day|week|month|year|mo|wk|yr)"


def pattern(text: str, flags: int = re.I) -> re.Pattern[str]:
    """Return a compiled pattern in which a sign or digit before a number is no part of another."""
    return re.compile(text, flags)


DECIMAL_INTERVAL = r"(?P<low>[-+]?(?:\d+\.\d+|0))\s*(?:to|-)\s*(?P<high>[-+]?\d+\.\d+)"
INNER = INTERVAL.replace("low", "inner_low").replace("high", "inner_high")
NOT_WITHIN = r"(?<![\w.,/])(?<![A-Za-z\d]-)"
TIE = r"\s*[,:;=]?\s*(?:was |were |of |is |are |from |ranging from |ranged from |running from |stretching from |extending from |between |: )?\s*"
LABELS = {
    "hazard_ratio": r"(?:hazards? ratios?|(?-i:\ba?s?HRs?\b)|cause-specific hazard ratio|hazards? (?=of 0))",
    "odds_ratio": r"(?:odds[- ]ratios?|(?-i:\ba?ORs?\b))",
    "rate_ratio": r"(?:(?:incidence[- ]|event[- ]|incident[- ])?(?:rate|density)[- ]ratios?|(?-i:\ba?IRRs?\b)|ratio of (?:annuali[sz]ed |incidence |event )?rates)",
    "ratio_of_means": r"(?:(?:geometric )?means? ratios?|ratios? of (?:the )?(?:adjusted )?(?:geometric )?means|geometric mean fold difference|(?-i:\bGMRs?\b))",
    "risk_ratio": r"(?:(?:relative|risk|prevalence)[- ](?:risks?|ratios?)(?! reduction)|(?-i:\ba?RRs?\b))",
    "standardised_mean_difference": r"(?:standardi[sz]ed (?:mean |effect )?(?:difference|effect size)s?|(?-i:\bSMDs?\b)|(?:hedges'?s?|cohen'?s?|hedges) [gd]\b|effect size\b|(?-i:(?<=[,;(] )[dg](?= ?= ?-?\d)))",
    "rmst_difference": r"(?:difference in (?:the )?restricted mean survival(?: times?)?|restricted mean survival(?: time)? difference|RMST difference|difference in RMST)",
    "risk_difference": r"(?:(?:absolute )?(?:risk|rate)[- ]differences?|absolute (?:risk |rate )?(?:difference|reduction|increase)s?(?: in risk)?|(?-i:\bA?RDs?\b|\bARRs?\b)|difference in (?:risk|proportions?|rates?|percentages?)\b)",
    "mean_difference": r"(?:(?-i:\b(?:ETD|LSMD|EMD|WMD)s?\b)|(?:weighted )?mean differences?|(?-i:\bMDs?\b)(?=\W{0,3}(?:was |of )?-?\d)|differences? in (?:least[- ]squares? |adjusted |the )*means?|(?:treatment|between[- ]groups?|group|adjusted|estimated|placebo-(?:adjusted|corrected)|weighted|within-(?:person|patient|subject)|paired|least[- ]squares? mean|LS mean)[- ](?:\w+[- ])?differences?|\bdifferences?\b|placebo-(?:adjusted|corrected|subtracted) (?:\w+ ){0,3}(?:change|reduction|effect)s?|\bdiffered by\b|\bgap (?:of|between)\b|treatment effect|\bcontrast\b(?! (?:agent|medi|enhanc))|\bestimated values?\b|\bdelta\b|\u0394)",
    "median_difference": r"(?:difference in medians?|median difference|hodges-lehmann)",
}
FIRST = ("description of the patients", "concentration")  # before what stands in their brackets is read
PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("identifier", PLACES[0].pattern),
    ("date", PLACES[1].pattern),
    *((f"skip:{rule.reason}", rule.pattern) for rule in PLACES[2:] if rule.reason in FIRST),
    (
        "ci",
        pattern(
            rf"(?<!\w){LEVEL}(?:(?P<sided>two|one|2|1)[- ]sided\s+)?(?:{NUMBER}\s*{PERCENT}\s+)?(?:repeated |simultaneous |bootstrap |bayesian |exact |corresponding )?{CI_WORD}(?:\s*[\[(](?:CI|CrI)[\])])?(?:\s*(?P<level2>{NUMBER})\s*{PERCENT})?{TIE}[\[(]?\s*{INTERVAL}"
        ),
    ),
    (
        "ci",
        pattern(
            rf"\b(?:(?:margins?(?: of error)?|intervals?|uncertainty|(?:likely|plausible) (?:range|values)|limits) (?:that )?(?:runs?|ran|extends?|extended|stretch(?:es|ed)|goes|went|ranges|ranged|reach(?:es|ed)|spans|spanned) (?:from |between )?|margins? of error (?:of |from |between )){INTERVAL}"
        ),
    ),
    ("ci", pattern(rf"\bconfiden(?:t|ce)[^.;]{{0,60}}?\bbetween\s+{INTERVAL}")),
    ("ci", pattern(rf"(?<![\d.])(?P<level>90|95|97\.5|98|99)\s*{PERCENT}\s*[,:(\[]\s*{INTERVAL}")),
    (
        "p",
        re.compile(
            r"\b(?=[Pp])(?!(?:(?<=for )|(?<=in )|(?<=on )|(?<=with )|(?<=group )|(?<=than ))P [\d.])\b[Pp](?:[- ]?[Vv]alues?)?(?P<what>(?:[_ (\[]*(?:NI|noninf\w*|non-inf\w*|int|interaction|trend|heterogeneity|superiority)[)\]]?)?|\s+(?:for|of) [^.;=<>()]{0,90}?)\s*,?\s*(?:(?:was|is|of|were)\s+)?(?P<op>[=<>]=?|below|less than|under|greater than|above|:)?\s*(?P<p>0?\.\d+(?:\s*[x\u00d7]\s*10\s*-\s*\d+)?|[01](?:\.0+)?)(?![\d%])"
        ),
    ),
    (
        "spreads",
        re.compile(
            rf"\b(?:(?P<se>SEM?s?\b|[Ss]tandard errors?)|(?P<sd>SDs?\b|[Ss]tandard deviations?))(?:\s*,)? ?(?:being |were |of )?\s*(?P<v>{NUMBER})\s*(?:%|[a-z]+)?\s*(?:and|vs\.?|versus|v)\s*(?P<second>{NUMBER})(?![\d]|\.\d)"
        ),
    ),
    (
        "nested",
        pattern(rf"[\[(]\s*(?:IQR:?\s*)?{INTERVAL}\s*,?;?\s*[\[(]\s*(?:range:?\s*)?{INNER}\s*[\])]\s*[\])]"),
    ),
    (
        "se",
        re.compile(
            rf"\b(?:[Ss]\.?[Ee]\.?[Mm]?\.?|SEM|[Ss]tandard errors?(?: of the mean)?)(?:\s*[\[(](?:SE|SEM)[\])])?\s*[,:;=]?\s*(?:of |was )?\s*(?P<v>{NUMBER})(?:\s*{PERCENT})?"
        ),
    ),
    (
        "sd",
        re.compile(
            rf"\b(?:SD|S\.D\.|s\.d\.|sd|[Ss]tandard deviations?)(?:\s*[\[(]SD[\])])?\s*[,:;=]?\s*(?:of |was )?\s*\u00b1?\s*(?P<v>{NUMBER})(?:\s*{PERCENT})?"
        ),
    ),
    (
        "iqr",
        pattern(
            rf"\b(?:IQRs?|i\.q\.r\.|P25\s?[-,]\s?P75|inter-?quartile ranges?(?:\s*[\[(]IQR[\])])?|quartiles?|Q1\s*-\s*Q3|Q1,? Q3|25th(?:-| to | and )75th percentiles?){TIE}[\[(]?\s*{INTERVAL}"
        ),
    ),
    ("range", pattern(rf"\b(?:ranges?|min(?:imum)?\s*[-,/]\s*max(?:imum)?){TIE}[\[(]?\s*{INTERVAL}")),
    ("pm", pattern(rf"(?:\u00b1|\+/-)\s*(?P<v>{NUMBER})(?:\s*{PERCENT})?")),
    (
        "size",
        pattern(
            rf"\bn\s*=\s*(?P<v>{NUMBER})|\b(?:number|no\.?|n|participants|patients|subjects)(?: of (?:participants|patients|subjects))? (?:analy[sz]ed|evaluated|randomi[sz]ed)\W{{0,2}}\s*(?P<v2>{NUMBER})|{NOT_WITHIN}(?P<v3>{NUMBER}) (?:participants|patients|subjects|people|women|men|children) (?:were )?(?:analy[sz]ed)|(?<=[:(,;] )(?P<v4>{NUMBER}) (?:were )?(?:analy[sz]ed|evaluable|evaluated|assessed|with data|observations)\b(?=\s*[,;:)])"
        ),
    ),
    (
        "chi2",
        pattern(
            rf"(?:chi[- ]?squared?|\u03c7\s?2|\u03c7\u00b2|X2)(?:\s+[a-z]+)?\s*[=:,]?\s*(?:\(\d+\)\s*[=,]?\s*)?(?P<v>{NUMBER})"
        ),
    ),
    (
        "per_time",
        pattern(
            rf"\bper\s+(?:(?P<per>{NUMBER})\s+)?(?P<unit>(?:{PERSON}|[a-z]+(?=-))?[- ]?(?:years?|months?|weeks?|days?)\b|py\b|p-y\b|{PERSON} per (?:year|month|week)|{PERSON}[- ]year)(?:\s*at risk)?|\b(?:a|per) year\b|/\s?10+ ?(?:[a-z]+-(?:years?|days|months|weeks)|py|p-y)\b|\bevents a year\b"
        ),
    ),
    (
        "person_time",
        pattern(
            rf"{NOT_WITHIN}(?P<v>{NUMBER})\s*(?P<unit>(?:{PERSON}|[a-z]+(?=-))[- ](?:years?|months?|weeks?|days?)|py\b|p-y\b)"
        ),
    ),
    ("ratio", pattern(r"\b(?P<a>[1-9])\s?:\s?(?P<b>[1-9])(?:\s?:\s?(?P<c>[1-9]))?(?![\d:])")),
    (
        "time",
        pattern(
            rf"(?:\b(?:at|after|(?<!shorter )(?<!longer )(?<!earlier )(?<!sooner )by|until|through|over|in|for|during|within)\s+(?:about |approximately |around |a further |the first |a median (?:follow-up )?of |a mean of )*)(?:{TIME_UNIT}s?\s+(?P<v>{NUMBER})\b(?:\s+through\s+\d+\b(?!\.\d))?|(?P<v2>{COUNT})[- ](?P<unit2>day|week|month|year|hour|mo|wk|yr)s?(?:'|\b)(?! (?:of age|old))(?!\s*[\[(](?:SD|SE|IQR|median|mean)\b))"
        ),
    ),
    ("time", pattern(rf"{NOT_WITHIN}(?P<v>{COUNT})-{TIME_UNIT}s?\b(?!-old)")),
    (
        "time",
        pattern(rf"\b(?P<v>{WORD}|\d+) (?P<unit>year|month)(?= (?:\w+ ){{0,3}}(?:survival|OS|PFS|DFS|EFS|mortality))"),
    ),
    ("time", pattern(r"\b(?P<unit>week|month|day|year)s?\s+(?P<v>\d+)\b(?!\.\d)")),
    (
        "time",
        pattern(
            rf"{NOT_WITHIN}(?P<v>{COUNT}) (?P<unit>day|week|month|year)s? (?:into|on from|after (?:the start|randomi|treatment|surgery|enrol)|later|from (?:the start|randomi))"
        ),
    ),
    *((f"skip:{rule.reason}", rule.pattern) for rule in PLACES[2:] if rule.reason not in FIRST),
    (
        "size_of",
        pattern(
            rf"(?<!\d )(?<!\) )(?<!\] )\b(?:of|among)\s+(?:the |these |all |our )?(?:first )?(?P<n>{NUMBER})(?!\s*(?:{PERCENT}|years|months|days|weeks|points|mg|\)|;))(?=\s+(?:\w+[- ]){{0,4}}?(?:{PERSON}|adults|men|women|recipients|girls|boys|babies|newborns|eyes|hernias|mothers|volunteers|individuals|who|randomi[sz]ed|sent|given|assigned|allocated|treated|receiving|taking|vaccinated|injected)\b)(?=[^,.;(]{{0,80}}(?:,\s+(?:only\s+)?(?:{COUNT}|none|no one)\b|[a-z]\s+(?<!\bof )(?<!\bthe )(?:only\s+)?(?!{NUMBER}\s*(?:{PERCENT}|years|months|days|weeks|mg))(?:{COUNT})\s+(?:\([\d.]+%\) )?(?:had|were|was|fell|became|got|lost|did|(?!treated|assigned|allocated|randomi[sz]ed|enrolled|included|analy[sz]ed|received|observed|followed|compared)[a-z]{{2,}}ed)\b|\s(?:(?:it|this|the (?:number|figure)) was|there (?:was|were)) (?:only )?{COUNT}\b))"
        ),
    ),
    (
        "count",
        pattern(
            rf"{NOT_WITHIN}(?P<percent>{NUMBER})\s*{PERCENT}\s*[\[(]\s*(?:n\s*=\s*)?(?P<k>{INTEGER})\s*(?:/|of|out of)\s*(?P<n>{INTEGER})(?:\s+{PERSON})?(?:\s*[\])]|(?=\s*[,;]))"
        ),
    ),
    (
        "count",
        pattern(
            rf"(?<![\w.,/\u00b1-])(?P<k>{INTEGER}|{WORD}|none|no)\s*(?:[\[(]\s*<?\s?(?P<percent>{NUMBER})\s*{PERCENT}\s*[\])]\s*)?(?:of|out of|among|/|(?P<event>(?:[a-z][a-z-]+ )?[a-z]+s)\s+(?:of|among|in|out of))\s*(?:the |these |all |our |a total of )?(?P<n>{INTEGER})(?![\d%]|\.\d|\s*{PERCENT})(?!\s*(?:py\b|p-y\b|[a-z]+-(?:years?|days|months|weeks)|-year|year|month|day|week|mg|points?\b|cent(?:er|re)s|hospitals|countries|sites))(?:\s+(?P<noun>[a-z][a-z-]*(?: [a-z-]+){{0,2}}?)?\s*[\[(]\s*(?P<percent2>{NUMBER})\s*{PERCENT}(?=\s*[\]);,]))?[\])]?"
        ),
    ),
    (
        "count",
        pattern(
            rf"(?<![\w.,/\u00b1-])(?P<k>{COUNT})\s+(?P<noun>(?:(?!(?:and|or|vs|versus|to|had|were)\b)[a-z][A-Za-z'-]*\s+){{1,6}}?)?[\[(]\s*<?\s?(?P<percent>{NUMBER})\s*{PERCENT}(?=\s*[\]);,])[\])]?"
        ),
    ),
    ("count", pattern(rf"(?<![\w.,/\u00b1-])(?P<k>{NUMBER})\s*[\[(]\s*(?P<percent>{NUMBER})\s*{PERCENT}\s*[\])]")),
    (
        "count",
        pattern(
            rf"{NOT_WITHIN}(?P<percent>{NUMBER})\s*{PERCENT}\s*[\[(]\s*(?:n\s*=\s*)?(?P<k>{INTEGER})(?:\s+{PERSON})?\s*[\])]"
        ),
    ),
    ("size", pattern(rf"\bamong (?:the |all )?(?P<v>{NUMBER}) {PERSON}\b")),
    ("skip:level of an interval", pattern(rf"{NUMBER}\s*{PERCENT}[- ]+(?:\w+[- ])?{CI_WORD}")),
    *((f"label:{form}", pattern(rf"{text}")) for form, text in LABELS.items()),
    ("percent", pattern(rf"(?<![\w./])(?P<v>{SIGNED}|{WORD})\s*{PERCENT}")),
    ("bracket", pattern(rf"[\[(]\s*{INTERVAL}(?:\s*[\])]|(?=\s*;|,\s*[a-z]))")),
    ("bracket", pattern(rf"(?<=[\da-z)])(?:,|;|:)\s*{DECIMAL_INTERVAL}(?=\s*(?:[);\].,]|$))")),
    ("bracketed", pattern(rf"[\[(]\s*(?P<v>{NUMBER})\s*%?\s*[\])]")),
    ("number", pattern(rf"(?<![\w./])(?<![A-Za-z\d]-)(?P<v>{SIGNED})(?![\w]*[A-Za-z])(?!-\w)")),
    ("word", pattern(rf"\b(?P<v>{WORD}|none|nil|nobody|no one|no-one|no)(?=\s|[,;.)]|$)(?!-)")),
)
