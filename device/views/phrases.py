"""Everything that the glass can say, in English: words, and sentences with values in them.

A sentence of the core or of the phone that is missing here is shown in English whatever the user's
language; the tests know all of the core's. What hardware and PBX say for themselves stays as it is.
"""

STATUSES = ("Available", "Do not disturb", "Absent", "Diverted", "Logged out")

DOINGS = {
    "available": "available",
    "dnd": "do not disturb",
    "absent": "absent",
    "diverted": "diverted",
    "logged_out": "logged out",
    "free": "free",
    "ringing": "ringing",
    "busy": "in a call",
    "away": "away",
    "unknown": "unknown",
}
"What somebody is doing: the words of the product, and how they are said within a sentence."

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

REST = (
    "→ {name}",
    "until {hour}",
    "since {hour}",
    "{count} min left",
    "{status} at {hour}",
    "{status} {day} {hour}",
    "Setting…",
    "Logging out…",
    "Asking the PBX…",
    "No calls arrive here",
    "No PBX",
    "No network",
    "Connecting",
    "PBX refused",
    "Wrong profile",
    "Chosen: {status}",
    "Chosen: {name}",
    "This panel: {server}",
)
"The page of rest, and what can be wrong there."

OUTSET = (
    "Starting…",
    "No config",
    "Put deskpanel.toml on the card",
)
"Before there is a panel."

CALLS = (
    "Incoming call",
    "Unknown caller",
    "via {name}",
    "for {name}",
    "for {name} via {other}",
    "Call",
    "Connecting…",
    "Connected",
    "No connection",
    "Lift your phone",
    "to talk to {name}",
)

LISTS = (
    "Missed calls",
    "Messages",
    "Voicemail",
    "No missed calls",
    "No messages",
    "No voicemail",
    "Voicemail unknown",
    "time unknown",
    "{count} new",
    "{count} old",
    "{count} urgent",
    "New messages",
    "not up to date",
    "box {name}",
    "Colleagues",
    "No colleagues",
    "{doing}, diverts",
    "diverts",
)

MENUS = (
    "Divert to",
    "Other number…",
    "Silent for",
    "{status} for",
    "Reply to {name}",
    "Call back",
    "PIN",
    "Wrong PIN",
    "wait {count} s",
    "15 minutes",
    "30 minutes",
    "1 hour",
    "2 hours",
    "4 hours",
    "8 hours",
    "no limit",
    "press: next",
    "press: cancel",
    "press: tell me",
    "press: forget",
    "hold: set",
    "hold: call",
    "hold: send",
)

ABOUT = (
    "About",
    "Version",
    "User",
    "PBX",
    "Profile",
    "Read back by",
    "hints",
    "publishing",
    "codes",
    "own answers",
    "Address",
    "Web",
    "Hardware",
    "Mobile",
)

NEWS = (
    "Missed call",
    "Turned away",
    "Called while absent",
    "Urgent voicemail",
    "New voicemail",
    "{count} to hear",
    "some to hear",
    "Text not sent",
    "Not possible",
    "You will be told when free",
    "You will not be told",
    "is free now",
)

REFUSALS = (
    "Diverting is not allowed for this user",
    "There is no number to divert to",
    "There is no target called {what}",
    "A user cannot divert to their own number",
    "{what} may not be a divert target",
    "{what} does not match divert.allowed",
    "{name} diverts calls too: yours would be refused there",
    "diverts calls too: yours would be refused there",
    "This call was diverted already",
    "A call cannot be diverted to its caller",
    "The time is not known yet",
    "No calls from the panel while {doing}",
    "There is no number to call",
    "{what} is not a telephone number",
    "That is your own number",
    "There is no PBX",
    "Another call is being made",
    "There is nobody to call back",
    "The caller's number is not known",
    "The sender's number is not known",
)
"Why a wish is not granted."

FAILURES = (
    "Your phone was not picked up",
    "Your phone did not ring",
    "Your own phone is busy at the PBX",
    "Your own phone cannot be rung: {why}",
    "it hung up",
    "Nobody knows what became of the call to {what}",
    "{name} is busy",
    "{name} was not reached: {why}",
    "The PBX refused {code}: {why}",
    "The PBX refused the publication: {why}",
    "The PBX did not confirm {code}",
    "The PBX did not answer {code}",
    "The PBX did not show {doing} as it was published",
    "The PBX did not take {doing} as it was published",
    "Nobody knows what the PBX has set: press to be sure",
    "The PBX seems to be {family}, and the profile is {profile}",
    "The profile {profile} does not fit this PBX: it has {doing} not set after {code}",
    "The profile {profile} does not fit this PBX: it has {doing} not cleared after {code}",
    "{profile}: it has {doing} not set after {code}",
    "{profile}: it has {doing} not cleared after {code}",
    "Nobody knows how the PBX has {doing}: press to be sure",
    "The PBX does not show {code}: {why}",
    "no answer",
    "The PBX shows a status that the profile does not know",
    "The PBX has {doing} set: press to be sure",
    "The PBX has {settings} set at once: press one to be sure",
    "and",
)
"What did not work at the PBX, or is not known of it."

BRIEFLY = {
    "Your phone was not picked up": "Not picked up",
    "Your phone did not ring": "Did not ring",
    "Your own phone is busy at the PBX": "Own phone busy",
    "{name} is busy": "Is busy",
    "{name} was not reached: {why}": "Not reached",
    "The PBX refused {code}: {why}": "PBX refused",
    "The PBX refused the publication: {why}": "PBX refused",
    "The PBX did not confirm {code}": "Not confirmed",
    "The PBX did not answer {code}": "Not confirmed",
    "Diverting is not allowed for this user": "Not allowed",
    "{what} may not be a divert target": "Not allowed",
    "{what} does not match divert.allowed": "Not allowed",
    "A user cannot divert to their own number": "Own number",
    "That is your own number": "Own number",
    "{name} diverts calls too: yours would be refused there": "diverts",
    "The time is not known yet": "time unknown",
    "There is no PBX": "No PBX",
    "There is no number to call": "No number",
    "There is no number to divert to": "No number",
    "The caller's number is not known": "No number",
    "The sender's number is not known": "No number",
    "The profile {profile} does not fit this PBX: it has {doing} not set after {code}": (
        "Wrong profile"
    ),
    "The profile {profile} does not fit this PBX: it has {doing} not cleared after {code}": (
        "Wrong profile"
    ),
}
"What a glass of one line says of a sentence that it has no room for."

LINK = (
    "The PBX refused user {code}: {why}",
    "wrong password",
    "no such user",
    "{server} cannot be reached: nobody knows that name",
    "{server} cannot be reached: {why}",
    "{server} is in trouble: {why}",
    "{server} does not answer",
    "Button {what} is stuck",
    "No {what}",
    "The connection to the PBX at {server} broke",
    "The registration ran out",
)
"Why there is no registration; that a sentence is about the PBX, the title above it says."

PHRASES = frozenset(
    (
        *STATUSES,
        *DOINGS.values(),
        *DAYS,
        *MONTHS,
        *REST,
        *OUTSET,
        *CALLS,
        *LISTS,
        *MENUS,
        *ABOUT,
        *NEWS,
        *REFUSALS,
        *FAILURES,
        *BRIEFLY.values(),
        *LINK,
    )
)
