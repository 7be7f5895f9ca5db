"""Bad study records, their figures apart."""

from __future__ import annotations

from tests.bad_input.examples.case import CONFIGURATION, FIGURE, RECORD, Case, in_outcome, in_record, review, yaml_of

from coppice.core.limits import DOMAINS, FIGURES


def of_both(name: str, shown: str, record: dict[str, str], other: dict[str, str]) -> Case:
    """Return a case of two records that are wrong beside one another."""
    return Case(
        name,
        shown,
        review(yaml_of(CONFIGURATION), yaml_of(RECORD | record), yaml_of(RECORD | {"study": "TWO"} | other)),
    )


def cases() -> list[Case]:
    """Return the bad records."""
    return [
        in_record("no id", "-study"),
        in_record("id that leaves its folder", "study: ../../x"),
        in_record("id with a space", "study: ONE TWO"),
        in_record("id that begins with a sign", "study: -ONE"),
        in_record("id that is not the file's name", "study: THREE"),
        in_record("id that is a list", "study: [ONE]"),
        in_record("id too long for a file", f"study: {'ONE' * 67}"),
        in_record("label that is a page", f"label: {'Topp 2015, ' * 50}"),
        in_record("label that turns what follows it around", 'label: "Topp \\u202e2015"'),
        in_record("label that colours a terminal", 'label: "\\e[31mTopp"'),
        in_record("label whose marks reach over the figure", f"label: Z{chr(0x301) * 60}algo"),
        in_record("note of a hundred pages", f"note: {'long ' * 50_000}"),
        in_record("characteristic with a null character", 'characteristics: {setting: "relapse\\0", age: 40}'),
        in_record("draft among the records", "status: proposed"),
        in_record("misspelt key", "desing: randomised"),
        in_record("no design", "-design"),
        in_record("unknown design", "design: randomized"),
        in_record("design in quotes that is empty", "design: ''"),
        in_record("invalid year", "year: 2021a"),
        in_record("year of two digits", "year: 21"),
        in_record("year with a fraction", "year: 2020.5"),
        in_record("date in place of a year", "year: 2020-11-20"),
        in_record("label that is empty", "label: '  '"),
        in_record("label that is true", "label: true"),
        in_record("population with an empty step", "population: ONE//young"),
        in_record("population that ends in a slash", "population: ONE/"),
        in_record("population of eleven steps", f"population: ONE{'/a' * 10}"),
        in_record("characteristics that are a list", "characteristics: [relapse]"),
        in_record("characteristic with parts", "characteristics: {setting: [first, second]}"),
        in_record("characteristic beyond all numbers", "characteristics: {setting: relapse, age: 1e200}"),
        in_record("arm without a name", "arms: {experimental: {n: 105}}"),
        in_record("no experimental arm", "arms: {control: {name: Chemotherapy}}"),
        in_record("arm without patients", "arms: {experimental: {name: A, n: 0}}"),
        in_record("arm of half a patient", "arms: {experimental: {name: A, n: 10.5}}"),
        in_record("third arm without a treatment", "arms: {experimental: {name: A}, placebo: {name: B}}"),
        in_record("no reports", "-reports"),
        in_record("report without a citation", "reports: {p: {doi: 10.1000/1}}"),
        in_record("misspelt identifier", "reports: {p: {citation: C, pmdi: 33651090}}"),
        in_record("reports as a list", "reports: [C]"),
        in_record("no outcomes", "-outcomes"),
        in_record("outcomes as a list", "outcomes: [os]"),
        in_record("outcome that leaves its folder", f"outcomes: {{../os: {{reported: [{FIGURE}]}}, os: {{reported: [{FIGURE}]}}}}"),
        in_record("two outcomes told apart by capitals", f"outcomes: {{os: {{reported: [{FIGURE}]}}, OS: {{reported: [{FIGURE}]}}}}"),
        in_record("no outcome of that name", f"outcomes: {{efs: {{reported: [{FIGURE}]}}}}"),
        in_record("judgement without a tool", "risk_of_bias: {domains: {D1: low}, overall: low}"),
        in_record("judgement in a word", "risk_of_bias: low"),
        in_record("more domains than a tool has", f"risk_of_bias: {{tool: ours, domains: {{{', '.join(f'd{n}: low' for n in range(DOMAINS + 1))}}}}}"),
        in_record("domains as a list", "risk_of_bias: {tool: RoB 2, domains: [low, low], overall: low}"),
        in_record("judgement that the tool does not have", "risk_of_bias: {tool: RoB 2, domains: {D1: lo}, overall: low}"),
        in_record("domain that the tool does not have", "risk_of_bias: {tool: RoB 2, domains: {D9: low}, overall: low}"),
        in_record("judgement without domains", "risk_of_bias: {tool: RoB 2, overall: low}"),
        in_record("judgement of an unknown outcome", "risk_of_bias: {tool: RoB 2, by_outcome: {oss: {domains: {D1: low}, overall: low}}}"),
        in_record("judgement of an outcome that the tool does not have", "risk_of_bias: {tool: RoB 2, by_outcome: {os: {domains: {D1: lo}, overall: low}}}"),
        in_record("unknown check", "accept: {p_zeroo: it is right}"),
        in_record("finding accepted without a reason", "accept: {p_zero: }"),
        in_record("note that is a list", "note: [one, two]"),
        in_record("merge key", "<<: {design: randomised}"),
        in_outcome("figures missing", "definition: Death"),
        in_outcome("more figures than can be compared", f"reported: [{', '.join([FIGURE] * (FIGURES + 1))}]"),
        in_outcome("figures as a mapping", f"reported: {FIGURE}"),
        in_outcome("figure that is a number", "reported: [0.7]"),
        in_outcome("figures under another name", f"report: [{FIGURE}]"),
        in_outcome("population outside the study's", f"population: TWO/x, reported: [{FIGURE}]"),
        in_outcome("route that is a list", f"route: [a], reported: [{FIGURE}]"),
        in_outcome("definition that is empty", f"definition: '', reported: [{FIGURE}]"),
        of_both("misspelt key in two records", "desing: randomised (in both records)", {"desing": "x"}, {"desing": "x"}),
        of_both("two records of the same patients", "population: TRIAL (in both records)", {"population": "TRIAL"}, {"population": "TRIAL"}),
        of_both("part beside the whole", "population: TRIAL, population: TRIAL/young", {"population": "TRIAL"}, {"population": "TRIAL/young"}),
    ]  # fmt: skip
