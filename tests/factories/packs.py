"""Packs for tests: Beijing's, a copy that a test may spoil, and an installed edition."""

import json
import shutil
from datetime import datetime
from functools import cache
from pathlib import Path

from django.conf import settings

from greenward.core import clock
from greenward.packs.loader.loading import content, digest, from_content, load
from greenward.packs.models import InstalledPack
from greenward.packs.schema.pack import Pack

BEIJING = settings.ROOT / "packs" / "beijing-2021"


FORMER = settings.ROOT / "tests" / "packs" / "data" / "beijing-2021.1.json"
"""What an installation holds of Beijing's first edition, from before packs had a dictionary."""
FORMER_DIGEST = "f26cdffa2daaf015862c5e82e8125c4c0685fd4c2c97061d96d0b89d44849286"


def former_beijing() -> Pack:
    """Return Beijing's first edition as installations have it stored."""
    return from_content(json.loads(FORMER.read_text(encoding="utf-8")))


def install_former_beijing(*, at: datetime | None = None) -> InstalledPack:
    """Store Beijing's first edition as an installation of that time did."""
    return InstalledPack.objects.create(
        pack_id="beijing-2021",
        edition="2021.1",
        digest=FORMER_DIGEST,
        content=json.loads(FORMER.read_text(encoding="utf-8")),
        installed_at=at or clock.now(),
    )


def copy_of_beijing(folder: Path) -> Path:
    """Return a copy of Beijing's pack inside a folder."""
    copy = folder / "beijing-2021"
    shutil.copytree(BEIJING, copy)
    return copy


def spoil(pack: Path, file: str, old: str, new: str) -> int:
    """Replace a text that stands once in a pack's file; return the line, from 1, where it stands."""
    path = pack / file
    text = path.read_text(encoding="utf-8")
    if text.count(old) != 1:
        raise AssertionError(f"{old!r} stands {text.count(old)} times in {file}")
    path.write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


@cache
def beijing_pack() -> Pack:
    """Return Beijing's pack as the repository holds it."""
    return load(BEIJING)


def store(pack: Pack, *, at: datetime | None = None) -> InstalledPack:
    """Store a pack as installing its folder does, without reading and trying it again."""
    return InstalledPack.objects.create(
        pack_id=pack.manifest.id,
        edition=pack.manifest.edition,
        digest=digest(pack),
        content=content(pack),
        installed_at=at or clock.now(),
    )


def install_beijing(*, at: datetime | None = None) -> InstalledPack:
    """Store Beijing's pack."""
    return store(beijing_pack(), at=at)


GROUPS = {
    "community.yaml": """\
id: people
title: {zh: 人口, en: People}
level: community
fields:
  - {id: households, label: {zh: 户数, en: Households}, type: count, aliases: [总户数], valid_months: 12}
  - {id: residents, label: {zh: 人口数, en: Residents}, type: count, usual_change: 0.3,
     compare_by: households}
  - {id: has_lift, label: {zh: 有电梯, en: Has a lift}, type: bool}
  - {id: lifts, label: {zh: 电梯数, en: Lifts}, type: count}
  - id: schools
    label: {zh: 学校, en: Schools}
    type: table
    columns:
      - {id: name, label: {zh: 校名, en: Name}, type: text}
      - {id: pupils, label: {zh: 学生数, en: Pupils}, type: count}
  - {id: map, label: {zh: 平面图, en: Map}, type: file}
""",
    "tree.yaml": """\
id: trees
title: {zh: 古树, en: Old trees}
level: facility
sort: old-tree
fields:
  - {id: number, label: {zh: 编号, en: Number}, type: text}
  - {id: position, label: {zh: 位置, en: Position}, type: position}
""",
}
FORMS = {
    "community.yaml": """\
id: community
title: {zh: 社区表, en: Community}
level: community
sections:
  - id: people
    title: {zh: 人口, en: People}
    ask:
      - {field: households, required: true}
      - {field: has_lift}
      - {field: lifts, when: has_lift}
    fields:
      - {id: remark, label: {zh: 备注, en: Remark}, type: text}
  - id: rest
    title: {zh: 其他, en: Rest}
    ask: [{field: schools}, {field: map}, {field: residents}]
""",
    "tree.yaml": """\
id: old-tree
title: {zh: 古树表, en: Old tree}
level: facility
sort: old-tree
parent: community
key: number
sections:
  - id: tree
    title: {zh: 古树, en: Tree}
    ask:
      - {field: number, required: true}
      - {field: position}
""",
}
CARD = """\
id: {name}
edition: "2025.1"
title: {{zh: 试验, en: Trial}}
territory: "990000000000"
languages: [zh, en]
documents: [{{id: plan, number: 示〔2025〕1号, title: 方案, issuer: 局}}]
"""
REST = {
    "clauses.yaml": '- {id: "1", text: 各区50%以上的社区达到要求。, document: plan}\n',
    "phases.yaml": """\
- {id: year, title: {zh: 年, en: Year}, first_month: 2025-01, last_month: 2025-12, clause: "1"}
""",
    "targets.yaml": """\
- id: half
  level: district
  measure: meeting
  share: 0.5
  due: 2025-12-31
  reading: stated
  clause: "1"
  definition: {zh: 达标数 ÷ 社区数, en: Meeting over all}
  denominator_on: 2025-12-31
""",
    "duties.yaml": "[]\n",
    "departments.yaml": "- {slug: housing, name: {zh: 住建局, en: Housing}}\n",
    "responsibilities.yaml": '- {area: life, departments: [housing], clause: "1"}\n',
    "facts.yaml": """\
- {id: lifts, label: {zh: 电梯数, en: Lifts}, type: count, origin: {form: community, field: lifts}}
- {id: trees, label: {zh: 古树数, en: Trees}, type: count, origin: {form: old-tree, aggregate: count}}
""",
    "standard.yaml": """\
id: trial
title: {zh: 标准, en: Standard}
document: plan
verified: true
requires: all
expected: {areas: 1, items: 1}
areas: [{id: life, title: {zh: 生活, en: Life}, clause: "1", items: 1}]
items:
  - id: "1"
    area: life
    title: {zh: 有电梯, en: Lifts}
    short: {zh: 电梯, en: Lifts}
    rule: lifts >= 1
    clause: "1"
    verified: true
    how_to: {zh: 加装。, en: Add one.}
    evidence: {zh: 照片。, en: A picture.}
    departments: [housing]
""",
    "route.yaml": """\
id: route
title: {zh: 申报, en: Application}
clause: "1"
steps:
- {id: apply, title: {zh: 申报, en: Apply}, level: community, clause: "1"}
- {id: review, title: {zh: 审核, en: Review}, level: district, clause: "1"}
""",
    "checks.yaml": """\
- {id: few-trees, rule: trees <= lifts + 10, message: {zh: 树太多, en: Too many trees}, level: warning}
""",
    "cases/met.yaml": """\
id: met
title: {zh: 有, en: Some}
as_of: 2025-10-01
facts: {lifts: 1}
expect: {verdict: met}
""",
}


def small_pack(folder: Path, name: str = "small") -> Path:
    """Write a small sound pack with a dictionary of two levels into a folder of its own, and return that."""
    pack = folder / name
    files = {"pack.yaml": CARD.format(name=name)} | REST
    files |= {f"fields/{file}": text for file, text in GROUPS.items()}
    files |= {f"forms/{file}": text for file, text in FORMS.items()}
    for file, text in files.items():
        (pack / file).parent.mkdir(parents=True, exist_ok=True)
        (pack / file).write_text(text, encoding="utf-8")
    return pack


EXAMPLE = settings.ROOT / "packs" / "example-hundred"


@cache
def example_pack() -> Pack:
    """Return the model of a hundred points as the repository holds it."""
    return load(EXAMPLE)
