"""Arbitrary rules that the product takes, as RRULE text; and the examples of RFC 5545 section 3.8.5.3 that it takes."""

from hypothesis import strategies as st

CODES = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def _some(values: st.SearchStrategy[int] | st.SearchStrategy[str], most: int = 3) -> st.SearchStrategy[str]:
    return st.lists(values, min_size=1, max_size=most, unique=True).map(lambda chosen: ",".join(map(str, chosen)))


def _from_either_end(highest: int) -> st.SearchStrategy[int]:
    return st.integers(1, highest) | st.integers(-highest, -1)


PLAIN_DAYS = _some(st.sampled_from(CODES), 7)
MONTH_DAYS_OF_WEEK = _some(st.builds("{}{}".format, _from_either_end(5), st.sampled_from(CODES)))
YEAR_DAYS_OF_WEEK = _some(st.builds("{}{}".format, _from_either_end(53), st.sampled_from(CODES)))
MONTHS = _some(st.integers(1, 12))
MONTH_DAYS = _some(_from_either_end(31))
YEAR_DAYS = _some(_from_either_end(366))
WEEKS = _some(_from_either_end(53))
PLACES = _some(_from_either_end(6), 2)

_PARTS: dict[str, dict[str, st.SearchStrategy[str]]] = {
    "DAILY": {"BYMONTH": MONTHS, "BYMONTHDAY": MONTH_DAYS, "BYDAY": PLAIN_DAYS},
    "WEEKLY": {"BYMONTH": MONTHS, "BYDAY": PLAIN_DAYS, "BYSETPOS": PLACES},
    "MONTHLY": {"BYMONTH": MONTHS, "BYMONTHDAY": MONTH_DAYS, "BYDAY": PLAIN_DAYS | MONTH_DAYS_OF_WEEK, "BYSETPOS": PLACES},
    "YEARLY": {
        "BYMONTH": MONTHS,
        "BYWEEKNO": WEEKS,
        "BYYEARDAY": YEAR_DAYS,
        "BYMONTHDAY": MONTH_DAYS,
        "BYDAY": PLAIN_DAYS | YEAR_DAYS_OF_WEEK,
        "BYSETPOS": PLACES,
    },
}
_ENDS = st.just("") | st.integers(1, 30).map("COUNT={}".format) | st.dates().map("UNTIL={:%Y%m%d}".format)


@st.composite
def rule_texts(draw: st.DrawFn) -> str:
    """Any rule by the grammar. Some are refused all the same: those that never fall on a day, or join what may not be."""
    freq = draw(st.sampled_from(sorted(_PARTS)))
    parts = [f"FREQ={freq}", f"INTERVAL={draw(st.integers(1, 4))}", draw(_ENDS)]
    for name, values in _PARTS[freq].items():
        if draw(st.integers(0, 2)) == 0:
            parts.append(f"{name}={draw(values)}")
    if draw(st.booleans()):
        parts.append(f"WKST={draw(st.sampled_from(CODES))}")
    return ";".join(part for part in parts if part)


NOVEMBER_ON = "11/10 11/12 11/14 11/24 11/26 11/28 12/8 12/10 12/12 12/22"

# (what the RFC calls it, first day, rule, the days that the RFC lists, whether these are all)
RFC_EXAMPLES = [
    ("daily for 10 occurrences", "1997-09-02", "FREQ=DAILY;COUNT=10", "9/2-11", True),
    ("daily until December 24", "1997-09-02", "FREQ=DAILY;UNTIL=19971224T000000Z", "9/2-30 10/1-31 11/1-30 12/1-23", True),
    ("every other day forever", "1997-09-02", "FREQ=DAILY;INTERVAL=2", "9/2 9/4 9/6 9/8 9/10 9/12", False),
    ("every 10 days, 5 occurrences", "1997-09-02", "FREQ=DAILY;INTERVAL=10;COUNT=5", "9/2 9/12 9/22 10/2 10/12", True),
    (
        "every day in January, for 3 years",
        "1998-01-01",
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "1/1-31 1999/1/1-31 2000/1/1-31",
        True,
    ),
    (
        "every day in January, for 3 years, daily",
        "1998-01-01",
        "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
        "1/1-31 1999/1/1-31 2000/1/1-31",
        True,
    ),
    (
        "weekly for 10 occurrences",
        "1997-09-02",
        "FREQ=WEEKLY;COUNT=10",
        "9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4",
        True,
    ),
    (
        "weekly until December 24",
        "1997-09-02",
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        "9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4 11/11 11/18 11/25 12/2 12/9 12/16 12/23",
        True,
    ),
    (
        "every other week forever",
        "1997-09-02",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "9/2 9/16 9/30 10/14 10/28 11/11 11/25 12/9 12/23 1998/1/6 1/20 2/3 2/17",
        False,
    ),
    (
        "weekly on Tuesday and Thursday for five weeks",
        "1997-09-02",
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        "9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2",
        True,
    ),
    (
        "the same by count",
        "1997-09-02",
        "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        "9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2",
        True,
    ),
    (
        "every other week on Monday, Wednesday, and Friday until December 24",
        "1997-09-01",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        f"9/1 9/3 9/5 9/15 9/17 9/19 9/29 10/1 10/3 10/13 10/15 10/17 10/27 10/29 10/31 {NOVEMBER_ON}",
        True,
    ),
    (
        "every other week on Tuesday and Thursday, for 8 occurrences",
        "1997-09-02",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "9/2 9/4 9/16 9/18 9/30 10/2 10/14 10/16",
        True,
    ),
    (
        "monthly on the first Friday for 10 occurrences",
        "1997-09-05",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "9/5 10/3 11/7 12/5 1998/1/2 2/6 3/6 4/3 5/1 6/5",
        True,
    ),
    (
        "monthly on the first Friday until December 24",
        "1997-09-05",
        "FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR",
        "9/5 10/3 11/7 12/5",
        True,
    ),
    (
        "every other month on the first and last Sunday, 10 occurrences",
        "1997-09-07",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "9/7 9/28 11/2 11/30 1998/1/4 1/25 3/1 3/29 5/3 5/31",
        True,
    ),
    (
        "monthly on the second-to-last Monday for 6 months",
        "1997-09-22",
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "9/22 10/20 11/17 12/22 1998/1/19 2/16",
        True,
    ),
    (
        "monthly on the third-to-the-last day",
        "1997-09-28",
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        "9/28 10/29 11/28 12/29 1998/1/29 2/26",
        False,
    ),
    (
        "monthly on the 2nd and 15th, 10 occurrences",
        "1997-09-02",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "9/2 9/15 10/2 10/15 11/2 11/15 12/2 12/15 1998/1/2 1/15",
        True,
    ),
    (
        "monthly on the first and last day, 10 occurrences",
        "1997-09-30",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "9/30 10/1 10/31 11/1 11/30 12/1 12/31 1998/1/1 1/31 2/1",
        True,
    ),
    (
        "every 18 months on the 10th to the 15th, 10 occurrences",
        "1997-09-10",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "9/10-15 1999/3/10-13",
        True,
    ),
    (
        "every Tuesday, every other month",
        "1997-09-02",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "9/2 9/9 9/16 9/23 9/30 11/4 11/11 11/18 11/25 1998/1/6 1/13 1/20 1/27 3/3 3/10 3/17 3/24 3/31",
        False,
    ),
    (
        "yearly in June and July, 10 occurrences",
        "1997-06-10",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "6/10 7/10 1998/6/10 7/10 1999/6/10 7/10 2000/6/10 7/10 2001/6/10 7/10",
        True,
    ),
    (
        "every other year in January, February, and March, 10 occurrences",
        "1997-03-10",
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "3/10 1999/1/10 2/10 3/10 2001/1/10 2/10 3/10 2003/1/10 2/10 3/10",
        True,
    ),
    (
        "every third year on the 1st, 100th, and 200th day, 10 occurrences",
        "1997-01-01",
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1/1 4/10 7/19 2000/1/1 4/9 7/18 2003/1/1 4/10 7/19 2006/1/1",
        True,
    ),
    ("every 20th Monday of the year", "1997-05-19", "FREQ=YEARLY;BYDAY=20MO", "5/19 1998/5/18 1999/5/17", False),
    ("Monday of week number 20", "1997-05-12", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "5/12 1998/5/11 1999/5/17", False),
    (
        "every Thursday in March",
        "1997-03-13",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "3/13 3/20 3/27 1998/3/5 3/12 3/19 3/26 1999/3/4 3/11 3/18 3/25",
        False,
    ),
    (
        "every Thursday, but only during June, July, and August",
        "1997-06-05",
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        "6/5 6/12 6/19 6/26 7/3 7/10 7/17 7/24 7/31 8/7 8/14 8/21 8/28 1998/6/4 6/11",
        False,
    ),
    (
        "every Friday the 13th (the first day itself is left out there by an EXDATE)",
        "1997-09-02",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "1998/2/13 3/13 11/13 1999/8/13 2000/10/13",
        False,
    ),
    (
        "the first Saturday that follows the first Sunday of the month",
        "1997-09-13",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "9/13 10/11 11/8 12/13 1998/1/10 2/7 3/7 4/11 5/9 6/13",
        False,
    ),
    (
        "the presidential election day of the United States",
        "1996-11-05",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "11/5 2000/11/7 2004/11/2",
        False,
    ),
    (
        "the third Tuesday, Wednesday, or Thursday of the month, for 3 months",
        "1997-09-04",
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "9/4 10/7 11/6",
        True,
    ),
    (
        "the second-to-last weekday of the month",
        "1997-09-29",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "9/29 10/30 11/27 12/30 1998/1/29 2/26 3/30",
        False,
    ),
    (
        "weeks that begin on Monday",
        "1997-08-05",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "8/5 8/10 8/19 8/24",
        True,
    ),
    (
        "weeks that begin on Sunday",
        "1997-08-05",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "8/5 8/17 8/19 8/31",
        True,
    ),
    (
        "an invalid date is passed over",
        "2007-01-15",
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        "1/15 1/30 2/15 3/15 3/30",
        True,
    ),
]
