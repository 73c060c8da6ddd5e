"""Days, parts of years, and business days."""

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest

from duebill.errors import BadTenor, BadTime
from duebill.model import DayCount
from duebill.pricing import TARGET2, BusinessDays, Roll, days_between, year_fraction
from duebill.pricing._calendar import easter, target2_holidays


@pytest.mark.parametrize(
    ("start", "end", "days"),
    [
        (date(2026, 11, 23), date(2026, 11, 23), 0),
        (date(2026, 11, 23), date(2027, 5, 15), 173),
        (date(2028, 2, 28), date(2028, 3, 1), 2),
        (date(2027, 2, 28), date(2027, 3, 1), 1),
        (date(2100, 2, 28), date(2100, 3, 1), 1),  # no leap year
        (date(2000, 1, 1), date(2001, 1, 1), 366),
        (date(1970, 1, 1), date(2149, 6, 6), 65_535),
    ],
)
def test_days_are_counted_as_they_are(start, end, days):
    assert days_between(start, end) == days


def test_days_do_not_run_backwards():
    with pytest.raises(BadTenor):
        days_between(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    "day", [date(1969, 12, 31), date(2149, 6, 7), datetime(2026, 1, 1, tzinfo=UTC)]
)
def test_days_that_contracts_do_not_know_are_refused(day):
    with pytest.raises(BadTime):
        days_between(date(2026, 1, 1), day)
    with pytest.raises(BadTime):
        TARGET2.roll(day, Roll.UNADJUSTED)
    with pytest.raises(BadTime):
        BusinessDays([day])


def test_parts_of_a_year_are_exact():
    assert year_fraction(90, DayCount.ACT_360) == Fraction(1, 4)
    assert year_fraction(73, DayCount.ACT_365F) == Fraction(1, 5)
    assert year_fraction(366, DayCount.ACT_365F) == Fraction(366, 365)
    assert year_fraction(0, DayCount.ACT_360) == 0


@pytest.mark.parametrize(
    "sunday",
    # The earliest and the latest there can be, and some between.
    [date(1818, 3, 22), date(1943, 4, 25), date(2024, 3, 31), date(2027, 3, 28), date(2038, 4, 25)],
)
def test_easter(sunday):
    assert easter(sunday.year) == sunday


def test_holidays_of_target2():
    assert target2_holidays(2027) == {
        date(2027, 1, 1),
        date(2027, 3, 26),
        date(2027, 3, 29),
        date(2027, 5, 1),
        date(2027, 12, 25),
        date(2027, 12, 26),
    }
    with pytest.raises(BadTime):
        TARGET2.is_business_day(date(2001, 12, 31))


@pytest.mark.parametrize(
    ("convention", "rolled"),
    [
        (Roll.UNADJUSTED, date(2027, 7, 31)),
        (Roll.FOLLOWING, date(2027, 8, 2)),
        (Roll.MODIFIED_FOLLOWING, date(2027, 7, 30)),
        (Roll.PRECEDING, date(2027, 7, 30)),
        (Roll.MODIFIED_PRECEDING, date(2027, 7, 30)),
    ],
)
def test_the_last_day_of_a_month_that_is_a_saturday(convention, rolled):
    assert TARGET2.roll(date(2027, 7, 31), convention) == rolled


def test_the_first_day_of_a_month_that_is_a_sunday():
    assert TARGET2.roll(date(2027, 8, 1), Roll.PRECEDING) == date(2027, 7, 30)
    assert TARGET2.roll(date(2027, 8, 1), Roll.MODIFIED_PRECEDING) == date(2027, 8, 2)


def test_holidays_and_weekends_are_the_callers():
    """A Friday off and a weekend of Friday and Saturday."""
    gulf = BusinessDays(iter([date(2027, 6, 6)]), weekend={4, 5})
    assert gulf.roll(date(2027, 6, 4), Roll.FOLLOWING) == date(2027, 6, 7)
    assert gulf.is_business_day(date(2027, 6, 13))
    assert BusinessDays().is_business_day(date(2027, 1, 1))


def test_a_calendar_keeps_its_days_when_the_list_changes():
    days = [date(2027, 6, 7)]
    calendar = BusinessDays(days)
    days.clear()
    assert not calendar.is_business_day(date(2027, 6, 7))


def test_a_container_is_asked_day_by_day():
    class Mondays:
        def __contains__(self, day):
            return day.weekday() == 0

    found = BusinessDays(Mondays()).roll(date(2027, 6, 5), Roll.FOLLOWING)
    assert found == date(2027, 6, 8)


def test_a_search_without_an_end_is_given_up():
    with pytest.raises(BadTime):
        BusinessDays(weekend=range(7)).roll(date(2027, 1, 1), Roll.FOLLOWING)


def test_a_business_day_stays_where_it_is():
    day = date(2027, 1, 4)
    while day.year == 2027:
        if TARGET2.is_business_day(day):
            assert {TARGET2.roll(day, convention) for convention in Roll} == {day}
        day += timedelta(days=1)
