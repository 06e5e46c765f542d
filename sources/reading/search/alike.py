"""Words that need not be there, and words that mean much the same, in English and Spanish. All are folded."""

from functools import lru_cache

# Words of questions and sentences. “us” is none of them.
PASSING = frozenset(
    word
    for line in (
        "a about an and are as at be by can could did do does for from had has have how in into is it its may must of on or over",
        "happen happens many much",
        "shall should that the their them there they this to under was were what when where which who whom whose why will with would",
        "al como con cual cuando cuanta cuantas cuanto cuantos de del desde donde el en entre es esta este fue ha hay la las lo los para",
        "por pueden puede que quien quienes se ser sin sobre son su sus un una y",
        "art article articles articulo articulos one two three all any no not s",
    )
    for word in line.split()
)
# A query with one of these asks something; then words for what the whole collection is about tell nothing.
ASKING = frozenset(
    word
    for line in (
        "how what when where which who whom whose why can could do does did",
        "como cual cuando cuanto cuantos donde quien que puede pueden",
    )
    for word in line.split()
)
GENERAL = ("agreement", "acuerdo", "convenio", "treat", "tratado", "soldier", "troop", "servicem", "soldado", "tropa")
# How many letters may follow what a group has, for a word to be of it.
ENDING = 3
# Shorter words are names and abbreviations.
SHORTEST_PLURAL = 5
# By what the words begin with that mean much the same. Where nothing else tells them apart, the word itself is not preferred.
GROUPS = tuple(
    tuple(line.split())
    for line in (
        "defens defenc defensa",
        "licens licenc licencia",
        "organiz organis",
        "soldier troop servicem soldado tropa",
        "gun weapon firearm arms armas",
        "immunit inmunidad",
        "agreement acuerdo convenio",
        "treaty treaties tratado",
        "force fuerza",
        "damage claim compensation dano reclamacion",
        "pay cost reimburse",
        "senate senado",
        "vote votac votar",
        "court tribunal corte",
        "customs aduana",
        "driver driving",
        "terminat denunciat",
        "american estadounidense",
        "base bases",
        "cooperation cooperacion",
        "memorand mou",
        "letter carta",
        "offer oferta",
        "acceptance aceptacion",
        "third tercer",
        "safe seguro",
        "countr pais paises",
        "migration migratori",
        "law ley leyes",
        "news press prensa noticia",
        "exercise ejercicio",
        "training entrenamiento adiestramiento",
        "assistance ayuda asistencia",
        "visit visita",
        "special especial",
        "national nacional",
        "guard guardia",
        "army ejercito",
        "navy armada",
        "shield escudo",
        "minister ministr",
        "deput diputad",
        "arrest deten",
        "extradit surrender",
        "jurisdicti jurisdicci prosecut tried",
        "sovereign soberan",
        "frontier border frontera",
        "waiver exencion",
        "blank blanco",
        "duration duracion",
        "statement declaracion",
        *(
            "january enero",
            "february febrero",
            "march marzo",
            "april abril",
            "june junio",
            "july julio",
            "august agosto",
        ),
        *("september septiembre setiembre", "october octubre", "november noviembre", "december diciembre"),
    )
)
_TENS, _ONES = ("", "x", "xx", "xxx"), ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
ROMAN = {str(number): _TENS[number // 10] + _ONES[number % 10] for number in range(1, 40)}
ARABIC = {roman: number for number, roman in ROMAN.items()}


def needed(words):
    """The words without which nothing is found; all, if they all pass by."""
    telling = [word for word in words if word not in PASSING] or words
    if ASKING.isdisjoint(words):
        return telling
    return [word for word in telling if not any(_is_of(word, one) for one in GENERAL)] or telling


def singulars(word):
    """What an English word in the plural may be in the singular."""
    if len(word) < SHORTEST_PLURAL or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return []
    if word.endswith("ies"):
        return [f"{word[:-3]}y"]
    return [word[:-1], word[:-2]] if word.endswith("es") else [word[:-1]]


def is_number(word):
    return word.isdigit() or word in ARABIC


@lru_cache(2048)
def alike(word):
    """What words begin with that mean much the same as ``word``, itself first: “7” and “vii” are the same number of an article."""
    others = [other for group in GROUPS if any(_is_of(word, one) for one in group) for other in group]
    numbers = filter(None, (ROMAN.get(word), ARABIC.get(word)))
    return tuple(dict.fromkeys([word, *others, *numbers]))


def _is_of(word, beginning):
    return word.startswith(beginning) and len(word) - len(beginning) <= ENDING
