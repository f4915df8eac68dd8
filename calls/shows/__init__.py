"""What is on, and when: shows, their schedules and their calls.

1. Wall time, zone and minutes are the truth; UTC is derived from them with the pinned tzdata wheel.
2. A schedule plans at most one call a day; calls of one show never overlap.
3. A call that was changed by hand stays as it was left, whatever happens to the schedule.
4. A call keeps its identity through moves, cancellation and restoring; it is never deleted.
5. The nouns here (schedule, recurrence, shifts, stages) compute and never read the clock or the database.
"""
