"""Invented names of states, places, people and papers, put together from syllables and word lists; none is real."""

_STARTS = "Al Ar Bel Bor Cal Cor Dal Dor El Er Fal Gar Hal Il Jor Kal Lan Mar Mor Nar Or Pal Quel Ros Sar Sol Tal Tor Ul Val Ver Wen Yar Zan"
_MIDDLES = "a e i o u an en in or al er av est ond il am et os"
_STATE_ENDS = "dia nia land stan via rra sia ria ven mark"
_PLACE_ENDS = "burg port field mont haven grad villa mouth stead ton"
_FAMILY_ENDS = "ev os ick ano ell un ard ish oy enko"
GIVEN = (
    "Adela", "Bruno", "Celia", "Dario", "Edda", "Fabio", "Greta", "Hugo", "Ilona", "Jonas", "Katja", "Livio", "Maren", "Nestor",
    "Odile", "Petra", "Quentin", "Rosa", "Silvan", "Tamar", "Ugo", "Vera", "Wim", "Xenia", "Yorick", "Zelda",
)  # fmt: skip
PAPERS = (
    "Courier", "Gazette", "Herald", "Journal", "Mirror", "Observer", "Post", "Record", "Sentinel", "Standard", "Tribune",
)  # fmt: skip
OFFICES = (
    "Minister of Defence",
    "Minister of Foreign Affairs",
    "Ambassador",
    "Chief of the Defence Staff",
    "Prime Minister",
)
BODIES = (
    ("ministry", "Ministry of Defence"), ("ministry", "Ministry of Foreign Affairs"), ("force", "Air Force"),
    ("force", "Coast Guard"), ("legislature", "Chamber of Deputies"), ("legislature", "Senate"),
    ("court", "Constitutional Court"), ("company", "Aviation Works"), ("civil_society", "Peace Council"),
)  # fmt: skip
HEADINGS = (
    "Definitions", "Purpose", "Entry and departure", "Criminal jurisdiction", "Claims", "Taxes and customs", "Bearing of arms",
    "Use of facilities", "Security of information", "Costs", "Environment", "Settlement of disputes", "Entry into force",
    "Driving licences", "Medical care", "Postal services", "Contractors", "Local labour", "Uniforms", "Aircraft and vessels",
    "Communications", "Pre-positioned equipment", "Amendments", "Termination",
)  # fmt: skip
ACTIVITIES = (
    "joint training", "patrols along the border", "relief after disasters", "the exchange of officers", "air surveillance",
    "the repair of vessels", "medical evacuation", "the training of instructors", "search and rescue", "cyber defence",
)  # fmt: skip
RULES = (
    "may enter with an identity card and a movement order", "pays no duties on goods for official use",
    "answers to the courts of the sending state for acts on duty", "may carry arms when its orders say so",
    "settles claims of third parties within a year", "leaves fixed works to the host without payment",
    "informs the host two weeks before it arrives", "uses the radio frequencies that the host assigns",
    "respects the law of the host and keeps out of its politics", "may withdraw its equipment at any time",
)  # fmt: skip
ITEMS = (
    "patrol boat",
    "transport aircraft",
    "field hospital",
    "radar",
    "radio set",
    "lorry",
    "night-vision device",
    "bridge",
)
PURPOSES = ("to watch the coast", "to answer disasters sooner", "to train its crews", "to renew old equipment")


def _made(rng, ends, middles=1):
    pieces = [rng.choice(_STARTS.split()), *(rng.choice(_MIDDLES.split()) for _ in range(middles))]
    return "".join(pieces) + rng.choice(ends.split())


def distinct(rng, make, number):
    """``number`` different names that ``make(rng)`` gives."""
    names = {}
    while len(names) < number:
        names[make(rng)] = True
    return list(names)


def state(rng):
    return _made(rng, _STATE_ENDS)


def place(rng):
    return _made(rng, _PLACE_ENDS)


def family_name(rng):
    return _made(rng, _FAMILY_ENDS, middles=2)


def a_rule(rng):
    """A sentence on what a visiting force may or must do."""
    who = rng.choice(("The visiting force", "The civilian component", "The sending state", "The host"))
    return f"{who} {rng.choice(RULES)}; this covers {rng.choice(ACTIVITIES)}."
