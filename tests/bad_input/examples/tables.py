"""Bad tables of studies."""

from __future__ import annotations

from tests.bad_input.examples.case import Case, in_table

COUNTS = "study,events_e,n_e,events_c,n_c"
RATIO = "study,estimate,ci_low,ci_high"


def cases() -> list[Case]:
    """Return the bad tables."""
    return [
        in_table("nothing in it"),
        in_table("header and no row", COUNTS),
        in_table("count in words", COUNTS, "A,four,123,11,139"),
        in_table("negative count", COUNTS, "A,-1,123,11,139"),
        in_table("half a patient", COUNTS, "A,4.5,123,11,139"),
        in_table("more events than patients", COUNTS, "A,140,123,11,139"),
        in_table("arm without patients", COUNTS, "A,0,0,11,139"),
        in_table("date that a spreadsheet made", COUNTS, "A,3-Dec,123,11,139"),
        in_table("formula", COUNTS, "A,=2+2,123,11,139"),
        in_table("formula that calls a program", COUNTS, "A,=cmd|' /C calc'!A0,123,11,139"),
        in_table("two values in one cell", COUNTS, "A,4 of 123,123,11,139"),
        in_table("footnote in a cell", COUNTS, "A,4*,123,11,139"),
        in_table("not a number", COUNTS, "A,inf,123,11,139"),
        in_table("number of another base", COUNTS, "A,0x1A,123,11,139"),
        in_table("number of five thousand digits", COUNTS, f"A,4,{'9' * 5000},11,139"),
        in_table("number of four hundred digits", COUNTS, f"A,4,{'9' * 400},11,139"),
        in_table("characteristic of two hundred digits", f"{COUNTS},age", f"A,4,123,11,139,{'9' * 200}"),
        in_table("number beyond all floats", "study,yi,vi", "A,1e999,0.2", measure="HR"),
        in_table("row without a study", COUNTS, ",4,123,11,139"),
        in_table("study of signs alone", COUNTS, "---,4,123,11,139"),
        in_table("row of totals", COUNTS, "A,4,123,11,139", "Total (95% CI),4,123,11,139"),
        in_table("two studies in another script told apart by punctuation", COUNTS, "王伟 2001,4,123,11,139", "王伟-2001,5,123,11,139"),
        in_table("accepted finding of an unknown study", COUNTS, "A,4,123,11,139", more="accept: {B: {total_by_name: a trial of this name}}"),
        in_table("two studies told apart by punctuation", COUNTS, "A 1,4,123,11,139", "A-1,5,123,11,139"),
        in_table("two studies told apart by capitals", COUNTS, "Smith,4,123,11,139", "SMITH,5,123,11,139"),
        in_table("study whose name is a page", COUNTS, f"{'A' * 201},4,123,11,139"),
        in_table("all studies of one population", f"{COUNTS},population", "A,4,123,11,139,adults", "B,5,123,11,139,adults"),
        in_table("study twice", COUNTS, "A,4,123,11,139", "A,5,123,11,139"),
        in_table("two values of one characteristic", f"{COUNTS},setting", "A,4,123,11,139,x", "A,5,123,11,139,y"),
        in_table("row that is too long", COUNTS, "A,4,123,11,139,7"),
        in_table("two columns of one name", f"{COUNTS},n_c", "A,4,123,11,139,1"),
        in_table("column without a name", "study,events_e,n_e,events_c,n_c,,x", "A,4,123,11,139,7,y"),
        in_table("misspelt column", "study,event_e,n_e,events_c,n_c", "A,4,123,11,139"),
        in_table("no column that holds a figure", "study,cases", "A,4"),
        in_table("no column of studies", "events_e,n_e,events_c,n_c", "4,123,11,139"),
        in_table("columns of no statistic", "study,yi,median_e", "A,4,7"),
        in_table("one limit", RATIO, "A,0.7,0.47,", measure="HR"),
        in_table("swapped limits", RATIO, "A,0.7,1.03,0.47", measure="HR"),
        in_table("estimate outside its interval", RATIO, "A,1.7,0.47,1.03", measure="HR"),
        in_table("ratio of 0", RATIO, "A,0,0.47,1.03", measure="HR"),
        in_table("points and commas", "study,yi,vi", "A,0.5,0.2", 'B,"0,5",0.2', measure="HR"),
        in_table("comma that may be of thousands", "study;time_e;events_e;time_c;events_c", "A;1,234;3;2,345;4", measure="IRR"),
        in_table("unknown design", "study,design,yi,vi", "A,randomised,0.5,0.2", "B,randomized,0.5,0.2", measure="HR"),
        in_table("unknown statistic", f"{RATIO},statistic", "A,0.7,0.47,1.03,hazard_ration", measure="HR"),
        in_table("field of another statistic", f"{RATIO},statistic,v", "A,0.7,0.47,1.03,odds_ratio,3", measure="OR"),
        in_table("totals that are not the sum", "study,ai,bi,ci,di,n1i,n2i", "A,4,119,11,128,120,139"),
        in_table("variance of 0", "study,yi,vi", "A,0.5,0", measure="HR"),
        in_table("negative variance", "study,yi,vi", "A,0.5,-0.1", measure="HR"),
        in_table("p above 1", f"{RATIO},p", "A,0.7,0.47,1.03,1.2", measure="HR"),
        in_table("p in words", f"{RATIO},p", "A,0.7,0.47,1.03,n.s.", measure="HR"),
        in_table("flag in words", f"{RATIO},inverted", "A,0.7,0.47,1.03,perhaps", measure="HR"),
        in_table("year in words", f"{COUNTS},year", "A,4,123,11,139,last"),
        in_table("open quotation mark", "study,yi,vi", 'A,"0.5,0.2', measure="HR"),
        in_table("map to an unknown column", "study,a,n_c", "A,1,2", more="columns: {events_e: cases}"),
        in_table("map to a name with a colon", "study,a,n_c", "A,1,2", more='columns: {"events: e": cases}'),
        in_table("map to a name that is taken", "study,a,n_c", "A,1,2", more="columns: {n_c: a}"),
        in_table("map that is a list", COUNTS, "A,4,123,11,139", more="columns: [study]"),
        in_table("rows without an outcome for two", COUNTS, "A,4,123,11,139", more="analyses: {os: {measure: RR}, efs: {measure: RR}}"),
        in_table("empty outcome", f"{COUNTS},outcome", "A,4,123,11,139,"),
        in_table("estimate of one of two measures", RATIO, "A,0.7,0.47,1.03", more="analyses: {a: {measure: RR, outcome: o}, b: {measure: OR, outcome: o}}"),
    ]  # fmt: skip
