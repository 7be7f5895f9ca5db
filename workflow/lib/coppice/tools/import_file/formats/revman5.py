"""RevMan 5 reviews (.rm5, also zipped): studies, outcomes of all kinds, settings, and the results that RevMan stored."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element  # nosec B405: the type only; `markup.py` parses

from coppice.tools.import_file.archive import is_archive, members
from coppice.tools.import_file.imported import Imported, NotImported, StoredResult
from coppice.tools.import_file.plain_text import made_id, plain, plain_name
from coppice.tools.import_file.revman5 import figures, studies
from coppice.tools.import_file.revman5.markup import ROOT, is_revman, parse
from coppice.tools.import_file.revman5.settings import PROGRAM, Settings, number, settings_of

KINDS = ("DICH", "CONT", "IV", "IPD", "OTHER")
SUFFIXES = (".rm5",)
INTERVENTION = "INTERVENTION"
REPORT = "revman"  # key of the file itself among the reports of a study
SORTS = {"STUDY": "label", "YEAR": "year", "WEIGHT": "weight", "EFFECT_SIZE": "effect"}
FAVOURS = ("favours ", "favors ")


def recognises(content: bytes, name: str) -> bool:
    """Return whether the file is a RevMan 5 review, or an archive with one."""
    if is_archive(content):
        return next(members(content, name, SUFFIXES), None) is not None
    return is_revman(content) or name.lower().endswith(SUFFIXES)


def read(content: bytes, name: str) -> Imported:
    """Read a review.

    Raises
    ------
    NotImported
        If it can't be read, is not of interventions, or has no studies.
    """
    if is_archive(content):
        found = list(members(content, name, SUFFIXES))
        if len(found) != 1:
            raise NotImported(f"{name}: holds {len(found)} RevMan files; unpack it and import one of them")
        content = found[0][1]
    root, notes = parse(content, name)
    if root.tag != ROOT:
        raise NotImported(
            f"{name}: is not a RevMan 5 review: its root element is <{plain_name(root.tag)[:40]}>, not <{ROOT}>"
        )
    kind = plain_name(root.get("TYPE") or "").upper() or INTERVENTION
    if kind != INTERVENTION:
        raise NotImported(f"{name}: is a review of the type {kind[:40]}; only reviews of interventions are imported")
    return Review(root, name, notes).imported()


class Review:
    """Builds what is imported of a review, outcome by outcome."""

    def __init__(self, root: Element, file: str, notes: list[str]) -> None:
        self.root = root
        self.file = file
        self.notes = notes
        self.left_out: list[str] = list(studies.not_taken_over(root))
        self.analyses: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, str] = {}
        self.stored: dict[str, StoredResult] = {}
        self.sorts: list[str] = []
        self.listed = {item.get("ID") or "": item for item in root.iterfind(".//STUDIES//STUDY")}
        self.table = studies.characteristics(root)
        self.risk_of_bias = studies.risk_of_bias(root)
        self.ids: dict[str, str] = {}
        self.records: dict[str, dict[str, Any]] = {}
        self.arms: dict[str, set[tuple[str, str]]] = {}
        self.title = (
            studies.text_in(root.find("COVER_SHEET/TITLE"))
            or f"RevMan review {plain_name(root.get('ID') or '')}".strip()
        )

    def imported(self) -> Imported:
        """Return the whole review."""
        for item in self.root.iterfind(".//INCLUDED_STUDIES/STUDY"):
            self.study(item.get("ID") or "")
        comparisons = list(self.root.iterfind("ANALYSES_AND_DATA/COMPARISON"))
        for position, comparison in enumerate(comparisons, start=1):
            self.comparison(comparison, position, is_only=len(comparisons) == 1)
        if not self.records:
            raise NotImported(f"{self.file}: has no included study and no data")
        if not self.analyses:
            self.notes.append(f"{self.file}: has no outcome that is pooled, so that there is no analysis yet")
        for study, pairs in self.arms.items():
            if len(pairs) == 1 and all(next(iter(pairs))):
                experimental, control = next(iter(pairs))
                self.records[study]["arms"] = {"experimental": {"name": experimental}, "control": {"name": control}}
        return Imported(
            file=self.file,
            format="revman5",
            records=self.records,
            config=self.config(),
            comments=self.comments,
            stored=self.stored,
            left_out=self.left_out,
            notes=self.notes,
        )

    def study(self, revman_id: str) -> str:
        """Return the id of a study, whose record is made when it is first named."""
        if revman_id not in self.ids:
            item = self.listed.get(revman_id)
            label = studies.label_of(item, revman_id)
            study = made_id(label, self.records)
            self.ids[revman_id] = study
            record = studies.record(item, label, self.table.get(revman_id, {}))
            reports = {REPORT: self.report(), **studies.references(item)}
            assessment = self.risk_of_bias.get(revman_id)
            self.records[study] = {
                "study": study,
                **record,
                "reports": reports,
                "outcomes": {},
                **({"risk_of_bias": assessment} if assessment else {}),
            }
            self.arms[study] = set()
        return self.ids[revman_id]

    def report(self) -> dict[str, str]:
        """Return the file as the report in which its figures were read."""
        doi = plain(self.root.get("DOI") or "")
        return {
            "citation": plain(f"{self.title.rstrip('.')}. {PROGRAM} file {self.file}"),
            **({"doi": doi} if doi else {}),
        }

    def comparison(self, element: Element, position: int, *, is_only: bool) -> None:
        """Take over the outcomes of a comparison."""
        first = element.get("NO") or str(position)
        name = studies.name_in(element, "NAME")
        outcomes = [
            item for item in element if item.tag.removesuffix("_OUTCOME") in KINDS and item.tag.endswith("_OUTCOME")
        ]
        for index, item in enumerate(outcomes, start=1):
            kind = item.tag.removesuffix("_OUTCOME")
            settings = settings_of(item, kind, plain_name(f"{first}.{item.get('NO') or index}"))
            own = studies.name_in(item, "NAME") or settings.at
            self.outcome(settings, own if is_only or not name else plain_name(f"{name}: {own}"))

    def outcome(self, settings: Settings, title: str) -> None:
        """Take over an outcome: its rows into the records, its settings as an analysis, its results to compare with."""
        if settings.kind == "OTHER":
            self.left_out.append(f"{settings.at} ({title}): a table of texts, which can't be pooled")
            return
        if settings.measure is None:
            self.left_out.append(
                f"{settings.at} ({title}): its measure, {settings.stated}, is none that is pooled here"
            )
            return
        key = made_id(f"a{settings.number.replace('.', '_')}", self.analyses)
        if self.rows(settings, key, title):
            self.analysis(settings, key, title)

    def rows(self, settings: Settings, key: str, title: str) -> bool:
        """Add the rows of an outcome to the records; return whether there are any."""
        rows = list(figures.rows_of(settings))
        pair = (studies.name_in(settings.element, "GROUP_LABEL_1"), studies.name_in(settings.element, "GROUP_LABEL_2"))
        several = {study: count for study, count in Counter(row.study for row in rows).items() if count > 1}
        populations: dict[str, set[str]] = {}
        for row in rows:
            study = self.study(row.study)
            outcome = self.records[study]["outcomes"].setdefault(key, {"definition": title, "reported": []})
            taken = populations.setdefault(study, set())
            parts = (figures.part_of(study, row, tried) for tried in range(1, len(rows) + 2))
            population = next(part for part in parts if part not in taken) if row.study in several else None
            taken |= {population} if population else set()
            try:
                outcome["reported"].append(figures.figure(settings, row, population, REPORT))
                self.arms[study].add(pair)
            except figures.Unusable as error:
                outcome["note"] = f"in {settings.at} {error}"
                self.left_out.append(f"{settings.at}{row.within}: {self.records[study]['label']}: {error}")
        self.note_shared_controls(settings, [row for row in rows if row.study in several])
        return bool(rows)

    def note_shared_controls(self, settings: Settings, rows: list[figures.Row]) -> None:
        """Note the studies whose control arm is counted in several subgroups."""
        counted = Counter((row.study, row.control) for row in rows if any(row.control))
        labels = dict.fromkeys(
            self.records[self.ids[study]]["label"] for (study, _), times in counted.items() if times > 1
        )
        if labels:
            self.notes.append(
                f"{settings.at}: has the same control arm in several subgroups, so that its patients count more than once: {', '.join(labels)}"
            )

    def analysis(self, settings: Settings, key: str, title: str) -> None:
        """Add the analysis of an outcome, unless RevMan does not pool it."""
        subgroups = figures.subgroups_of(settings)
        if settings.totals == "NO" or (settings.totals == "SUB" and not subgroups):
            self.left_out.append(
                f"{settings.at} ({title}): RevMan gives no total; its figures are in the records, without an analysis"
            )
            return
        graph = [studies.name_in(settings.element, f"GRAPH_LABEL_{side}") for side in (1, 2)]
        favours = [
            text[len(start) :]
            if text.lower().startswith(start := FAVOURS[0]) or text.lower().startswith(start := FAVOURS[1])
            else text
            for text in graph
        ]
        self.analyses[key] = {
            "title": title,
            "outcome": key,
            "measure": settings.measure,
            "include": {"study": [study for study, record in self.records.items() if key in record["outcomes"]]},
            **({"subgroups": figures.BY_SUBGROUP} if subgroups else {}),
            **({"overall": False} if settings.totals == "SUB" else {}),
            **({"favours": favours} if all(favours) else {}),
            **({"model": settings.model} if settings.model else {}),
            **({"note": settings.note} if settings.note else {}),
            **(
                {"extract": {"smd_variance": "RevMan"}} if settings.kind == "CONT" and settings.measure == "SMD" else {}
            ),
        }
        self.comments[f"analyses.{key}.measure"] = settings.comment
        self.stored[key] = settings.stored(subgroups)
        self.sorts.append((settings.element.get("SORT_BY") or "").upper())
        of_studies = number(settings.element, "CI_STUDY")
        if of_studies and abs(of_studies / 100 - settings.level) > 1e-9:
            self.notes.append(
                f"{settings.at}: RevMan gives the studies {of_studies:g}% intervals and the total {100 * settings.level:g}%; here all have the latter"
            )
        if settings.measure == "GEN":
            self.notes.append(
                f"{settings.at}: the measure, {settings.stated or 'without a name'}, is none that is named here; it is pooled as it stands, with 0 for no effect"
            )

    def config(self) -> dict[str, Any]:
        """Return the configuration."""
        names = [
            " ".join(
                filter(None, (studies.text_in(person, tag) for tag in ("FIRST_NAME", "MIDDLE_INITIALS", "LAST_NAME")))
            )
            for person in self.root.iterfind("COVER_SHEET/CREATORS/PERSON")
        ]
        excluded = studies.excluded(self.root)
        sort = SORTS.get(self.sorts[0]) if len(set(self.sorts)) == 1 else None
        if len(set(self.sorts)) > 1:
            self.notes.append(
                f"{self.file}: its analyses sort their studies in several ways, which forest plots here do not"
            )
        searched = self.searched()
        return {
            "review": {
                "title": self.title,
                **({"authors": authors} if (authors := list(filter(None, names))) else {}),
                **({"searched": searched} if searched else {}),
                **({"selection": excluded} if excluded else {}),
            },
            "studies": "config/studies",
            "profile": "revman5",
            "analyses": self.analyses,
            **({"figures": {"forest": {"sort": sort}}} if sort else {}),
        }

    def searched(self) -> str | None:
        """Return the date of the last search, if it is a whole date."""
        item = self.root.find("COVER_SHEET/DATES/LAST_SEARCH/DATE")
        parts = [] if item is None else [item.get(name) or "" for name in ("YEAR", "MONTH", "DAY")]
        try:
            return date(*map(int, parts)).isoformat() if len(parts) == 3 else None
        except (ValueError, TypeError, OverflowError):
            return None
