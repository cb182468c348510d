"""Days in words, months as calendars, and the archive's articles counted over time.

Dates are strings, `YYYY-MM-DD`; they become `datetime.date` here and nowhere else.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.dates import format_date

# Language → day, month, year, where a newspaper writes them otherwise than the language's long forms.
FORMS = {
    "zh-Hans": ("y年M月d日 EEEE", "y年M月", "y年"),
    "zh-Hant": ("y年M月d日 EEEE", "y年M月", "y年"),
    "en": ("d MMMM y", "MMMM y", "y"),
}

# A day without its year, a month without its year.
SHORT_FORMS = {"zh-Hans": ("M月d日", "M月"), "zh-Hant": ("M月d日", "M月"), "en": ("d MMMM", "MMM")}
LEAP_YEAR = 2024  # has every day there is

# Up to three years are shown by month: 36 bars are still 8 pixels wide on a phone of 320.
MAX_MONTHS = 36

# The chart's own units, about a pixel each; the page scales them.
CHART_WIDTH, CHART_HEIGHT = 280, 100
WIDEST_BAR = 24
LABEL_WIDTH = 40  # what the four digits of a year need, with some air
YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100)

HEAT_LEVELS = 4  # shades of a month in the table of years, classes l1 … l4 of style.css


@cache
def forms_of(language: str) -> tuple[Locale, str, str, str]:
    """The locale of a language, and how it writes a day, a month and a year.

    >>> forms_of("fr")[1:]
    ('d MMMM y', 'MMMM y', 'y')
    """
    locale = Locale.parse(language, sep="-")
    skeletons = locale.datetime_skeletons
    long = (str(skeletons["yMMMM"]), str(skeletons["y"]))
    day, month, year = FORMS.get(language, (str(locale.date_formats["long"]), *long))
    return locale, day, month, year


@cache
def short_forms_of(language: str) -> tuple[Locale, str, str]:
    """The locale of a language, and how it writes a day and a month without their year."""
    locale = Locale.parse(language, sep="-")
    skeletons = locale.datetime_skeletons
    long = (str(skeletons["MMMMd"]), str(skeletons["MMM"]))
    return locale, *SHORT_FORMS.get(language, long)


def day_in_words(day: str, language: str) -> str:
    """
    >>> day_in_words("2019-12-30", "zh-Hans"), day_in_words("2019-12-30", "en")
    ('2019年12月30日 星期一', '30 December 2019')
    """
    locale, form, _, _ = forms_of(language)
    return format_date(datetime.date.fromisoformat(day), form, locale)


def month_in_words(month: str, language: str) -> str:
    """
    >>> month_in_words("2019-12", "zh-Hant"), month_in_words("2019-12", "en")
    ('2019年12月', 'December 2019')
    """
    locale, _, form, _ = forms_of(language)
    return format_date(datetime.date.fromisoformat(f"{month}-01"), form, locale)


def year_in_words(year: str, language: str) -> str:
    """
    >>> year_in_words("2019", "zh-Hans"), year_in_words("2019", "en")
    ('2019年', '2019')
    """
    locale, _, _, form = forms_of(language)
    return format_date(datetime.date(int(year), 1, 1), form, locale)


def day_of_year_in_words(day: str, language: str) -> str:
    """
    >>> day_of_year_in_words("06-18", "zh-Hans"), day_of_year_in_words("02-29", "en")
    ('6月18日', '29 February')
    """
    locale, form, _ = short_forms_of(language)
    return format_date(datetime.date.fromisoformat(f"{LEAP_YEAR}-{day}"), form, locale)


def short_month_in_words(month: str, language: str) -> str:
    """
    >>> short_month_in_words("06", "zh-Hans"), short_month_in_words("2019-06", "en")
    ('6月', 'Jun')
    """
    locale, _, form = short_forms_of(language)
    return format_date(datetime.date(LEAP_YEAR, int(month[-2:]), 1), form, locale)


def days_of_year() -> dict[str, list[str]]:
    """Month → its days, `06` → `06-01` …, the 29th of February included.

    >>> days_of_year()["02"][-1]
    '02-29'
    """
    return {
        f"{month:02}": [
            f"{month:02}-{day:02}" for day in range(1, calendar.monthrange(LEAP_YEAR, month)[1] + 1)
        ]
        for month in range(1, 13)
    }


def weekdays(language: str) -> tuple[str, ...]:
    """The heads of a calendar, Monday first.

    >>> weekdays("zh-Hans")
    ('一', '二', '三', '四', '五', '六', '日')
    """
    monday = datetime.date(2024, 1, 1)
    days = (monday + datetime.timedelta(days=number) for number in range(7))
    return tuple(format_date(day, "EEEEE", forms_of(language)[0]) for day in days)


def weeks_of(month: str) -> list[list[str | None]]:
    """The days of a month in weeks, Monday first; None where a week belongs to another month.

    >>> weeks_of("2021-02")[0][:2]
    ['2021-02-01', '2021-02-02']
    """
    year, number = int(month[:4]), int(month[5:])
    return [
        [f"{month}-{day:02}" if day else None for day in week]
        for week in calendar.monthcalendar(year, number)
    ]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the chart: a month (`2020-06`) or a year (`2020`), how many, and where it stands."""

    period: str
    count: int
    place: float  # where its part of the axis begins
    x: float  # where the bar itself does, in the middle of it
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """Bars of one width, the greatest number, and the years below with where they begin."""

    bars: tuple[Bar, ...]
    step: float  # from one bar to the next
    width: float  # of a bar
    most: int
    years: tuple[tuple[float, str], ...]


def chart(months: Mapping[str, int]) -> Chart | None:
    """Articles over time, gaps included: by month, or by year when there are too many months; None for a single bar.

    >>> [(bar.period, bar.count, bar.height) for bar in chart({"2020-01": 2, "2020-03": 4}).bars]
    [('2020-01', 2, 50), ('2020-02', 0, 0), ('2020-03', 4, 100)]
    """
    counts = _each_month(months) if months else {}
    if len(counts) > MAX_MONTHS:
        counts = _each_year(counts)
    if len(counts) < 2:
        return None
    most = max(counts.values())
    step = CHART_WIDTH / len(counts)
    width = min(WIDEST_BAR, 0.8 * step)
    heights = {period: -(-CHART_HEIGHT * count // most) for period, count in counts.items()}
    bars = tuple(
        Bar(
            period,
            count,
            place=round(number * step, 2),
            x=round(number * step + (step - width) / 2, 2),
            y=CHART_HEIGHT - heights[period],
            height=heights[period],
        )
        for number, (period, count) in enumerate(counts.items())
    )
    return Chart(bars, round(step, 2), round(width, 2), most, _years_below(bars, step))


def _years_below(bars: Sequence[Bar], step: float) -> tuple[tuple[float, str], ...]:
    """The years that begin below the bars, every second, fifth, tenth … where all have no room."""
    begins = [(bar.x, bar.period[:4]) for bar in bars if bar.period[4:] in ("", "-01")]
    apart = step if bars[0].period[4:] == "" else 12 * step
    every = next((one for one in YEAR_STEPS if one * apart >= LABEL_WIDTH), YEAR_STEPS[-1])
    return tuple(
        (x, year)
        for x, year in begins
        if int(year) % every == 0 and x <= CHART_WIDTH - LABEL_WIDTH / 2
    )


def period_of(day: str, shown: Chart) -> str:
    """The bar in which a day is counted."""
    return day[: len(shown.bars[0].period)]


def heat(count: int, most: int) -> int:
    """How dark a number is shown beside the greatest: 0 for none, else 1 to `HEAT_LEVELS`.

    >>> [heat(count, 8) for count in (0, 1, 2, 3, 8)]
    [0, 1, 1, 2, 4]
    """
    return -(-HEAT_LEVELS * count // most) if count else 0


def _each_month(months: Mapping[str, int]) -> dict[str, int]:
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(months), max(months)))
    names = (f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1))
    return {name: months.get(name, 0) for name in names}


def _each_year(months: Mapping[str, int]) -> dict[str, int]:
    years: dict[str, int] = {}
    for month, count in months.items():
        years[month[:4]] = years.get(month[:4], 0) + count
    return years
