"""Days in words, months as calendars, and the archive's articles counted over time.

Dates are strings, `YYYY-MM-DD`; they become `datetime.date` here and nowhere else.
"""

from __future__ import annotations

import calendar
import datetime
from collections.abc import Mapping
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


# Up to three years are shown by month: 36 bars are still 8 pixels wide on a phone of 320.
MAX_MONTHS = 36

# The chart's own units; the page scales them.
BAR_STEP, BAR_WIDTH, CHART_HEIGHT = 20, 16, 100


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
    x: int
    y: int
    height: int

    @property
    def url(self) -> str:
        return f"/dates/{self.period.replace('-', '/')}/"


def chart(months: Mapping[str, int]) -> tuple[Bar, ...]:
    """Articles over time, gaps included: by month, or by year when there are too many months.

    >>> [(bar.period, bar.count, bar.height) for bar in chart({"2020-01": 2, "2020-03": 4})]
    [('2020-01', 2, 50), ('2020-02', 0, 0), ('2020-03', 4, 100)]
    """
    if not months:
        return ()
    counts = _each_month(months)
    if len(counts) > MAX_MONTHS:
        counts = _each_year(counts)
    tallest = max(counts.values())
    heights = {period: round(CHART_HEIGHT * count / tallest) for period, count in counts.items()}
    return tuple(
        Bar(period, count, place * BAR_STEP, CHART_HEIGHT - heights[period], heights[period])
        for place, (period, count) in enumerate(counts.items())
    )


def _each_month(months: Mapping[str, int]) -> dict[str, int]:
    first, last = (int(month[:4]) * 12 + int(month[5:]) - 1 for month in (min(months), max(months)))
    names = (f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1))
    return {name: months.get(name, 0) for name in names}


def _each_year(months: Mapping[str, int]) -> dict[str, int]:
    years: dict[str, int] = {}
    for month, count in months.items():
        years[month[:4]] = years.get(month[:4], 0) + count
    return years
