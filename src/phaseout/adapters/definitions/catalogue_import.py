"""Takes in an official catalogue from a file of our own form or from a table; says in what it differs from ours."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from phaseout.adapters.definitions.catalogue import CatalogueFile, ItemEntry, catalogue_of
from phaseout.adapters.definitions.yaml_data import BadDefinition, read_model
from phaseout.domain.catalogue import Catalogue, Category, Operator
from phaseout.domain.catalogue_change import field_words, item_words
from phaseout.domain.measures import Vocabulary, normalised, packed

# A table (.csv, .xlsx) has one line a condition; lines of one 编号 are one item, and all its conditions must hold.
COLUMNS = ("编号", "行业", "类别", "名称", "参数", "比较", "数值", "单位", "除外", "期限", "备注", "识别词")
NEEDED = ("编号", "行业", "名称")
HEADS_WITHIN = 10  # lines

_CATEGORIES = {
    "": "eliminated",
    "淘汰类": "eliminated",
    "限制类": "restricted",
    "行业规范": "entry_condition",
    "地方": "local",
}
_OPERATORS = {
    Operator.AT_MOST: ("及以下", "<=", "≤", "不大于", "不超过"),
    Operator.BELOW: ("以下", "<", "小于", "低于", "以下(不含)", "不足"),
    Operator.AT_LEAST: ("及以上", ">=", "≥", "不小于", "不低于"),
    Operator.ABOVE: ("以上", ">", "大于", "高于", "超过", "以上(不含)"),
    Operator.ONE_OF: ("为", "=", "==", "属于", "是"),
}
_WORDS_TO_OPERATOR = {
    packed(word): operator.value for operator, words in _OPERATORS.items() for word in (operator.value, *words)
}
# What an item keeps from ours of the same number when an official list, which knows nothing of it, leaves it out.
_KEPT = (
    "section",
    "kind",
    "words",
    "anywhere",
    "loose",
    "also_in",
    "same_as",
    "together_with",
    "per_line",
    "project",
    "needs_finding",
)
_NOT_COMPARED = frozenset({*_KEPT, "evidence", "note"})


def read_official(path: Path, *, current: CatalogueFile, catalogue: Catalogue) -> CatalogueFile:
    """Return an official list, a table or a file of our own form; how equipment is recognised comes from ours.

    Raises:
        BadDefinition: the file is wrong, with its line.
    """
    if path.suffix.lower() in {".yaml", ".yml"}:
        return _with_wordings(read_model(path, CatalogueFile), current)
    head = {
        "title": path.stem,
        "source": f"由办公室导入：{path.name}",
        "in_force": current.in_force.isoformat(),
        "repealed": current.repealed.isoformat() if current.repealed else None,
    }
    try:
        items = tuple(_items(path, catalogue))
        return _with_wordings(CatalogueFile.model_validate({**head, "items": items}, strict=False), current)
    except ValidationError as wrong:
        raise BadDefinition(path, 1, str(wrong.errors(include_url=False)[0]["msg"])) from wrong


def validated(file: CatalogueFile, *, path: Path, words: Path) -> Catalogue:
    """Return the catalogue that a file makes, or stop at what is wrong in it."""
    return catalogue_of(file, path=path, words=words)


def kept(file: CatalogueFile) -> bytes:
    """Return a catalogue as the archive keeps it; same catalogue, same bytes."""
    # Defaults may be left out, and read the same.
    return file.model_dump_json(by_alias=True, exclude_defaults=True, exclude_none=True, indent=1).encode()


def read_kept(content: bytes) -> CatalogueFile:
    """Return the catalogue that `kept` wrote."""
    return CatalogueFile.model_validate_json(content, strict=True)


def differences(ours: CatalogueFile, theirs: CatalogueFile, vocabulary: Vocabulary) -> list[dict[str, object]]:
    """Return item by item what is new, gone or changed, in the order of the numbers; 2 米 is 2.0 m."""
    before, after = _by_id(ours), _by_id(theirs)
    rows: list[dict[str, object]] = []
    for item in sorted(before.keys() | after.keys()):
        old, new = before.get(item), after.get(item)
        if old is None or new is None:
            entry = new or old
            assert entry is not None  # noqa: S101  the number is from one of the two
            words = item_words(entry.item(vocabulary), is_new=old is None)
            rows.append(_row(entry, "new" if old is None else "gone", words))
        else:
            ours_now, theirs_now = old.item(vocabulary), new.item(vocabulary)
            rows += [
                _row(
                    new,
                    "changed",
                    field_words(ours_now, theirs_now, field),
                    field=field,
                    before=_shown(getattr(old, field)),
                    after=_shown(getattr(new, field)),
                )
                for field in ItemEntry.model_fields
                if field not in _NOT_COMPARED and _asked(old, field, vocabulary) != _asked(new, field, vocabulary)
            ]
    return rows


def _asked(entry: ItemEntry, field: str, vocabulary: Vocabulary) -> object:
    """Return a field for comparing, its figures in base units."""
    if field not in {"all_of", "any_of"}:
        return getattr(entry, field)
    conditions = getattr(entry.item(vocabulary), field)
    return {(one.parameter, one.operator, one.words, one.threshold) for one in conditions}


def _row(
    entry: ItemEntry, change: str, words: str, *, field: str = "", before: str = "", after: str = ""
) -> dict[str, object]:
    return {
        "item": entry.id,
        "name": entry.name,
        "change": change,
        "words": words,
        "field": field,
        "before": before,
        "after": after,
    }


def _shown(value: Any) -> str:  # noqa: ANN401  any field of an item
    if isinstance(value, tuple):
        return "；".join(_shown(one) for one in value)
    if hasattr(value, "model_dump"):
        plain = value.model_dump(mode="json", by_alias=True, exclude_defaults=True)
        return " ".join(_shown(tuple(one)) if isinstance(one, list) else str(one) for one in plain.values())
    return "" if value is None else str(value)


def _by_id(file: CatalogueFile) -> Mapping[str, ItemEntry]:
    return {entry.id: entry for entry in file.all_items}


def _with_wordings(file: CatalogueFile, current: CatalogueFile) -> CatalogueFile:
    """Give each item the wordings of ours of the same number, or else its own name, if it brings none."""
    ours = _by_id(current)
    return file.model_copy(
        update={
            "items": tuple(_with_wording(entry, ours.get(entry.id)) for entry in file.items),
            "local_items": tuple(_with_wording(entry, ours.get(entry.id)) for entry in file.local_items),
        }
    )


def _with_wording(entry: ItemEntry, ours: ItemEntry | None) -> ItemEntry:
    if entry.words or entry.anywhere or entry.loose:
        return entry
    if ours is not None:
        return entry.model_copy(update={key: getattr(ours, key) for key in _KEPT if key not in entry.model_fields_set})
    words = tuple(part for part in entry.name.replace("、", " ").split() if part)
    return entry.model_copy(update={"words": words, "anywhere": words})


def _items(path: Path, catalogue: Catalogue) -> Iterator[dict[str, object]]:
    items: dict[str, dict[str, Any]] = {}
    for line, row in _rows(path):
        item = items.setdefault(row["编号"].strip().upper(), _item(path, line, row, catalogue))
        if row["参数"].strip():
            item["all_of"].append(_condition(path, line, row, catalogue))
        if row["除外"].strip():
            item["exceptions"].append({"text": row["除外"].strip(), "words": _list(row["除外"])})
    yield from items.values()


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield each line below the headers with its number; an official table may have a title above them."""
    heads: list[str] = []
    for line, cells in enumerate(_table(path), start=1):
        if not heads:
            names = [packed(cell) for cell in cells]
            heads = names if all(name in names for name in NEEDED) else []
            if not heads and line == HEADS_WITHIN:
                break
        elif any(cell.strip() for cell in cells):
            written = dict(zip(heads, cells, strict=False))
            yield line, {name: written.get(name, "") for name in COLUMNS}
    if not heads:
        raise BadDefinition(path, 1, f"no columns {'、'.join(NEEDED)}; expected {'、'.join(COLUMNS)}")


def _table(path: Path) -> Iterator[Sequence[str]]:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise BadDefinition(path, 1, f"cannot be read: {error}") from error
    if path.suffix.lower() == ".csv":
        yield from csv.reader(io.StringIO(_decoded(path, raw), newline=""))
    elif path.suffix.lower() == ".xlsx":
        yield from _sheet(path, raw)
    else:
        raise BadDefinition(path, 1, "is none of .xlsx, .csv and .yaml")


def _sheet(path: Path, raw: bytes) -> Iterator[Sequence[str]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415  wanted for a table alone

    try:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise BadDefinition(path, 1, f"is no workbook: {error}") from error
    for row in rows:
        yield [_cell(value) for value in row]


def _cell(value: object) -> str:
    """Write a cell as people see it: 12500, not 12500.0."""
    if isinstance(value, datetime):
        return value.date().isoformat()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _decoded(path: Path, raw: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadDefinition(path, 1, "is neither UTF-8 nor GB 18030")


def _item(path: Path, line: int, row: Mapping[str, str], catalogue: Catalogue) -> dict[str, Any]:
    category = _CATEGORIES.get(row["类别"].strip())
    if category is None:
        raise BadDefinition(path, line, f"类别 {row['类别']!r}: expected {'、'.join(filter(None, _CATEGORIES))}")
    words = tuple(_list(row["识别词"]))
    written = {"note": row["备注"].strip(), "deadline": row["期限"].strip(), "words": words, "anywhere": words}
    return {
        "id": row["编号"].strip().upper(),
        "industry": _industry(path, line, row["行业"], catalogue),
        "name": row["名称"].strip(),
        "category": Category(category),
        "all_of": [],
        "exceptions": [],
        **{key: value for key, value in written.items() if value},  # what is left out comes from ours
    }


def _industry(path: Path, line: int, written: str, catalogue: Catalogue) -> str:
    for industry in catalogue.industries:
        if packed(written) in {packed(name) for name in (industry.key, industry.name, *industry.names)}:
            return industry.key
    raise BadDefinition(path, line, f"words.yaml has no 行业 {written!r}")


def _condition(path: Path, line: int, row: Mapping[str, str], catalogue: Catalogue) -> dict[str, Any]:
    operator = _WORDS_TO_OPERATOR.get(packed(row["比较"]))
    if operator is None:
        raise BadDefinition(path, line, f"比较 {row['比较']!r} is not understood")
    value, unit = row["数值"].strip(), row["单位"].strip()
    key = _parameter(path, line, row["参数"], unit, catalogue)
    if operator == Operator.ONE_OF.value:
        return {"parameter": key, "is": operator, "words": tuple(_list(value))}
    return {"parameter": key, "is": operator, "value": value.replace(",", ""), "unit": unit}


def _parameter(path: Path, line: int, written: str, unit: str, catalogue: Catalogue) -> str:
    vocabulary = catalogue.vocabulary
    spelling = vocabulary.spellings.get(normalised(unit)) if unit else None
    base = spelling.base if spelling else ""
    for parameter in vocabulary.parameters:
        if packed(written) in {parameter.key, packed(parameter.name)} and parameter.unit == base:
            return parameter.key
    raise BadDefinition(path, line, f"words.yaml has no 参数 {written!r} in the unit {unit!r}")


def _list(text: str) -> Sequence[str]:
    return [part.strip() for part in text.replace("；", ";").replace("、", ";").split(";") if part.strip()]
