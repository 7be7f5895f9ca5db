"""Bad figures: of each statistic each field with a value that it can't have, and what no true figure says."""

from __future__ import annotations

from collections.abc import Iterator

from tests.bad_input.examples.case import CONFIGURATION, RECORD, Case, in_figure, review, with_part, yaml_of

from coppice.core import limits
from coppice.core.reported_fields import Statistic
from coppice.core.reported_statistics import STATISTICS
from coppice.core.schema import Choice, Flag, ListOf, Nullable, Number, OneOf, Pair, Shape

RATIO = "statistic: hazard_ratio, estimate: 0.70, ci: [0.50, 0.98]"


def in_text(
    name: str, quote: str, text: str | bytes, file: str = "sources/a.txt", *, named: str = "", shown: str = ""
) -> Case:
    """Return a case of a hazard ratio of 0.70 (0.50 to 0.98) and the text that it quotes."""
    figure = f"{RATIO}, source: {{report: p, text: {named or file}, quote: '{quote}'}}"
    record = with_part(RECORD, f"outcomes: {{os: {{reported: [{{{figure}}}]}}}}")
    files = review(yaml_of(CONFIGURATION), yaml_of(record)) | {file: text}
    return Case(name, shown or f"{RATIO}, quote: {quote}", files)


def in_hashes(name: str, hashes: str) -> Case:
    """Return a case of wrong hashes of texts."""
    sound = in_text(name, "HR was 0.70 (0.50 to 0.98)", "HR was 0.70 (0.50 to 0.98)")
    return Case(name, f"sources/texts.yaml: {hashes}", {**sound.files, "sources/texts.yaml": hashes})


def of_number(shape: Number) -> Iterator[tuple[str, str]]:
    """Yield numbers that a field can't have."""
    if shape.low is not None:
        yield "too low", f"{shape.low:g}" if shape.exclusive else f"{shape.low - 1:g}"
    elif shape.high is None:
        yield "no number", "'1,5'"
    if shape.high is not None:
        yield "too high", f"{shape.high:g}" if shape.exclusive else f"{shape.high + 1:g}"
    if shape.whole:
        yield "not whole", "2.5"


def wrong(shape: Shape) -> Iterator[tuple[str, str]]:
    """Yield values that a field can't have, each with what is wrong."""
    match shape:
        case Nullable(item=item):
            yield from wrong(item)
        case OneOf(items=items):
            yield from wrong(items[-1])
        case Number():
            yield from of_number(shape)
        case Pair(item=item):
            yield "swapped", "[0.9, 0.2]"
            yield "a single limit", "[0.2]"
        case Choice(options=options):
            yield "misspelt", f"{next(iter(options()))}x"
        case ListOf():
            yield "no list", "0.5"
        case Flag():
            yield "no flag", "'yes'"
        case _:
            yield "a list", "[a]"


def of_statistic(statistic: Statistic) -> Iterator[Case]:
    """Yield the bad figures of one statistic."""
    first = statistic.keys[0].name
    yield in_figure(f"{statistic.name}: a misspelt field", f"statistic: {statistic.name}, {first}x: 1")
    for key in statistic.keys:
        if key.name.endswith("_c"):  # as in the other arm
            continue
        for what, value in wrong(key.shape):
            yield in_figure(f"{statistic.name}: {key.name} {what}", f"statistic: {statistic.name}, {key.name}: {value}")


def beside_one_another() -> list[Case]:
    """Return figures whose values can't be true together."""
    ratio = RATIO
    return [
        in_figure("no statistic", "estimate: 0.70"),
        in_figure("unknown statistic", "statistic: hazard_ration, estimate: 0.70"),
        in_figure("statistic in other words", "statistic: HR, estimate: 0.70"),
        in_figure("statistic that is a list", "statistic: [hazard_ratio]"),
        in_figure("no source", ratio, source=False),
        in_figure("source without a report", f"{ratio}, source: {{at: Table 2}}", source=False),
        in_figure("unknown report", f"{ratio}, source: {{report: paper}}", source=False),
        in_figure("source that is a text", f"{ratio}, source: p", source=False),
        in_figure("unknown quality", f"{ratio}, source: {{report: p, quality: good}}", source=False),
        in_figure("text without a quote", f"{ratio}, source: {{report: p, text: sources/a.txt}}", source=False),
        in_figure("quote without its text", f"{ratio}, source: {{report: p, quote: HR 0.70}}", source=False),
        in_figure("text outside the review", f"{ratio}, source: {{report: p, text: ../a.txt, quote: HR 0.70}}", source=False),
        in_figure("text by an absolute path", f"{ratio}, source: {{report: p, text: /etc/passwd, quote: HR 0.70}}", source=False),
        in_text("quote of a whole page", "long " * 300, "long " * 300, shown="long long ..."),
        in_text("text that is not there", "HR was 0.70", "", "sources/b.txt", named="sources/a.txt"),
        in_text("quote that is not in its text", "HR was 0.70 (0.50 to 0.98)", "The HR, in all, was 0.70 (0.50 to 0.98)"),
        in_text("number that is not in the quote", "HR was 0.71 (0.50 to 0.98)", "The HR was 0.71 (0.50 to 0.98)"),
        in_text("limits that are not in the quote", "HR was 0.70", "The HR was 0.70 (0.50 to 0.98)"),
        in_text("text that is a picture", "HR was 0.70", b"\x89PNG\0\0"),
        in_text("text too large to search", "HR was 0.70", "0.70 " * (limits.SOURCE_BYTES // 4), shown=limits.megabytes(limits.SOURCE_BYTES)),
        in_text("text as a document of Word", "HR was 0.70", "words", "sources/a.docx"),
        in_text("page without words", "HR was 0.70", "<html><script>HR was 0.70</script></html>", "sources/a.html"),
        in_text("record of a registry without a summary", "HR was 0.70", "{}", "sources/a.json"),
        in_hashes("hash of a text that is too short", "a.txt: {sha256: 12ab}"),
        in_hashes("text in texts.yaml without a hash", "a.txt: {note: a paper}"),
        in_figure("patients outside the outcome's", f"{ratio}, population: TWO"),
        in_figure("mark without a reason", f"{ratio}, use: ''"),
        in_figure("mark that is true", f"{ratio}, use: true"),
        in_figure("unknown check", f"{ratio}, accept: {{interval: it is so}}"),
        in_figure("estimate outside its interval", "statistic: hazard_ratio, estimate: 1.70, ci: [0.50, 0.98]"),
        in_figure("interval without width", "statistic: hazard_ratio, estimate: 0.70, ci: [0.70, 0.70]"),
        in_figure("three limits", "statistic: hazard_ratio, estimate: 0.70, ci: [0.50, 0.70, 0.98]"),
        in_figure("limits in a text", "statistic: hazard_ratio, estimate: 0.70, ci: 0.50-0.98"),
        in_figure("ratio of 0", "statistic: odds_ratio, estimate: 0, ci: [0, 2]"),
        in_figure("decimal comma", "statistic: odds_ratio, estimate: '0,70'"),
        in_figure("not a number", "statistic: odds_ratio, estimate: .nan"),
        in_figure("infinity", "statistic: odds_ratio, estimate: .inf"),
        in_figure("number beyond all floats", "statistic: odds_ratio, estimate: 1e999"),
        in_figure("number that can't be squared", "statistic: odds_ratio, estimate: 1e200"),
        in_figure("number of four hundred digits", f"statistic: odds_ratio, estimate: {'9' * 400}"),
        in_figure("bound that can't be read", "statistic: odds_ratio, estimate: 0.7, p: <.001!"),
        in_figure("p in words", "statistic: odds_ratio, estimate: 0.7, p: n.s."),
        in_figure("p of exactly 0", "statistic: hazard_ratio, estimate: 0.70, ci: [0.50, 0.98], p: 0.000"),
        in_figure("more events than patients", "statistic: counts, events_e: 650, n_e: 271, events_c: 10, n_c: 134"),
        in_figure("more events than patients in one group", "statistic: proportion, events: 12, n: 10"),
        in_figure("field of another statistic", "statistic: counts, median_e: 7.7"),
        in_figure("survival in percent", "statistic: survival, time: 3, unit: years, survival_e: 96.0, survival_c: 87.9"),
        in_figure("survival outside its interval", "statistic: survival, time: 3, unit: years, survival_e: 0.5, ci_e: [0.6, 0.8]"),
        in_figure("curves of different lengths", "statistic: km_curve, unit: months, times: [0, 6, 12], survival_e: [1, 0.9], survival_c: [1, 0.8, 0.7]"),
        in_figure("times that go back", "statistic: km_curve, unit: months, times: [0, 12, 6], survival_e: [1, 0.9, 0.8], survival_c: [1, 0.8, 0.7]"),
        in_figure("numbers at risk of other times", "statistic: km_curve, times: [0, 6], at_risk_times: [0], at_risk_e: [10, 8]"),
        in_figure("t against its direction", "statistic: means, n_e: 30, n_c: 30, t: 2.1, direction: control"),
        in_figure("means against the direction", "statistic: means, mean_e: 10, mean_c: 12, n_e: 30, n_c: 30, f: 4, direction: experimental"),
        in_figure("t against the means", "statistic: means, mean_e: 10, mean_c: 12, n_e: 30, n_c: 30, t: 2.1"),
        in_figure("log-rank test against its direction", "statistic: logrank, o_minus_e: -4.2, v: 10, direction: control"),
        in_figure("events against the direction", "statistic: logrank, events_e: 30, expected_e: 20, chi2: 5, direction: experimental"),
        in_figure("t against its correlation", "statistic: correlation, r: 0.3, t: -2, n: 40"),
        in_figure("arms above the total", "statistic: logrank, events: 248, events_e: 164, events_c: 87, chi2: 6.3"),
    ]  # fmt: skip


def cases() -> list[Case]:
    """Return the bad figures, those of each statistic last."""
    return [*beside_one_another(), *(case for item in STATISTICS.values() for case in of_statistic(item))]
