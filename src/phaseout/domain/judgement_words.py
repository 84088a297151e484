"""The Chinese words for judgements (目录判定): what was compared and why it came out so; never official."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from phaseout.domain.catalogue import Category, Comparison, Condition, Doubt, Judgement, Match, Operator, Outcome
from phaseout.domain.measures import Measure, normalised

DISCLAIMER = "系统初步判定，供人工核对，不作为认定依据，以官方目录文本为准"

JUDGEMENT_WORDS: Mapping[Judgement, str] = MappingProxyType(
    {
        Judgement.ELIMINATE: "淘汰类",
        Judgement.REVIEW: "需人工复核",
        Judgement.RESTRICTED: "限制类",
        Judgement.NOT_IN_CATALOGUE: "未列入目录",
    }
)

CATEGORY_WORDS: Mapping[Category, str] = MappingProxyType(
    {
        Category.ELIMINATED: "淘汰类",
        Category.RESTRICTED: "限制类",
        Category.ENTRY_CONDITION: "行业规范",
        Category.LOCAL: "地方",
    }
)

DOUBT_WORDS: Mapping[Doubt, str] = MappingProxyType(
    {
        Doubt.NOTHING_NAMED: "未填写装备名称，无法对照目录",
        Doubt.VAGUE_NAME: "装备名称过于笼统，无法对照目录",
        Doubt.ON_THRESHOLD: "参数恰在界限值上",
        Doubt.MISSING: "缺少判定所需的参数",
        Doubt.NO_UNIT: "参数缺少计量单位或者单位不符",
        Doubt.SEVERAL: "有多个数值，结论不一致",
        Doubt.RANGE: "参数为范围值，跨越界限",
        Doubt.DOUBTFUL_FIGURE: "目录数值存疑，参数处于存疑范围内",
        Doubt.WHOLE_ENTERPRISE: "填报的是全企业产能，单线产能不明",
        Doubt.EXCEPTION: "可能适用除外情形",
        Doubt.DISPUTED: "条目适用存在争议",
        Doubt.LOW_CONFIDENCE: "条目可信度低",
        Doubt.LOOSE_WORDING: "装备名称与条目仅大致对应",
        Doubt.OTHER_INDUSTRY: "装备与所填行业不一致",
        Doubt.NOT_DUE: "尚未到淘汰期限",
        Doubt.NEEDS_FINDING: "须由有关部门认定",
        Doubt.NOT_NATIONAL: "属于行业规范或者地方条目，国家目录未列",
        Doubt.SEVERAL_FIRMS: "填报的是数家企业合计，单个企业的装备不明",
        Doubt.SEVERAL_MACHINES: "一格中列有多项装备或者工艺，仅部分对应目录条目",
        Doubt.ONLY_REVIEW: "化工装备须对照省化工目录，不单独依据本目录判定",
    }
)

_OPERATOR_WORDS = {
    Operator.AT_MOST: "及以下",
    Operator.BELOW: "以下（不含）",
    Operator.AT_LEAST: "及以上",
    Operator.ABOVE: "以上（不含）",
}
_OUTCOME_WORDS = {Outcome.MET: "符合", Outcome.NOT_MET: "不符合", Outcome.UNSURE: "待核"}
_SHOWN_ITEMS = 3
_TOGETHER = frozenset({Doubt.SEVERAL_FIRMS, Doubt.SEVERAL_MACHINES})


def comparison_text(matches: Sequence[Match]) -> str:
    """Return what was compared: item by item, parameter by parameter."""
    shown = "；".join(_of_match(match) for match in matches[:_SHOWN_ITEMS])
    return shown + (f"；等{len(matches)}条" if len(matches) > _SHOWN_ITEMS else "")


def condition_text(condition: Condition) -> str:
    """Return what a condition asks, such as 6300kVA及以下."""
    if condition.operator is Operator.ONE_OF:
        return f"“{'、'.join(condition.words)}”"
    return f"{_with_unit(condition.value, condition.unit)}{_OPERATOR_WORDS[condition.operator]}"


def reason_text(judgement: Judgement, matches: Sequence[Match], general: Sequence[Doubt]) -> str:
    """Return why it came out so."""
    words = [DOUBT_WORDS[doubt] for doubt in general]
    names = "、".join(f"{match.item.id}“{match.item.name}”" for match in matches[:_SHOWN_ITEMS])
    if judgement is Judgement.ELIMINATE:
        return f"符合淘汰类条目{names}"
    if judgement is Judgement.RESTRICTED:
        return f"符合限制类条目{names}"
    if judgement is Judgement.NOT_IN_CATALOGUE:
        return f"名称对应条目{names}，但不符合其条件" if matches else "目录中未见对应条目"
    if not _TOGETHER.isdisjoint(general) and matches:
        words.append(f"其中可能符合条目{names}")
    words += [DOUBT_WORDS[Doubt.ONLY_REVIEW] for match in matches if Doubt.ONLY_REVIEW in match.doubts]
    words += [f"{match.item.id}：{text}" for match in matches[:_SHOWN_ITEMS] if (text := _doubt_text(match))]
    return "；".join(dict.fromkeys(words)) or f"对应条目{names}，由人工确认"


def _of_match(match: Match) -> str:
    head = f"{match.item.id} {match.item.name}"
    if not match.comparisons:
        return f"{head}：名称对应" + ("" if match.outcome is Outcome.MET else "（待核）")
    return f"{head}：" + "，".join(_of_comparison(comparison) for comparison in match.comparisons)


def comparison_value(comparison: Comparison) -> str:
    """Return what a list says of one condition's parameter; empty when it says nothing."""
    measured = "、".join(_found(measure, comparison.condition) for measure in comparison.found)
    return measured or "、".join(comparison.found_words)


def _of_comparison(comparison: Comparison) -> str:
    condition, found = comparison.condition, comparison_value(comparison)
    outcome = "在界限值上" if comparison.doubt is Doubt.ON_THRESHOLD else _OUTCOME_WORDS[comparison.outcome]
    return f"{condition.label}{found or '未填写'}，目录为{condition_text(condition)}，{outcome}"


def _found(measure: Measure, condition: Condition) -> str:
    """Return a value as it was written, and in the catalogue's unit where that is another."""
    if measure.value is None or condition.threshold is None or condition.value is None or not condition.threshold:
        return measure.text
    if measure.unit is None:
        return f"{measure.text}（单位缺失）"
    own = _with_unit(measure.value * condition.value / condition.threshold, condition.unit)
    mark = "，型号" if measure.is_type_number else ""
    return own if normalised(own) == measure.text and not mark else f"{measure.text}（{own}{mark}）"


def _doubt_text(match: Match) -> str:
    words = [DOUBT_WORDS[doubt] for doubt in match.doubts if doubt is not Doubt.ONLY_REVIEW]
    missing = [one.condition.label for one in match.comparisons if one.doubt is Doubt.MISSING]
    if missing:
        words = [word if word != DOUBT_WORDS[Doubt.MISSING] else f"未写明{'、'.join(missing)}" for word in words]
    words += [exception.text for exception in match.exceptions]
    return "，".join(words)


def _with_unit(value: Decimal | None, unit: str) -> str:
    return unit.replace("x", _plain(value)) if unit == "1:x" else f"{_plain(value)}{unit}"


def _plain(value: Decimal | None) -> str:
    return f"{(value or Decimal(0)).normalize():f}"
