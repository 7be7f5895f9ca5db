"""The figures of tables: a row for each outcome, and a column for each arm and for their contrast."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from coppice.tools.draft.context import Document, Proposal, Seen, Value
from coppice.tools.draft.patterns import LABELS
from coppice.tools.draft.printed import INTERVAL, NUMBER, SIGNED, fraction, plain
from coppice.tools.draft.sentences import normalised
from coppice.tools.draft.tables import Cell, Table, tables
from coppice.tools.draft.traps import trap_of

BASELINE = re.compile(r"(?i)\b(?:baseline|characteristics|demographic|at entry|enrol(?:l)?ment)\b")
DESCRIBES = re.compile(
    r"(?i)^\W*(?:age|sex|female|male|women|men|body[- ]mass|bmi|race|weight|height|ethnicit|duration of disease|no\.?$|n$|number of patients|patients$|randomi[sz]ed|completed|discontinu|withdr|lost)\b"
)
SIZE = re.compile(rf"(?i)\bn\s*=\s*(?P<n>{NUMBER})")
COUNT_OF = re.compile(rf"(?P<events>\d[\d,]*)\s*/\s*(?P<n>\d[\d,]*)(?:\s*[(\[,]\s*{NUMBER}\s*%?\s*[)\]]?)?")
COUNT = re.compile(rf"(?P<events>\d[\d,]*)\s*[(\[]\s*(?P<percent>{NUMBER})\s*(?P<sign>%?)\s*[)\]]")
PERCENT = re.compile(rf"(?P<percent>{NUMBER})\s*%")
WITH_INTERVAL = re.compile(rf"(?P<v>{SIGNED})\s*(?P<sign>%?)\s*[(\[,;]\s*(?:95\s*%\s*CI[ ,:]*)?{INTERVAL}\s*[)\]]?")
WITH_ERROR = re.compile(
    rf"(?P<v>{SIGNED})\s*%?\s*(?:[(\[]\s*(?P<error>{NUMBER})\s*%?\s*[)\]]|(?:\u00b1|\+/-)\s*(?P<pm>{NUMBER}))"
)
P_VALUE = re.compile(r"(?i)(?P<op>[<>=])?\s*(?P<p>0?\.\d+|1\.0+)")
P_HEADER = re.compile(r"(?i)\W*p(?:[ -]values?)?\W*$")
LOG_RANK = re.compile(r"(?i)log-?\s?rank")
LEVEL = re.compile(r"(?P<level>\d\d(?:\.\d+)?)\s*%\s*C[rR]?I")
TIME = re.compile(
    r"(?i)\b(?:(?P<v>\d+)[- ](?P<unit>day|week|month|year|mo|wk|yr)|(?P<unit2>day|week|month|year)s?\s+(?P<v2>\d+))"
)
UNIT = re.compile(r"(?i)\b(?:(?P<unit>day|week|month|year)s?|(?P<short>mo|wk|yr)s?)\b")
UNITS = {"mo": "months", "wk": "weeks", "yr": "years"}
SURVIVAL = re.compile(r"(?i)survival|-free|\b(?:OS|PFS|DFS|EFS|RFS)\b|\balive\b")
FORMS = [(form, re.compile(text, re.I)) for form, text in LABELS.items()]


def read_tables(document: Document, text: str) -> list[tuple[int, int]]:
    """Propose the figures of every table, list the numbers of those that can't be read, and return the places of all."""
    places = []
    for table in tables(text):
        places.append((table.start, table.end))
        reason = why_not(document, table)
        oriented = table if not reason else turned(table)
        if reason and (BASELINE.search(table.caption) or why_not(document, oriented)):
            document.seen.append(Seen(table.start, table.end, reason))
            continue
        read_rows(document, oriented)
    return places


def turned(table: Table) -> Table:
    """Return a table with its rows as columns: the arms stand in the first column."""
    return Table(tuple(zip(*table.rows, strict=True)), table.caption)


def why_not(document: Document, table: Table) -> str:
    """Return why a table can't be read; nothing where its header names the arms that are compared."""
    if BASELINE.search(table.caption) or BASELINE.search(table.rows[0][0].text):
        return "table of the patients at baseline"
    columns = arm_columns(document, table.rows[0])
    if document.arms.control not in columns or len(columns) < 2:
        return "table whose header does not name the arms"
    return ""


def arm_columns(document: Document, header: Sequence[Cell]) -> dict[int, int]:
    """Return the column of each arm."""
    found: dict[int, int] = {}
    for number, cell in enumerate(header[1:], 1):
        named = {mention.arm for mention in document.arms.mentions(normalised(cell.text))}
        if len(named) == 1 and contrast_form(cell.text) == "":
            found.setdefault(named.pop(), number)
    return found


def contrast_form(words: str) -> str:
    """Return the form that words name: that of the label that stands first."""
    found = [(match.start(), form) for form, pattern in FORMS if (match := pattern.search(words))]
    return min(found)[1] if found else ""


def read_rows(document: Document, table: Table) -> None:
    """Propose the figures of every row."""
    header, *rows = table.rows
    columns = arm_columns(document, header)
    sizes = {arm: plain(match["n"]) for arm, number in columns.items() if (match := SIZE.search(header[number].text))}
    for row in rows:
        label = normalised(row[0].text)
        reason = trap_of(label) or ("describes the patients" if DESCRIBES.match(label) else "")
        if reason:
            document.seen.append(Seen(row[0].start, row[-1].end, reason))
            continue
        read_values(document, row, header, columns, sizes)
        if contrast_form(label):
            contrasts_by_arm(document, row, columns, next((r for r in rows if P_HEADER.match(r[0].text)), None))
        else:
            read_contrasts(document, row, header, set(columns.values()))


def read_values(
    document: Document,
    row: Sequence[Cell],
    header: Sequence[Cell],
    columns: dict[int, int],
    sizes: dict[int, str | None],
) -> None:
    """Propose the values of the arms of a row, where those of both are of one form."""
    control = document.arms.control
    read = {}
    for arm, number in columns.items():
        words = f"{row[0].text} {SIZE.sub('', header[number].text)}"
        read[arm] = value_of(normalised(row[number].text), normalised(words), sizes.get(arm))
    theirs = read.get(control) if control is not None else None
    for arm, mine in read.items():
        if arm == control or mine is None or theirs is None or mine[0] != theirs[0] or set(mine[1]) != set(theirs[1]):
            continue
        fields: dict[str, Value] = {f"{key}_e": value for key, value in mine[1].items()}
        fields |= {f"{key}_c": value for key, value in theirs[1].items()} | mine[2]
        ends = [row[columns[arm]], row[columns[control]]] if control is not None else []
        place = (min(cell.start for cell in ends), max(cell.end for cell in ends))
        labels: dict[str, str | bool] = {"outcome": row[0].text}
        if "unit" in fields:
            labels["unit"] = str(fields.pop("unit"))
        if len(document.arms.arms) > 2:
            labels["experimental"] = document.arms.arms[arm].name
        document.proposals.append(Proposal(mine[0], fields, "both", *place, "row of a table", labels))


Read = tuple[str, dict[str, Value], dict[str, Value]]


def value_of(cell: str, words: str, size: str | None) -> Read | None:
    """Return the form of a cell, its fields, and those that both arms share; nothing where the words do not show it."""
    for reader in (as_count, as_interval, as_error):
        if (found := reader(cell, words, size)) is not None:
            return found
    return None


def as_count(cell: str, words: str, size: str | None) -> Read | None:
    """Return events and patients, or a percentage."""
    if found := COUNT_OF.fullmatch(cell):
        return "counts", {"events": str(plain(found["events"])), "n": str(plain(found["n"]))}, {}
    if (found := COUNT.fullmatch(cell)) and not re.search(r"(?i)\b(?:SD|SE|SEM|IQR|mean|median)\b", words):
        events, share = str(plain(found["events"])), float(str(plain(found["percent"])))
        fits = size is not None and abs(100 * float(events) / max(1.0, float(size)) - share) < 0.6
        if size is not None and not fits:
            return None
        if fits or found["sign"] or "%" in words:
            return "counts", {"events": events, **({"n": str(size)} if fits else {})}, {}
    if (found := PERCENT.fullmatch(cell)) and not SURVIVAL.search(words):
        return "counts", {"percent": str(plain(found["percent"]))}, {}
    return None


def as_interval(cell: str, words: str, _size: str | None) -> Read | None:
    """Return a value with limits: a median with its interval or quartiles, a mean or a survival with its interval."""
    found = WITH_INTERVAL.fullmatch(cell)
    if found is None:
        return None
    value, limits = str(plain(found["v"])), [plain(found["low"]), plain(found["high"])]
    level = LEVEL.search(words)
    shared: dict[str, Value] = (
        {"level": f"{float(level['level']) / 100:g}"} if level and float(level["level"]) != 95 else {}
    )
    if re.search(r"(?i)\b(?:IQR|quartiles|Q1)\b", words):
        return "means", {"median": value, "q1": limits[0] or "", "q3": limits[1] or ""}, {}
    unit = UNIT.search(words)
    if re.search(r"(?i)\bmedian\b", words) and level and unit:
        name = f"{unit['unit'].lower()}s" if unit["unit"] else UNITS[unit["short"].lower()]
        return "median_survival", {"median": value, "ci": limits}, {**shared, "unit": name}
    time = TIME.search(words)
    if SURVIVAL.search(words) and time and level and ("%" in words or found["sign"]):
        return (
            "survival",
            {"survival": fraction(value), "ci": [None if x is None else fraction(x) for x in limits]},
            {**shared, **at(time)},
        )
    if re.search(r"(?i)\bmean\b", words) and level:
        return ("mean_change" if "change" in words.lower() else "means"), {"mean": value, "ci": limits}, shared
    return None


def at(time: re.Match[str]) -> dict[str, Value]:
    """Return a time with its unit."""
    unit = (time["unit"] or time["unit2"]).lower()
    return {"time": time["v"] or time["v2"], "unit": UNITS.get(unit, f"{unit}s")}


def as_error(cell: str, words: str, _size: str | None) -> Read | None:
    """Return a value with the error that the words name: a mean with SD or SE, a survival with SE."""
    found = WITH_ERROR.fullmatch(cell)
    named = re.search(r"\b(?:(?P<sd>SD|[Ss]tandard deviation)|(?P<se>SEM?|[Ss]tandard error))\b", words)
    if found is None or named is None:
        return None
    value, error = str(plain(found["v"])), str(plain(found["error"] or found["pm"]))
    time = TIME.search(words)
    if SURVIVAL.search(words) and time and named["se"] and "%" in words:
        return "survival", {"survival": fraction(value), "se": fraction(error)}, at(time)
    form = "mean_change" if re.search(r"(?i)\bchange\b", words) else "means"
    return form, {"mean": value, str(named.lastgroup): error}, {}


def read_contrasts(document: Document, row: Sequence[Cell], header: Sequence[Cell], taken: set[int]) -> None:
    """Propose the contrast of a row, with the p value of its own cell or of a column of p values."""
    p_column = next((n for n, cell in enumerate(header) if P_HEADER.match(cell.text)), None)
    for number, cell in enumerate(row):
        words = normalised(f"{header[number].text} {cell.text}")
        form = contrast_form(words)
        own = normalised(cell.text)
        found = WITH_INTERVAL.search(own)
        if number in taken or not number or not form or found is None:
            continue
        share = bool(found["sign"]) or "%" in header[number].text.split("(")[0]
        fields = dict(contrast(form, found, words, share=share))
        if form == "mean_difference" and share:
            form = "risk_difference"
        fields |= p_of(own[found.end() :]) or (p_of(normalised(row[p_column].text)) if p_column is not None else {})
        labels: dict[str, str | bool] = {"outcome": row[0].text}
        document.proposals.append(Proposal(form, fields, "both", cell.start, cell.end, "contrast of a table", labels))
    for cell in row[1:]:
        if LOG_RANK.search(cell.text) and (fields := p_of(normalised(cell.text))):
            document.proposals.append(Proposal("logrank", fields, "both", cell.start, cell.end, "contrast of a table"))


def contrasts_by_arm(
    document: Document, row: Sequence[Cell], columns: dict[int, int], p_row: Sequence[Cell] | None
) -> None:
    """Propose the contrasts of a row with one for each experimental arm, as a table has with its arms as rows."""
    words = normalised(row[0].text)
    for arm, number in columns.items():
        found = WITH_INTERVAL.fullmatch(normalised(row[number].text))
        if found is None or arm == document.arms.control:
            continue
        form = contrast_form(words)
        fields = dict(contrast(form, found, words, share=bool(found["sign"])))
        fields |= p_of(normalised(p_row[number].text)) if p_row is not None else {}
        labels: dict[str, str | bool] = {"outcome": row[0].text}
        if len(document.arms.arms) > 2:
            labels["experimental"] = document.arms.arms[arm].name
        cell = row[number]
        document.proposals.append(Proposal(form, fields, "both", cell.start, cell.end, "contrast of a table", labels))


def contrast(form: str, found: re.Match[str], words: str, *, share: bool) -> Iterator[tuple[str, Value]]:
    """Yield the fields of a contrast; a difference in percent is a fraction."""
    estimate, limits = str(plain(found["v"])), [plain(found["low"]), plain(found["high"])]
    if share and form in ("mean_difference", "risk_difference"):
        estimate, limits = as_fraction(estimate), [None if limit is None else as_fraction(limit) for limit in limits]
    yield "estimate", estimate
    yield "ci", limits
    level = LEVEL.search(words)
    if level and float(level["level"]) != 95:
        yield "level", f"{float(level['level']) / 100:g}"


def as_fraction(percent: str) -> str:
    """Return a percentage with its sign as a fraction."""
    return f"-{fraction(percent[1:])}" if percent.startswith("-") else fraction(percent)


def p_of(words: str) -> dict[str, Value]:
    """Return the p value of a cell."""
    found = P_VALUE.search(words)
    return {"p": str(plain(found["p"])), "p_op": found["op"] or "="} if found else {}
