"""Numbers that look like results and are none, each rule with its reason: of whole sentences, and of places in a sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate

from coppice.tools.draft.prefilter import Prefilter
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


def alternatives(pattern: re.Pattern[str]) -> list[re.Pattern[str]]:
    """Return the alternatives of a pattern, each on its own: most of them need no search."""
    return [re.compile(text, pattern.flags) for text in split(pattern.pattern)]


def split(text: str) -> list[str]:
    """Return the alternatives of a pattern, those of a group that is all of it too."""
    depth, edges = 0, [-1]
    for sign in SIGN.finditer(text):
        depth += (sign[0] == "(") - (sign[0] == ")")
        if sign[0] == "|" and depth == 0:
            edges.append(sign.start())
    if len(edges) > 1:
        return [part for a, b in zip(edges, [*edges[1:], len(text)], strict=True) for part in split(text[a + 1 : b])]
    whole = WHOLE_GROUP.fullmatch(text)
    inner = whole["inner"] if whole else ""
    depths = list(accumulate((sign[0] == "(") - (sign[0] == ")") for sign in SIGN.finditer(inner)))
    if not whole or min(depths, default=0) < 0:
        return [text]
    return [f"{whole['before']}(?:{part}){whole['after']}" for part in split(inner)]


WHOLE_GROUP = re.compile(r"(?P<before>(?:\\b)?)\(\?:(?P<inner>.*)\)(?P<after>(?:\\b)?)", re.DOTALL)
SIGN = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|[()|]")
WHOLE_SENTENCES = (
    trap(
        "sample size or power calculation",
        r"\b(?:power(?:ed)?\b(?=.{0,40}\b(?:to (?:detect|show|demonstrate|rule|exclude)|at \d|of (?:at least )?\d|was|with|called|if))|[\d.]+\s?%\s+(?:statistical )?power\b|sample size:|(?:case number|sample size|sample) estimation|power (?:of |was |, )?(?:about )?[.\d]|conditional power|chance of (?:finding|detecting|showing|seeing)|(?:the|our|these) calculations?\b|could have (?:shown|found|detected|seen)"
        r"|(?:sized|powered|dimensioned) (?:for|to|on|at)\b|(?:designed|planned|scaled|set up) (?:with|around|for) (?:about |some |at least )?[\d,]+\b|(?:could|able to|sufficient to|enough to|was to|needed to|designed to) (?:detect|find|see|reveal|pick up|uncover|demonstrate|show|exclude|ensure)\b|reckoned (?:with|sufficient|on)"
        r"|(?:had|was|were) (?:been )?(?:presum|expect|project|reckon|estimat|calculat|plann)ed (?:on|with|at|to|as|a|an|that|when)\b|\bpresum(?:ed|ing)\b|we (?:project|presum|expect|reckon|plann)(?:ed)?\b|had expected"
        r"|(?:planned|target|calculated|required|necessary) (?:enrol(?:l)?ment|sample|size|number|accrual|recruitment)|(?:calculated|estimated|required) (?:sample )?size|(?:simon(?:'s)?|two-stage|fleming) (?:\w+ )?design|a priori|anticipat(?:ed|ing)\b"
        r"|(?:one|two|1|2)-(?:sided|tailed) (?:significance level|type (?:i|1) error|test (?:with|at)|alpha|\u03b1)|\balpha (?:of|=|level)|\u03b1 ?(?:=|of|[\d.])|type (?:i|ii|1|2) error|null (?:hypothesis|orr|response|rate|proportion)|hypothesis test"
        r"|to detect an?\b|sample[- ]size (?:of|was|calculation|estimate|is|assum|requir)|(?:we|was|were|been|is|are) (?:assum|hypothesi[sz]|anticipat)ed"
        r"|assum(?:ing|ed? (?:hazard|event|median|rate|difference|risk|odds|effect|standard|control|a ))|we (?:assumed|hypothesi[sz]ed|anticipated)"
        r"|(?:is|are|was) (?:planned|going) to|will (?:be )?(?:randomi[sz]|enrol|recruit|compar|includ|assign|receiv|allocat|follow)|would (?:need|require|have)|two-sided alpha|interim (?:looks? (?:is|are|was|were|will)|analys[ei]s (?:is|are|was|were)"
        r" planned))",
    ),
    trap(
        "assumption of a plan",
        r"\bwe (?:will )?allow(?:ed)? for\b|\bexpected (?:event|dropout|median|rate)|\bare expected in\b",
    ),
    trap(
        "margin, boundary or goal",
        r"\b(?:o'brien|haybittle|pocock|efficacy boundary|futility|information fraction|performance goal|objective performance criterion|critical (?:hr|rr|or|value|hazard ratio))\b",
    ),
    trap(
        "another study",
        r"\b(?:in|from|of) (?:an? |the |our |their |two |several |many |some )?(?:\w+ )?(?:previous|earlier|prior|past|preceding|older|former|separate|different)\b[^.,;]{0,30}?"
        r"\b(?:trials?|stud(?:y|ies)|reports?|cohorts?|series|analys[ei]s|meta-analys[ei]s|research|work)\b"
        r"|\b(?:previous|earlier|prior|past|other|published) (?:phase \w+ )?(?:randomi[sz]ed )?(?:trials?|stud(?:y|ies)|reports?|cohorts?|series|meta-analys[ei]s|surveys?|estimates)\b(?! (?:of|with) (?:this|the present))"
        r"|\b(?:meta-analys[ei]s|systematic review|pooled analysis) of (?:\d+|several|\w+ )?\s*(?:previous |earlier |randomi[sz]ed |controlled |the )*(?:trials|studies)\b"
        r"|\b(?:reported|seen|observed|described) (?:elsewhere|previously)\b|\bpreviously (?:reported|published|been)\b|\breal-world\b|\bcohort studies\b|\bobservational stud(?:y|ies)\b"
        r"|\bone study of\b|\bis often (?:quoted|cited)\b|\b(?:published|literature|reported) (?:\w+ )?rates\b|\bin the literature\b|\bby (?:way of )?comparison, (?:in|the) (?:other|another)\b",
    ),
    trap(
        "another study",
        r"\bet al\b\.?,? [(\[]?\d{4}|\(refs?\.? ?\d|^\W*(?:for|by way of) (?:\w+ )?comparison\b|\bpooled (?:estimates?|trials?|stud(?:y|ies)|data|placebo|results of|effect|evidence|cohorts?)\b|\b(?:previous|earlier|prior|past|older|existing|preliminary) (?:\w+[ -]){0,3}?(?:trials?|stud(?:y|ies)|audits?|series|survey|work|reports?|evidence|experience|vaccines?|trialists)\b"
        r"|^\W*(?:an?|one|two|several) (?:\w+ )?(?-i:[A-Z])[a-z]+(?:ish|ese|ian|an|ch|ic|i)? (?:trial|study|cohort|registry|audit|survey|series|group|team)s?\b|\bobservational (?:data|evidence)\b|\bmeta-(?:analys|epidemiolog|regress)|\bsystematic reviews?\b|\b(?:other|sister|companion|twin|similar|single|recent|larger|older|smaller|such|most|many|many of the|some) (?:trials|studies|reports|surveys)\b"
        r"|\btrials of (?:this|the same|that) (?:class|kind|type)\b|\b(?:a|one|another) former (?:trial|study)\b|\b(?:trial|study) by the same (?:group|team|authors|investigators)\b|\bin (?:the|a|our|an earlier) pilot\b|^\W*(?:earlier|previously|before that),|\bcochrane\b|\bpooling\b|^\W*(?:its|their) (?:authors|investigators)\b|\bin (?:the )?(?-i:[A-Z][A-Z0-9-]{2,})(?: trial| study)?,? (?:the|an?) (?:same|related|similar|sister|older|earlier|first)\b|^\W*an? (?:\w+ )?(?:registry|audit|survey|database|case series)\b|\b(?:by|in) contrast,? (?:to |with )?(?:the|an?|one)\b[^.;]{0,40}\b(?:trial|study)\b|\b(?:combined|taken together|together|added up) with (?:the )?(?:\w+ )?(?:earlier|other|previous|older) |\breview of (?:\d+|several|the)\b|\b(?:hazard|odds|risk|rate) ratios? (?:\w+ ){0,6}?had been\b|\b(?:agents|drugs|trials|studies|compounds|products) have (?:yielded|shown|given|produced|reported|achieved)\b|\bhistorical (?:data|series|cohorts?|rates?)\b|\bin the literature\b|\bhas been (?:tied|linked|associated)\b|\b(?:was|were|has been|have been|had been) (?:reported|said|estimated|found) to be\b|(?-i:\b[A-Z][A-Za-z0-9]+-like\b)|\breported (?:last|in) (?:year|autumn|spring|summer|winter|month|\d{4})\b"
        r"|\bin a phase (?:\d|I+)[ab/\dI]* (?:trial|study|part)\b(?! of (?:this|the present))|\bin (?:the|its) phase (?:\d|I+)[ab]? (?:part|portion|stage|trial|study)\b|\bratio of (?:odds|risk|hazard) ratios\b|\b(?:colleagues|co-workers|coworkers)\b [a-z]+ed\b|\band colleagues (?:saw|found|reported)\b",
    ),
    trap(
        "background rate",
        r"\b(?:historical(?:ly)? (?:rates?|about|only|around|,)|^historically|worldwide|nationwide|national\b.{0,30}\b(?:rate|mortality|average|incidence|prevalence)"
        r"|in a typical|typically|in the general population|of (?:all|such) (?:patients|people|runners|infants|children|women|men|adults|cases)|untreated (?:patients|people|registry|disease)|untreated,"
        r"|without (?:any )?treatment\b|if left untreated|each year worldwide|globally|nearly a billion|commonly (?:show|report)|is the most common|registry arm|statistics show)\b|\buntreated registry",
    ),
    trap(
        "baseline",
        r"^\W*baseline\b[^.;]{0,60}[:,(]|\b(?:at (?:pre-?test|the admission|the start|the outset|the beginning)|pre-?(?:treatment|test|intervention|operative(?:ly)?) (?:values?|scores?|means?|mean)|before (?:the )?(?:trial|treatment|study|intervention|randomi[sz]ation)(?: started| began)?,? (?:it|they|these|the|this|mean|scores?|rates?) )\b|\b(?:groups|arms|conditions) (?:were|had been) (?:alike|similar|comparable|balanced)\b"
        r"|(?<!from )\b(?:at (?:study )?(?:baseline|entry|enrol(?:l)?ment|inclusion|diagnosis|randomi[sz]ation|screening|admission)|baseline (?:characteristics|mean|median|values?|demographic))\b(?! (?:\w+ ){0,3}(?:to|and at|until) (?:\w+ )?(?:week|month|day|year|\d))"
        r"|^\W*(?:the )?(?:mean |median |average )?baseline\b(?![^.;]{0,80}\b(?:changes?|changed|(?:to|at) (?:week|month|day|year))\b)(?=[^.;]{2,80}\d)|\b(?:patients|participants|they|women|men|children|subjects) weighed\b|\bwell balanced\b|\bwere (?:men|women|males?|females?|white|black)\b|\b(?:initial|first|screening) (?:examination|visit|assessment)\b|^\W*(?:mean |median |average )?(?:body[- ]mass index|BMI|height|age|gestational age|birth ?weight|parity|gravidity)\b[^.;]{0,12}? (?:was|were|averaged)\b"
        r"|^\W*(?:the )?(?:mean|median|average) (?:\(?\[?(?:sd|iqr)\]?\)? )?(?:age|bmi|body[- ]mass index|weight at|duration of (?:disease|diabetes|illness))\b",
    ),
    trap(
        "eligibility",
        r"\b(?:were eligible|was eligible|eligible (?:patients|participants|if)|eligibility|inclusion criteri(?:on|a)|exclusion criteri(?:on|a)|(?:were|was) excluded if|minimum age|maximum age)\b",
    ),
    trap(
        "adherence, completeness or dropout",
        r"\b(?:adherence|adhered|compliance|complied|persistence with|follow-up (?:was|were) (?:complete|available)|lost to follow-up|loss to follow-up|(?:data|biopsies|values|outcomes?|visits) (?:were|was) missing"
        r"|missing (?:data|values) (?:were|was|for)|completed (?:the )?(?:trial|study|follow-up|treatment|dosing|all)|(?:treatment|therapy|study|trial|follow-up|course) (?:was|were) completed|completion (?:rates?|of)|completers? (?:were|was|numbered)|attendance|retention|^\W*loss(?:es)?\b(?! of)|quit (?:early|the|treatment|taking|it)|fewer quit|more quit|withdrew|dropped out|dropout|drop-out|continued for at least|maturity|immature|response rate to the questionnaire)\b",
    ),
    trap(
        "recruitment",
        r"\b(?:of those (?:approached|invited|screened)|declined (?:to|participation)|consented)\b|^\W*(?:we )?screened\b",
    ),
    trap(
        "cost",
        r"\b(?:cost|costs|costing|priced|price (?:of|per|tag|rose|fell|is)|shares of|share price|(?:stocks?|shares?|share index) (?:fell|rose|dropped|gained|lost|climbed|closed)|dollars|euros|incremental cost|qaly)\b|[$\u00a3\u20ac]\s?\d",
    ),
    trap(
        "test of assumptions or agreement",
        r"\b(?:intraclass correlation|test-retest|reliab(?:le|ility)|f\(\d+, ?\d+\)|kappa|cronbach|schoenfeld|hosmer|shapiro|c-statistic|cohen's kappa|consensus|^\W*votes?\b|\d+ for,? (?:and )?\d+ against|agreement of|voting|voted|panel agreed)\b|\bstandardi[sz]ed differences? (?:after|before|were)\b",
    ),
    trap(
        "before the study",
        r"\b(?:in|during|over) the (?:previous|preceding|prior) (?:season|year|winter|summer|autumn|spring|month|week|decade|quarter|\d+ \w+)s?\b(?! of (?:treatment|follow-up|the (?:trial|study)))|\bin the (?:year|months?|weeks?|\d+ \w+) before (?:enrol|randomi|entry|inclusion|the (?:trial|study))",
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
        rf"\b(?=[\djfmasond])(?:\d{{4}}-\d\d(?:-\d\d)?\b|{MONTH}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:(?: to |-| and )\d{{1,2}})?(?:, ?\d{{4}})?\b|\d{{1,2}}(?:st|nd|rd|th)? {MONTH}\b\.?(?:,? \d{{4}})?|{MONTH}\.?,? \d{{4}}\b|(?<![\d.,])(?:19|20)\d\ds?\b(?!\s*(?:patients|participants|women|men|people|adults|children|infants|subjects|of|\(|%|vs|\.\d|,\d|/|person|patient|randomi|were|had))(?<=[ (-]....))",
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
        rf"\b(?:margin|boundary|threshold|cut-?off|goal|limit of noninferiority|limit(?! of (?:normal|detection|quantification)))\s+(?:\w+ ){{0,4}}?(?:was |of |set at |, )?(?:a |an )?(?:[a-z-]+ )?(?:of )?{SIGNED}\s*{PERCENT}?|{SIGNED}\s*{PERCENT}?(?: \w+){{0,2}} (?:noninferiority |non-inferiority )?margin\b",
    ),
    trap(
        "number needed to treat",
        rf"\b(?:numbers? needed to (?:treat|harm|vaccinate)|nn[th]b?)\b[^;.()\d]{{0,40}}{SIGNED}(?:\s*[\[(;,]\s*(?:95\s*%\s*CI)?[ ,:]*{RANGE}[\])]?)?",
    ),
    trap(
        "maturity, sites or scale",
        rf"\b{COUNT}\s*(?:[a-z]+ )?(?:sites|countries|cent(?:er|re)s|hospitals|clinics|practices|nations|villages|wards|schools|general practices|panel members|trials|studies|interim)\b|\b{NUMBER}-point\b(?! (?:benefit|difference|advantage|gap|improvement|reduction))|\b{NUMBER}\s*-\s*{NUMBER}[- ](?:point )?(?:scale|score)|\bscale (?:of|from) {RANGE}|\brange(?:s|d)? (?:of )?(?:the )?(?:scale|scores?)[^.;)]{{0,15}}{RANGE}|\b[1-9][- ]point (?:scale|score)|\(?scores? range[sd]? from {RANGE}[^)]*\)?",
    ),
    trap(
        "definition of the outcome",
        rf"\b(?:an?|sustained|confirmed|persistent)(?: sustained| confirmed| persistent)? (?:decline|decrease|reduction|fall|drop|rise|increase|worsening) of (?:at least )?{NUMBER}\s*{PERCENT}(?: or (?:more|greater))?(?= (?:in|from)\b[^.;]{{0,40}},[^.;]{{0,120}} or )",
    ),
    trap("completeness", rf"\b{NUMBER} completed\b|\bscreened {NUMBER}\b|{NUMBER} (?:\w+ )?(?:were )?screened\b"),
    trap(
        "description of the patients",
        r"(?<=[a-z] )\((?![^()]*\b(?:differences?|ratio|HR|OR|RR)\b)(?=[^()]*\b(?:age[ds]?|y\.o\.|years|female|males?|wom[ae]n|m[ae]n|girls|boys|baseline|ECOG|Karnofsky|history of|fasting|CD4|BMI|at entry|at (?:the )?admission|APACHE|range|SD|\u00b1)\b)(?!(?:n|N|P|p|HR|OR|RR|IRR|MD|SMD|adjusted|hazard|odds|risk|rate|relative|absolute|mean difference|difference|95)\b)(?:mean|median|age|[a-z]+ed |\d+ (?:wom[ae]n|m[ae]n|girls|boys|females?|males?)|(?:\w+ ){0,3}?(?:mean|median|at (?:entry|baseline|the admission))|[A-Z][\w ]{1,25} (?:at|mean|median))[^()]*(?:\([^()]*\)[^()]*)*\)",
    ),
    trap(
        "concentration",
        rf"\b(?:an?|of|with|the) {NUMBER}\s?{PERCENT} (?:[a-z]+ ){{0,3}}?(?:varnish|cream|gel|solution|ointment|spray|lotion|foam|drops|mouthwash|saline|rinse|paste|emulsion|infusion|oxygen|dextrose|albumin|glucose|lidocaine|bupivacaine|chlorhexidine)\b",
    ),
    trap(
        "example",
        rf"\b(?:such as|for example,?|for instance,?|e\.g\.,?) {SIGNED}\s*{PERCENT}?(?: (?:vs\.?|versus|and|or|to|against) {SIGNED}\s*{PERCENT}?)?",
    ),
    trap(
        "maturity, power or accuracy",
        rf"{NUMBER}\s*{PERCENT} (?:maturity|information|power|attrition|drop-?out|sensitivity|specificity|accuracy|heterogeneity|adherence|compliance|retention|uptake|coverage)\b|\b(?:I2|I-squared)\s*[=:,]?\s*{NUMBER}\s*{PERCENT}?",
    ),
    trap(
        "share of patients, in words",
        rf"\b(?=[1o])(?<![\d.])(?:one|1) in (?:every )?{COUNT}\b|\btwo-thirds\b|\bhalf of\b|\ba third of\b",
    ),
    trap(
        "range of values",
        rf"(?=[bf.\d])(?:between |from )?{NUMBER}\s*{PERCENT}?\s*(?:-|to)\s*{NUMBER}\s*{PERCENT}(?!\s*(?:CI|conf))|\bbetween {NUMBER}\s*{PERCENT}? and {NUMBER}\s*{PERCENT}?|\bfrom {SIGNED}\s*{PERCENT}?(?: [a-z/]+)? to {SIGNED}\s*{PERCENT}?",
    ),
    trap(
        "baseline value",
        rf"\bfrom an? (?:mean |median )?baseline (?:\w+ )?(?:of )?{SIGNED}\s*\S*|\bbaseline (?:mean |median )?(?:\w+ )?(?:of|was) {SIGNED}",
    ),
    trap(
        "threshold or bound",
        rf"(?:\b(?:above|below|exceed(?:ed|s|ing)?|less than|more than|fewer than|greater than|higher than|lower than|at least|at most|up to|as much as|as (?:many|few|high|low) as|under|beyond|no more than)\s+(?:an? \w+ of |a |an )?|(?<![Pp=\w(])\s?[<>]=?\s?){SIGNED}\s*{PERCENT}?(?!\s*(?:of\s+\d|patient-|person-))"
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


PARTS = [(rule.reason, part) for rule in WHOLE_SENTENCES for part in alternatives(rule.pattern)]
POSSIBLE = Prefilter(part for _, part in PARTS)
NUMBER_RUN = re.compile(r"\d+(?:[.,]\d+)*")
TABLE_ROW = re.compile(
    r"\|\s?\d[^|]{0,40}\|\s?\d|\(N ?= ?\d+\)[^|]{0,30}\|[^|]{0,40}\(N ?= ?\d+\)|; \d[\d.]{0,6} \([^()]{1,30}\); \d[\d.]{0,6} \("
)
MOST_NUMBERS = 60  # of a sentence; a longer row is a table, and its pairs would be compared with one another


SOFT = {
    "baseline",
    "adherence, completeness or dropout",
    "test of assumptions or agreement",
    "cost",
    "target of a treatment",
    "number needed to treat",
    "recruitment",
    "eligibility",
}  # these hold for the clause in which they stand, others for the whole sentence
CLAUSE = re.compile(r";\s|, (?:and|but|while|whereas|although) (?!\d)")
ANY_DIGIT = re.compile(r"\d")


WHOM = re.compile(
    r"(?i)\b(?:patients|pts|participants|those|women|men|children|people|adults|subjects|infants|survivors) (?:who|that) (?:had|have) (?:just |already |successfully )?(?:completed|finished)\b|\b(?:in|among|for|of) (?:the )?(?:\d+ )?(?:patients|pts|participants|those|women|men|children|people|adults|subjects|infants) (?:with|without|who had|whose|having)\b[^,.;%()]{0,70}? (?:at|on) (?:study )?(?:baseline|entry|enrol(?:l)?ment|randomi[sz]ation|diagnosis|admission|screening|inclusion|arrival)\b"
)  # a part of the patients


def clause_of(text: str, reason: str) -> tuple[int, int]:
    """Return the clause to which a trap of a sentence is confined; all of the sentence where it holds for the whole."""
    if reason not in SOFT:
        return 0, len(text)
    found = [match for rule in WHOLE_SENTENCES if rule.reason == reason for match in rule.pattern.finditer(text)]
    if not found:
        return 0, len(text)
    edges = [
        match.start()
        for match in CLAUSE.finditer(text)
        if text.count("(", 0, match.start()) == text.count(")", 0, match.start())
    ]
    begin = max((edge for edge in edges if edge <= found[0].start()), default=0)
    if reason == "baseline":  # it governs what follows, too
        edges = []
    end = min((edge for edge in edges if edge >= found[-1].end()), default=len(text))
    outside = text[:begin] + text[end:]
    return (begin, end) if ANY_DIGIT.search(outside) else (0, len(text))


def trap_of(text: str) -> str:
    """Return why a sentence as a whole holds no results; empty where it may."""
    if len(NUMBER_RUN.findall(text)) > MOST_NUMBERS:
        return "more numbers than a sentence has: a table"
    if TABLE_ROW.search(text):
        return "row of a table"
    text = WHOM.sub(lambda found: " " * len(found[0]), text)
    return next((PARTS[number][0] for number in POSSIBLE(text) if PARTS[number][1].search(text)), "")
