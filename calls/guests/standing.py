"""How far it has come with a guest: from prospect to asked, booked, aired, thanked. Worked out of what happened, never typed.

The newest counts: who was on a call last spring and is asked again is asked.
"""

PROSPECT, ASKED, BOOKED, AIRED, THANKED, DECLINED = "prospect", "asked", "booked", "aired", "thanked", "declined"
STANDINGS = (PROSPECT, ASKED, BOOKED, AIRED, THANKED, DECLINED)

# The first of these that is so. A booking stands for a call to come, a hold being one too; an invitation waits for an answer;
# the thanks went out after a call; a call is over; somebody said no. Nothing of all that makes a prospect.
PRECEDENCE = (BOOKED, ASKED, THANKED, AIRED, DECLINED)
OTHERWISE = PROSPECT

MEANINGS = {
    PROSPECT: "Nobody has asked yet.",
    ASKED: "An invitation waits for an answer.",
    BOOKED: "A date is chosen or confirmed.",
    AIRED: "Has been on a call.",
    THANKED: "Has been on a call, and the thanks went out.",
    DECLINED: "Said no, the last time.",
}
