"""The metadata of a research object: who made which file from which others, by the profiles of Workflow Run RO-Crate.

RO-Crate 1.1, doi:10.3233/DS-210053; Workflow Run RO-Crate 0.5, doi:10.1371/journal.pone.0309210. Every step of the
workflow is an action with its inputs and outputs (the Provenance Run Crate profile). No action has a time: the same
inputs give the same bytes, and the profiles recommend times without requiring them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from coppice import __version__
from coppice.report.contents import authors
from coppice.report.data.crate_steps import Step, steps
from coppice.report.report_data import ReviewView

Entity = dict[str, Any]
CONTEXT = ["https://w3id.org/ro/crate/1.1/context", "https://w3id.org/ro/terms/workflow-run/context"]
CRATE, WORKFLOW_CRATE = "https://w3id.org/ro/crate/1.1", "https://w3id.org/workflowhub/workflow-ro-crate/1.0"
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": ("Process Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/workflow/0.5": ("Workflow Run Crate", "0.5"),
    "https://w3id.org/ro/wfrun/provenance/0.5": ("Provenance Run Crate", "0.5"),
    WORKFLOW_CRATE: ("Workflow RO-Crate", "1.0"),
}
BIOSCHEMAS = "https://bioschemas.org/profiles/ComputationalWorkflow/1.0-RELEASE"
PARAMETER = "https://bioschemas.org/profiles/FormalParameter/1.0-RELEASE"
DONE = "http://schema.org/CompletedActionStatus"
METADATA, ROOT, WORKFLOW, RUN = "ro-crate-metadata.json", "./", "workflow/Snakefile", "#run"
LANGUAGE, ENGINE, SNAKEMAKE = "#snakemake-language", "#software-snakemake", "https://snakemake.github.io"
LOCK, LICENCE, README = "requirements.lock", "LICENSE", "README.md"
VERBS = {
    "extract": "reads the figures of one outcome of one study and makes effects of them",
    "pool": "pools the effects of one analysis",
    "explore": "explores how much one analysis depends on single studies and choices",
    "draw": "draws the figures of one analysis or of the review",
    "report": "writes the report of the whole review",
}
READ = {"read": "proposes figures from a text that no record quotes"}
MEDIA = {
    "cff": "text/yaml", "css": "text/css", "csv": "text/csv", "html": "text/html", "ipynb": "application/x-ipynb+json",
    "j2": "text/plain", "js": "text/javascript", "json": "application/json", "lock": "text/plain", "md": "text/markdown",
    "pdf": "application/pdf", "png": "image/png", "py": "text/x-python", "rst": "text/x-rst", "svg": "image/svg+xml",
    "toml": "application/toml", "tsv": "text/tab-separated-values", "yaml": "text/yaml", "yml": "text/yaml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
CONFIGURATION, STUDIES, RESULTS = "#parameter-configuration", "#parameter-studies", "#parameter-results"
PARAMETERS = {
    CONFIGURATION: ("configuration", "The question, the analyses, the models, the report"),
    STUDIES: ("studies", "What each study reported, and where it was read"),
    RESULTS: ("results", "Effects, pooled and explored estimates, figures and the report"),
}


@dataclass(frozen=True, slots=True)
class Packed:
    """One file of the research object: its name in it, its size in bytes and its SHA-256."""

    name: str
    size: int
    sha256: str


def graph(review: ReviewView, files: Sequence[Packed]) -> dict[str, Any]:
    """Return the content of ``ro-crate-metadata.json``: JSON-LD, in an order that depends only on the names.

    `files` are all files of the research object but the metadata.
    """
    done = list(steps(review, [file.name for file in files]))
    entities = [
        *_descriptor(),
        _root(review, files, done),
        *(_file(file, None) | _workflow(review) for file in files if file.name == WORKFLOW),
        *_software(review),
        *_parameters(review, files),
        *_people(review),
        *(_file(file, _parameter_of(review, file.name)) for file in files if file.name != WORKFLOW),
        *_run(review, files, done),
        *(entity for step in done for entity in _action(step)),
    ]
    return {"@context": CONTEXT, "@graph": [_compact(entity) for entity in entities]}


def _compact(entity: Entity) -> Entity:
    """Return an entity in the form that RO-Crate recommends: no empty list, and no list of one."""
    full = {key: value for key, value in entity.items() if value != []}
    return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in full.items()}


def _ref(name: str) -> dict[str, str]:
    return {"@id": quote(name, safe="/#:%")}


def _refs(names: Iterable[str]) -> list[dict[str, str]]:
    return [_ref(name) for name in names]


def _entity(id_: str, type_: str | list[str], **properties: object) -> Entity:
    return {"@id": id_, "@type": type_, **properties}


def _descriptor() -> Iterator[Entity]:
    yield _entity(METADATA, "CreativeWork", about=_ref(ROOT), conformsTo=_refs([CRATE, WORKFLOW_CRATE]))
    for address, (name, version) in PROFILES.items():
        yield _entity(address, "CreativeWork", name=name, version=version)


def _root(review: ReviewView, files: Sequence[Packed], done: Sequence[Step]) -> Entity:
    licence, (date, of) = review.about.get("licence"), published(review)
    unlicensed = " No licence of the review's content is stated; that of the workflow is in the file LICENSE."
    lead = "A meta-analysis: its inputs, the workflow, every result and how it was made."
    return _entity(
        ROOT,
        "Dataset",
        name=str(review.about["title"]),
        description=f"{lead} Dated by {of}.{'' if licence else unlicensed}",
        datePublished=date,
        license=str(licence or "not stated"),
        conformsTo=_refs(PROFILES),
        mainEntity=_ref(WORKFLOW),
        hasPart=_refs(file.name for file in files),
        mentions=_refs([RUN, *(step.id for step in done)]),
        author=_refs(person["@id"] for person in _people(review)),
    )


def published(review: ReviewView) -> tuple[str, str]:
    """Return the date that RO-Crate requires, and what it is the date of: never that of the run."""
    for key, of in (("published", "its configuration"), ("searched", "its last search")):
        if review.about.get(key):
            return str(review.about[key]), of
    years = [study["year"] for study in review.studies.values() if study.get("year")]
    return (str(max(years)), "its newest study") if years else ("1970", "nothing: no date is known")


def _people(review: ReviewView) -> Iterator[Entity]:
    for number, name in enumerate(authors(review), start=1):
        yield _entity(f"#author-{number}", "Person", name=name)


def _workflow(review: ReviewView) -> Entity:
    names = {item["name"] for item in review.spec["packed"]}
    software = [f"#software-{name}" for name in sorted(review.spec.get("versions") or {})]
    return _entity(
        WORKFLOW,
        ["File", "SoftwareSourceCode", "ComputationalWorkflow", "HowTo"],
        name="Coppice",
        description="Extracts effects from study records, pools, explores and draws them, and writes the report.",
        version=__version__,
        identifier=f"sha256:{review.spec.get('code')}",
        programmingLanguage=_ref(LANGUAGE),
        conformsTo=_ref(BIOSCHEMAS),
        input=_refs([CONFIGURATION, STUDIES]),
        output=_ref(RESULTS),
        hasPart=_refs(f"#{verb}" for verb in verbs_of(review)),
        step=_refs(f"#step-{verb}" for verb in verbs_of(review)),
        softwareRequirements=_refs([*([LOCK] if LOCK in names else []), *software]),
        license=_refs([LICENCE] if LICENCE in names else []),
    )


def verbs_of(review: ReviewView) -> dict[str, str]:
    """Return the verbs of a run by name, each with what it does; `read` where there are texts to read."""
    return VERBS | (READ if review.spec.get("read") else {})


def _software(review: ReviewView) -> Iterator[Entity]:
    yield _entity(LANGUAGE, "ComputerLanguage", name="Snakemake", identifier=_ref(SNAKEMAKE), url=_ref(SNAKEMAKE))
    for name, version in sorted((review.spec.get("versions") or {}).items()):
        yield _entity(f"#software-{name}", "SoftwareApplication", name=name, softwareVersion=str(version))
    for position, (verb, purpose) in enumerate(verbs_of(review).items(), start=1):
        command = {"name": f"python -m coppice {verb}", "description": f"It {purpose}.", "softwareVersion": __version__}
        yield _entity(f"#{verb}", "SoftwareApplication", **command)
        yield _entity(f"#step-{verb}", "HowToStep", name=verb, position=str(position), workExample=_ref(f"#{verb}"))


def _parameters(review: ReviewView, files: Sequence[Packed]) -> Iterator[Entity]:
    for id_, (name, description) in PARAMETERS.items():
        examples = _refs(file.name for file in files if _parameter_of(review, file.name) == id_)
        about = {"name": name, "description": description, "conformsTo": _ref(PARAMETER), "workExample": examples}
        yield _entity(id_, "FormalParameter", additionalType="File", **about)


def _parameter_of(review: ReviewView, name: str) -> str | None:
    """Return the parameter of the workflow that a file is a value of."""
    if name in review.spec["records"].values():
        return STUDIES
    if name in review.spec["configuration"]:
        return CONFIGURATION
    return RESULTS if name.startswith("results/") else None


def _file(file: Packed, parameter: str | None) -> Entity:
    return _entity(
        quote(file.name),
        "File",
        name=file.name,
        contentSize=str(file.size),
        sha256=file.sha256,
        encodingFormat=MEDIA.get(file.name.rpartition(".")[2], "text/plain"),
        exampleOfWork=_refs([parameter] if parameter else []),
        about=_refs([ROOT] if file.name == README else []),
    )


def _run(review: ReviewView, files: Sequence[Packed], done: Sequence[Step]) -> Iterator[Entity]:
    yield _entity(
        RUN,
        "CreateAction",
        name="Run of the workflow",
        description="No time is recorded: the same inputs give the same bytes, whenever they are run.",
        instrument=_ref(WORKFLOW),
        actionStatus=DONE,
        object=_refs([*review.spec["configuration"], *sorted(set(review.spec["records"].values()))]),
        result=_refs(file.name for file in files if file.name.startswith("results/")),
    )
    yield _entity(
        "#organize",
        "OrganizeAction",
        name="Snakemake ran the steps",
        instrument=_ref(ENGINE),
        actionStatus=DONE,
        object=_refs(f"{step.id}-control" for step in done),
        result=_ref(RUN),
    )


def _action(step: Step) -> Iterator[Entity]:
    yield _entity(
        step.id,
        "CreateAction",
        name=f"{step.verb} {step.unit}",
        description=f"It {(VERBS | READ)[step.verb]}.",
        instrument=_ref(f"#{step.verb}"),
        actionStatus=DONE,
        object=_refs(step.reads),
        result=_refs(step.writes),
    )
    yield _entity(
        f"{step.id}-control",
        "ControlAction",
        name=f"ran {step.verb} {step.unit}",
        instrument=_ref(f"#step-{step.verb}"),
        object=_ref(step.id),
        actionStatus=DONE,
    )
