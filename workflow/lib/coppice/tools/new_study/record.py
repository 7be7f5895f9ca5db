"""The text of an empty record: valid as it is, with everything it may say in comments drawn from the registries."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

from coppice.core.reported_fields import QUALITIES
from coppice.core.reported_statistics import STATISTICS
from coppice.core.schema import Key
from coppice.core.study import DESIGNS
from coppice.review.figure_keys import COMMON_KEYS, SOURCE

WIDTH = 118

HEAD = """\
# One study: every figure as it was reported, and where it was read. Take the figures as they were printed and leave
# every calculation to the workflow; what is not known is null. config/README.md explains each key.
study: {study}
label: {study}
# Year of the main report.
year: null
# One of {designs}; null where it is not known.
design: null
# The patients, as a path. Two effects with the same path, or one above the other, are never pooled together.
population: {study}
# What analyses select and group by: any key, one value each, e.g. setting: first line
characteristics: {{}}
# The arms, spelt the same in every record, as the figures print them:
# arms:
#   experimental: {{name: ..., n: ...}}
#   control: {{name: ..., n: ...}}
# Every report of the study by a key of your choice, e.g.
#   journal2025: {{citation: "Author A, et al. Journal 2025;1:1-9", pmid: null, doi: null}}
reports: {{}}
# What was reported, by outcome; the keys are those of `outcome:` in config.yaml. An outcome with nothing to pool has an
# empty list and a note with the reason, e.g.
#   os:
#     definition: Overall survival
#     reported:
#       - statistic: hazard_ratio
#         estimate: 0.70
#         ci: [0.47, 1.03]
#         source: {{report: journal2025, at: abstract, read_in: null, quality: primary}}
#   mrd:
#     definition: null
#     reported: []
#     note: not measured after the randomised treatment
outcomes: {{}}
"""
TAIL = """\
# Judgements made by people, e.g. {tool: RoB 2, domains: {D1: low}, overall: some concerns}; null prints as "not
# assessed".
risk_of_bias: null
note: null
"""


def comment(text: str, indent: str = "") -> Iterator[str]:
    """Yield the lines of a comment, wrapped."""
    yield from textwrap.wrap(text, WIDTH, initial_indent=f"# {indent}", subsequent_indent=f"# {indent}  ")


def names(keys: Iterable[Key]) -> str:
    """Return the names of keys, separated by commas."""
    return ", ".join(key.name for key in keys)


def forms() -> Iterator[str]:
    """Yield a comment with every form of a figure and its fields."""
    yield from comment("The forms of a figure (`statistic:`), each with its fields:")
    for statistic in STATISTICS.values():
        yield from comment(f"{statistic.name}: {names(statistic.keys)}", "  ")
    yield from comment(
        f"Every figure also has {names(COMMON_KEYS)}; its source has {names(SOURCE.keys)}, and quality is one of {', '.join(QUALITIES)}."
    )


def empty_record(study: str, schema: str | None = None) -> str:
    """Return the text of an empty record; editors complete its keys by the JSON schema, given as a relative path."""
    quoted = f'"{study}"' if study.isdigit() else study
    first = f"# yaml-language-server: $schema={schema}\n" if schema else ""
    return first + HEAD.format(study=quoted, designs=", ".join(DESIGNS)) + "\n".join(forms()) + "\n" + TAIL
