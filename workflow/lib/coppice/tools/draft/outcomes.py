"""Counts and values that are of the patients before treatment or of the course of a study, and no outcomes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from coppice.tools.draft.context import Case, Doubt

NOT_AN_OUTCOME = re.compile(
    r"(?i)\b(?:sensitivity (?:and|of)|specificity|predictive value|I2\b|I\u00b2|heterogeneity|attrition|loss(?:es)? to follow-up|losses (?:were|was)|discontinu(?:ed|ation)|withdr[ae]w|retention|crossed over|crossover|went on to(?! the [a-z]+ (?:phase|part|period|stage))|technical success|prior (?:therap|treat|line)|previous (?:therap|treat))"
)
PLANNED = re.compile(
    r"(?i)\b(?:postulat|presuppos|assum(?:ed|ing)|hypothesi[sz]|anticipat|expected|hopes?|hoped|projected|planned|foreseen|designed to|powered|historical|had (?:earlier|previously|been) report|had reported|have reported|elsewhere|register(?:s|y)? (?:figures|data)|as a whole|in other)"
)


def no_outcome(case: Case) -> Iterator[Doubt]:
    """Yield counts of what is no outcome, and numbers beside words of a plan or of other studies."""
    arms = case.document.arms
    words = case.head + case.words + case.tail
    if not NOT_AN_OUTCOME.search(words) and not PLANNED.search(words):
        return
    for mention in reversed(arms.mentions(words)):  # a word in the name of an arm says nothing of the figure
        words = f"{words[: mention.start]} {words[mention.end :]}"
    if case.item.statistic in VALUES and NOT_AN_OUTCOME.search(words):
        yield 0.6, "accuracy, adherence, heterogeneity or treatment before, no outcome"
    if PLANNED.search(words):
        yield 0.6, "assumption, or another study"


VALUES = ("counts", "means", "proportion", "person_time", "mean")
BEFORE_TREATMENT = re.compile(
    r"(?i)\bcomorbid|\bmedian (?:number )?of [\d.]+ (?:earlier|prior|previous) |\b(?:wom[ae]n|m[ae]n|males?|females?|girls|boys|smokers) (?:made up|accounted for|constituted|formed|comprised|represented)\b|\bhad had (?:an? |one |no |prior |previous |earlier |at least )|\bhad (?:an? )?(?:prior|previous|known|pre-existing|history)\b|\b(?:family|medical|smoking) history\b|\b(?:were|was) (?:current |former |ex-|never )?smokers?\b"
    r"|\b(?:diabetes|hypertension|obesity|asthma|cirrhosis|metastas[ei]s|co-?morbidity) (?:was|were) (?:already )?(?:present|known|recorded|documented|found)\b|\bhad (?:diabetes|hypertension|cirrhosis|metastases|liver metastases)\b|\bwere (?:female|male|white|black|girls|boys)\b|\balready (?:took|used|had|taking|using|on)\b|\bpre-existing\b|\bhad (?:lasted|taken|used|undergone|received|smoked|been (?:treated|diagnosed|ill|given))\b|(?<!and )\bbefore (?:randomi[sz]ation|enrol\w+|inclusion|allocation|(?:the )?(?:treatment|trial|study|intervention)(?: (?:began|started))?\b(?! and))|\bhousehold income\b"
)
OF_DOSES = re.compile(
    r"(?i)\bconcomitant|\bexposure (?:was|lasted) [\d.]+ (?:days|weeks|months|years)\b|\bsubsequent (?:\w+ )?(?:therap|treatment|line)|\bdoses? (?:was|were|had been) (?:reduced|delayed|lowered|held|adjusted|increased)\b|\bdose (?:reductions?|delays?|interruptions?)\b|\bpill counts?\b|\b(?:doses|tablets|capsules|pills|injections|sessions|visits|appointments|classes) (?:were|was|had been) (?:taken|given|attended|kept|missed|swallowed|used|delivered|received)\b|\battend(?:ed|ance)\b|\b(?:took|swallowed|used|received) (?:at least |more than |all )?[\d.]+ ?% of\b|\bof (?:the |their |all )?(?:scheduled |planned |prescribed |intended )?(?:doses|tablets|capsules|pills|sessions|visits)\b"
)
STOPPED = re.compile(
    r"(?i)\bnever (?:started|began|received|took|got)\b|\bremained (?:in the (?:trial|study|analysis))?[.;]?\s*$|\bcame (?:back )?(?:to|for) the (?:last|final|second|third|follow-up)\b|\b(?:refused|withheld|gave) consent|\bconsent was\b|\bafter exclusions\b|\b(?:stopped|quit|left|gave up|ceased|abandoned|switched) (?:taking |using )?(?:the |their |its |study |trial |from )*(?:drug|treatment|medication|medicine|therapy|tablets|capsules|trial|study|diet|device|programme|program)\b|\bmoved (?:house|away)\b|\b(?:untraceable|could not be (?:traced|reached))\b"
)
BLINDING = re.compile(
    r"(?i)\bcode was broken\b|\bguess(?:ed|es|ing)?\b|\b(?:un)?blinding\b|\bmask(?:ing|ed)\b|\bbelieved (?:that )?they (?:had|were)\b"
)
AVAILABLE = re.compile(
    r"(?i)\bimput(?:ed|ation)\b|\b(?:questionnaires?|diar(?:y|ies)|forms?|data|outcomes?|measurements?|samples?|scans?|specimens?|images|records|values|results|swabs|biopsies) (?:\w+ ){0,4}?(?:were|was) (?:available|obtained|obtainable|complete|completed|collected|returned|missing|lacking|filled in|lost|unusable|readable|evaluable)\b|\bquestionnaires?\b[^.;]{0,30}\breturned\b"
)
ASSESSED = re.compile(
    r"(?i)[^.;:,\d]{0,60}\b(?:were|was|could be) (?:assessed|analy[sz]ed|evaluated|evaluable|available|included|examined|re-?examined|followed|interviewed|measured|scanned|assessable)\b(?! (?:as|to have|for) )"
)
COURSE = (
    (BEFORE_TREATMENT, "description of the patients before treatment"),
    (OF_DOSES, "adherence to the treatment"),
    (BLINDING, "a test of the blinding"),
    (AVAILABLE, "completeness of the data"),
)


def of_the_course(case: Case) -> Iterator[Doubt]:
    """Yield counts and values that describe the patients or the course of the study: doses taken, guesses of the treatment."""
    item = case.item
    if item.statistic not in VALUES:
        return
    words = case.head + case.words + case.tail
    if STOPPED.search(words):
        yield 0.6, "patients who left the treatment or the study"
    for mention in reversed(case.document.arms.mentions(words)):  # the name of an arm says nothing of the figure
        words = f"{words[: mention.start]} {words[mention.end :]}"
    for pattern, reason in COURSE:
        if pattern.search(words):
            yield 0.6, reason
    if item.statistic in ("counts", "proportion") and ASSESSED.match(case.tail):
        yield 0.6, "those who were assessed, not what happened to them"
