"""Numbers that look like results and are none, each rule with its reason: of whole sentences, and of places in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass

from coppice.tools.draft.printed import COUNT, INTERVAL, NUMBER, PERCENT, SIGNED, WORD

MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
SPAN = r"(?:hours?|hrs?|h|minutes?|mins?|days?|weeks?|months?|years?|yrs?)"
RANGE = (
    INTERVAL.replace("?P<low>", "")
    .replace("?P<high>", "")
    .replace(r"\s*(?:-|to|,|;|and|through)", r"\s*(?:-|to|and|or)")
)


@dataclass(frozen=True, slots=True)
class Trap:
    """A rule that says which numbers are no results.

    Attributes
    ----------
    reason : str
        Why, as it is listed.
    pattern : re.Pattern
        What it matches: of a whole sentence any part, of a place the numbers themselves.
    """

    reason: str
    pattern: re.Pattern[str]


def trap(reason: str, pattern: str, flags: int = re.I) -> Trap:
    """Return a rule, compiled."""
    return Trap(reason, re.compile(pattern, flags))


WHOLE_SENTENCES = (
    trap(
        "sample size or power calculation",
        r"\b(?:power(?:ed)?\b(?=.{0,40}\b(?:to (?:detect|show|demonstrate|rule|exclude)|at \d|of \d|was|with))|\d\s?%\s+power\b|power of \d"
        r"|to detect an?\b|sample[- ]size (?:of|was|calculation|estimate|is|assum|requir)|(?:we|was|were|been|is|are) (?:assum|hypothesi[sz]|anticipat)ed"
        r"|assum(?:ing|ed? (?:hazard|event|median|rate|difference|risk|odds|effect|standard|control|a ))|we (?:assumed|hypothesi[sz]ed|anticipated)"
        r"|(?:is|are|was) planned to|will (?:be )?(?:randomi[sz]|enrol|recruit|compar|includ|assign|receiv)|would (?:need|require)|two-sided alpha|interim (?:looks?|analys[ei]s (?:is|are|was|were)"
        r" planned))",
    ),
    trap(
        "assumption of a plan",
        r"\bwe (?:will )?allow(?:ed)? for\b|\bexpected (?:event|dropout|median|rate)|\bare expected in\b",
    ),
    trap(
        "margin, boundary or goal",
        r"\b(?:performance goal|objective performance criterion|critical (?:hr|rr|or|value|hazard ratio))\b",
    ),
    trap(
        "another study",
        r"\b(?:in|from|of) (?:an? |the |our |their |two |several |many |some )?(?:\w+ )?(?:previous|earlier|prior|past|preceding|older|separate|different)\b[^.,;]{0,30}?"
        r"\b(?:trials?|stud(?:y|ies)|reports?|cohorts?|series|analys[ei]s|meta-analys[ei]s|research|work)\b"
        r"|\b(?:previous|earlier|prior|past|other|published) (?:phase \w+ )?(?:randomi[sz]ed )?(?:trials?|stud(?:y|ies)|reports?|cohorts?|series|meta-analys[ei]s|surveys?|estimates)\b(?! (?:of|with) (?:this|the present))"
        r"|\b(?:meta-analys[ei]s|systematic review|pooled analysis) of (?:\d+|several|\w+ )?\s*(?:previous |earlier |randomi[sz]ed |controlled |the )*(?:trials|studies)\b"
        r"|\b(?:reported|seen|observed|described) (?:elsewhere|previously)\b|\bpreviously (?:reported|published|been)\b|\breal-world\b|\bcohort studies\b|\bobservational stud(?:y|ies)\b"
        r"|\bone study of\b|\bis often (?:quoted|cited)\b|\b(?:published|literature|reported) (?:\w+ )?rates\b|\bin the literature\b|\bby (?:way of )?comparison, (?:in|the) (?:other|another)\b",
    ),
    trap(
        "background rate",
        r"\b(?:historical(?:ly)? (?:rates?|about|only|around|,)|^historically|worldwide|nationwide|national\b.{0,30}\b(?:rate|mortality|average|incidence|prevalence)"
        r"|in a typical|typically|in the general population|of (?:all|such) (?:patients|people|runners|infants|children|women|men|adults|cases)|untreated (?:patients|people|registry|disease)|untreated,"
        r"|without (?:any )?treatment\b|if left untreated|each year worldwide|is the most common|registry arm|statistics show)\b|\buntreated registry",
    ),
    trap(
        "baseline",
        r"(?<!from )\b(?:at (?:study )?(?:baseline|entry|enrol(?:l)?ment|inclusion|diagnosis|randomi[sz]ation|screening|admission)|baseline (?:characteristics|mean|median|values?|demographic))\b(?! (?:\w+ ){0,3}(?:to|and at|until) (?:\w+ )?(?:week|month|day|year|\d))"
        r"|^\W*(?:the )?(?:mean |median |average )?baseline [a-z\d -]{2,40}\b(?:was|were|averaged)|\b(?:patients|participants|they|women|men|children|subjects) weighed\b|\bwell balanced\b"
        r"|^\W*(?:the )?(?:mean|median|average) (?:\(?\[?(?:sd|iqr)\]?\)? )?(?:age|bmi|body[- ]mass index|weight at|duration of (?:disease|diabetes|illness))\b",
    ),
    trap(
        "eligibility",
        r"\b(?:were eligible|was eligible|eligible (?:patients|participants|if)|eligibility|inclusion criteri(?:on|a)|exclusion criteri(?:on|a)|(?:were|was) excluded if|minimum age|maximum age)\b",
    ),
    trap(
        "adherence, completeness or dropout",
        r"\b(?:adherence|adhered|compliance|complied|persistence with|follow-up (?:was|were) (?:complete|available)|lost to follow-up|loss to follow-up|(?:data|biopsies|values|outcomes?|visits) (?:were|was) missing"
        r"|missing (?:data|values) (?:were|was|for)|completed (?:the )?(?:trial|study|follow-up|treatment)|withdrew|dropped out|dropout|drop-out|continued for at least|maturity|immature|response rate to the questionnaire)\b",
    ),
    trap(
        "recruitment",
        r"\b(?:of those (?:approached|invited|screened)|declined (?:to|participation)|consented)\b|^\W*(?:we )?screened\b",
    ),
    trap(
        "cost",
        r"\b(?:cost|costs|costing|priced?|shares of|share price|dollars|euros|incremental cost|qaly)\b|[$\u00a3\u20ac]\s?\d",
    ),
    trap(
        "test of assumptions or agreement",
        r"\b(?:kappa|cronbach|schoenfeld|hosmer|shapiro|c-statistic|cohen's kappa|consensus)\b|\bstandardi[sz]ed differences? (?:after|before|were)\b",
    ),
    trap("before matching", r"\bbefore matching\b|\bunmatched cohorts?\b"),
    trap("by design", r"\bby design\b|\bper protocol design\b"),
    trap("target of a treatment", r"\btarget(?:s|ed)? (?:in|of|for|was|were|range|level)\b|^\W*the target\b"),
    trap("credits of an author", r"\byears of experience\b"),
    trap(
        "number needed to treat",
        r"^\W*(?:the )?(?:numbers? needed to (?:treat|harm|vaccinate)|nn[th])\b|\bneed(?:ed)? to be (?:treated|vaccinated|screened)\b",
    ),
)
PLACES = (
    trap(
        "identifier",
        r"\b(?:NCT|ISRCTN|ACTRN|UMIN|EudraCT|PMC|CRD|ChiCTR|jRCT)[A-Za-z]*[- ]?\d[\d-]*|\b(?:pmid|pmcid|doi)\W{1,3}\S+|\b10\.\d{4,}/\S+|https?://\S+",
    ),
    trap(
        "date",
        rf"\b\d{{4}}-\d\d(?:-\d\d)?\b|\b{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:(?: to |-| and )\d{{1,2}})?(?:, ?\d{{4}})?\b|\b\d{{1,2}}(?:st|nd|rd|th)? {MONTH}\b\.?(?:,? \d{{4}})?|\b{MONTH}\.?,? \d{{4}}\b|(?<![\d.,])(?:19|20)\d\ds?\b(?!\s*(?:patients|participants|women|men|people|adults|children|infants|subjects|of|\(|%|vs|\.\d|,\d|/|person|patient|randomi|were|had))(?<=[ (-]....)",
    ),
    trap(
        "reference",
        r"\[\d{1,3}(?:\s*[-,]\s*\d{1,3})*\](?!\s*(?:of|%))(?<=[a-z.,] \[\d\])|\[\d{1,3}(?:\s*[-,]\s*\d{1,3})+\]\.?$|\((?:refs?|references?)\.? [\d, -]+\)|\bet al\.?,? \(?\d{4}\)?|\b\d{4};\d+[^ ]*",
    ),
    trap(
        "table, figure or abstract number",
        r"\b(?:table|figure|fig|abstract|oral|poster|appendix|section|chapter|part|protocol|version|supplement|lba|presentation)\.? (?:no\.? )?[A-Z]?\d+[A-Za-z]?\b",
    ),
    trap(
        "grade, phase or stage",
        rf"\b(?:grades?|phases?|stages?|class|types?|tier|level|categor(?:y|ies)|score of|version|cycles?|dose level|line|ecog|nyha|asa)\s+(?:of )?(?:{NUMBER}|[IV]+[ab]?)(?:\s*(?:-|/|or|to|and)\s*(?:{NUMBER}|[IV]+|higher|worse|more|above|greater))*\b",
    ),
    trap(
        "age",
        rf"\b(?:aged?|ages|older than|younger than)\s*(?:of |was |were |,)?\s*(?:between |from )?(?![01]?\.\d){COUNT}(?:\s*(?:-|to|and|or)\s*{COUNT})?(?:\s*(?:years?|months?|weeks?|days?))?|\bage[^;.]{{0,20}}?,? {COUNT} (?:[\[(][^\])]{{1,20}}[\])] )?years|{COUNT}(?:\s*(?:-|to)\s*{COUNT})?[- ](?:years?|months?)(?:[- ](?:of age|old))",
    ),
    trap(
        "dose",
        rf"{SIGNED}\s*(?:-|to)?\s*(?:{NUMBER})?\s?(?:mg|\u00b5g|ug|mcg|\u03bcg|IU|iu|Gy|MBq|units?)(?:/(?:kg|m2|m\u00b2|d|day|dose|mL|ml))*\b(?!\s*(?:/|per)\s*(?:dl|l|ml)\b)(?!/dL|/L|/ml)(?=\s+(?:once|twice|daily|weekly|every|of|or|orally|iv|per|bid|tid|for|was given|dose)|\s*(?:$|[.,;):]))|\bdoses? of {COUNT}\s?\w*|\b{COUNT} (?:doses?|cycles?|injections?|infusions?|courses?|fractions?|tablets?|minutes? a day|times (?:a|per) (?:day|week))\b|\b{COUNT} nonsequential\b",
    ),
    trap(
        "margin, boundary or goal",
        rf"\b(?:margin|boundary|threshold|cut-?off|goal|limit of noninferiority|limit)\s+(?:\w+ ){{0,4}}?(?:was |of |set at |, )?(?:a |an )?(?:[a-z-]+ )?(?:of )?{SIGNED}\s*{PERCENT}?|{SIGNED}\s*{PERCENT}?(?: \w+){{0,2}} (?:noninferiority |non-inferiority )?margin\b",
    ),
    trap(
        "number needed to treat",
        rf"\b(?:numbers? needed to (?:treat|harm|vaccinate)|nn[th]b?)\b[^;.()\d]{{0,40}}{SIGNED}(?:\s*[\[(;,]\s*(?:95\s*%\s*CI)?[ ,:]*{RANGE}[\])]?)?",
    ),
    trap(
        "maturity, sites or scale",
        rf"\b{COUNT}\s*(?:[a-z]+ )?(?:sites|countries|cent(?:er|re)s|hospitals|clinics|practices|nations|villages|wards|schools|general practices|panel members|trials|studies|interim)\b|\b{NUMBER}-point\b|\b{NUMBER}\s*-\s*{NUMBER}[- ](?:point )?(?:scale|score)|\bscale (?:of|from) {RANGE}|\brange(?:s|d)? (?:of )?(?:the )?(?:scale|scores?)[^.;)]{{0,15}}{RANGE}|\b[1-9][- ]point (?:scale|score)|\(?scores? range[sd]? from {RANGE}[^)]*\)?",
    ),
    trap("completeness", rf"\b{NUMBER} completed\b|\bscreened {NUMBER}\b|{NUMBER} (?:\w+ )?(?:were )?screened\b"),
    trap("share of patients, in words", r"\bone in (?:\w+)\b|\btwo-thirds\b|\bhalf of\b|\ba third of\b"),
    trap(
        "range of values",
        rf"(?:between |from )?{NUMBER}\s*{PERCENT}?\s*(?:-|to)\s*{NUMBER}\s*{PERCENT}(?!\s*(?:CI|conf))|\bbetween {NUMBER}\s*{PERCENT}? and {NUMBER}\s*{PERCENT}?|\bfrom {SIGNED}\s*{PERCENT}?(?: [a-z/]+)? to {SIGNED}\s*{PERCENT}?",
    ),
    trap(
        "baseline value",
        rf"\bfrom an? (?:mean |median )?baseline (?:\w+ )?(?:of )?{SIGNED}\s*\S*|\bbaseline (?:mean |median )?(?:\w+ )?(?:of|was) {SIGNED}",
    ),
    trap(
        "threshold or bound",
        rf"(?:\b(?:above|below|exceed(?:ed|s|ing)?|less than|more than|fewer than|greater than|higher than|lower than|at least|at most|up to|as much as|as (?:many|few|high|low) as|under|beyond|no more than)\s+(?:an? \w+ of |a |an )?|(?<![Pp=\w])\s?[<>]=?\s?){SIGNED}\s*{PERCENT}?(?!\s*(?:of\s+\d|patient-|person-))"
        rf"|\b{SIGNED}\s*{PERCENT}?(?:\s\S+)? (?:or|and) (?:older|younger|higher|lower|more|less|worse|above|below|over|greater|fewer)\b",
    ),
    trap(
        "approximate share",
        rf"\b(?:about|around|roughly|approximately|nearly|almost|some|perhaps|an estimated)\s+{COUNT}\s*{PERCENT}(?!\s*(?:of|in) (?:the |those |patients (?:on|in|with|given))\b)",
    ),
    trap(
        "time or dose in words",
        rf"\b(?:once|twice|{WORD} times) (?:daily|weekly|monthly|a day)\b|\bevery {COUNT} {SPAN}\b|\b{COUNT}[- ]{SPAN} (?:infusion|infusions|cycles?|courses?|regimen|treatment|interval|period|window|apart|programme|program)\b|\b{COUNT} (?:to|-|or) {COUNT} (?:minutes|hours|min)\b|\bfor {COUNT} (?:minutes|hours)\b|\bwithin {COUNT} (?:hours|h|minutes)\b",
    ),
)
