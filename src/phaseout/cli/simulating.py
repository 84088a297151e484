"""What `phaseout campaign simulate` prints: each unit's letters by day, days off, busy days, what waits for release."""

from collections.abc import Sequence
from itertools import groupby

from phaseout.cli.common import say, show
from phaseout.domain.calendar import DayOff
from phaseout.domain.campaign import Campaign
from phaseout.domain.deadline import period_words
from phaseout.domain.escalation import URGENCY
from phaseout.domain.letter import LetterKind
from phaseout.usecases.simulate import Behaviour, Clash, SimulatedLetter, Simulation

SHOWN_DAYS = 10
ALL = "全部事项"
WEEKDAYS = "一二三四五六日"
OCCASIONS = {"opens": "报送开始", "due": "报送截止"}
CAUSES = {DayOff.STATUTORY_HOLIDAY: "法定节假日", DayOff.WEEKEND: "休息日", DayOff.OFFICE: "临时停工日"}
WORDS = {Behaviour.ON_TIME: "按时报送", Behaviour.LATE: "逾期报送", Behaviour.NEVER: "始终不报"}


def rows_of(simulation: Simulation) -> list[dict[str, object]]:
    """Return one flat row a letter."""
    return [
        {
            "unit": one.unit,
            "behaviour": one.behaviour,
            "day": one.day,
            "letter": one.letter,
            "milestones": ", ".join(" ".join(part for part in about if part) for about in one.about),
            "lines": one.lines,
            "release": one.release,
        }
        for one in simulation.letters
    ]


def show_simulation(simulation: Simulation, campaign: Campaign, *, daily_limit: int) -> None:
    """Print the tables for people."""
    for year in simulation.provisional_years:
        say(f"{year}: the holidays are not published yet; planned on weekdays, and to be looked at again.")
    for behaviour, units, letters in _alike(simulation):
        names = "、".join(campaign.unit(unit).name for unit in units)
        show([_line(one, campaign) for one in letters], as_json=False, title=f"{WORDS[behaviour]}：{names}")
    show([_clash(one, campaign) for one in simulation.clashes], as_json=False, title="遇非工作日的时间节点")
    show(_busy(simulation, daily_limit), as_json=False, title="发函最多的日子（所有单位同样报送时）")
    show(_totals(simulation), as_json=False, title="合计")


Group = tuple[Behaviour, list[str], Sequence[SimulatedLetter]]


def _alike(simulation: Simulation) -> list[Group]:
    """Return the letters of units that get the same, once."""
    by_letters: dict[tuple[object, ...], Group] = {}
    for (unit, behaviour), own in groupby(simulation.letters, key=lambda one: (one.unit, one.behaviour)):
        letters = list(own)
        key = (behaviour, *((one.day, one.letter, one.about, one.lines) for one in letters))
        by_letters.setdefault(key, (behaviour, [], letters))[1].append(unit)
    return sorted(by_letters.values(), key=lambda group: list(Behaviour).index(group[0]))


def _line(letter: SimulatedLetter, campaign: Campaign) -> dict[str, object]:
    return {
        "day": f"{letter.day}（{WEEKDAYS[letter.day.weekday()]}）",
        "letter": letter.letter,
        "about": ALL if letter.letter is LetterKind.THANKS else _abouts(letter, campaign),
        "lines": letter.lines,
        "release": "签发" if letter.release else "",
    }


def _abouts(letter: SimulatedLetter, campaign: Campaign) -> str:
    return "、".join(_words(campaign, *about) for about in letter.about)


def _words(campaign: Campaign, milestone: str, period: str | None) -> str:
    return f"{campaign.milestone(milestone).title}{period_words(period)}"


def _clash(clash: Clash, campaign: Campaign) -> dict[str, object]:
    return {
        "milestone": _words(campaign, clash.milestone, clash.period),
        "what": OCCASIONS[clash.occasion],
        "day": f"{clash.day}（{WEEKDAYS[clash.day.weekday()]}）",
        "cause": CAUSES[clash.cause],
        "due": clash.due,
        "heard_on": clash.heard_on,
    }


def _busy(simulation: Simulation, daily_limit: int) -> list[dict[str, object]]:
    return [
        {
            "day": f"{one.day}（{WEEKDAYS[one.day.weekday()]}）",
            "behaviour": WORDS[one.behaviour],
            "letters": one.letters,
            "for release": one.drafts,
        }
        | ({"daily limit": f"超出{daily_limit}封" if one.letters > daily_limit else ""} if daily_limit else {})
        for one in simulation.busy_days[:SHOWN_DAYS]
    ]


def _totals(simulation: Simulation) -> list[dict[str, object]]:
    """Return what each behaviour comes to; in a digest, a line that shares its letter with another spares one."""
    return [
        {
            "behaviour": WORDS[behaviour],
            "letters": len(own),
            "for release": sum(one.release for one in own),
            "lines": sum(one.lines for one in own),
            "merged": sum(one.lines - 1 for one in own if one.letter in URGENCY),
        }
        for behaviour in Behaviour
        if (own := [one for one in simulation.letters if one.behaviour is behaviour])
    ]
