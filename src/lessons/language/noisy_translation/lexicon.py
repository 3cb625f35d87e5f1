"""The words of the corpus in German, French and English, as tables."""

import typing

# English singular and plural | German gender, singular, plural | the same in French.
# Three German things are spelled with the letters of lampe, two each with those of
# insel and of regal, all of one gender: only the order of the letters tells them apart.
_THINGS = """
lamp lamps | f lampe lampen | f lampe lampes
palm palms | f palme palmen | m palmier palmiers
stoplight stoplights | f ampel ampeln | m feu feux
island islands | f insel inseln | f île îles
lens lenses | f linse linsen | f lentille lentilles
shelf shelves | n regal regale | m rayon rayons
camp camps | n lager lager | m camp camps
table tables | m tisch tische | f table tables
chair chairs | m stuhl stühle | f chaise chaises
house houses | n haus häuser | f maison maisons
book books | n buch bücher | m livre livres
apple apples | m apfel äpfel | f pomme pommes
flower flowers | f blume blumen | f fleur fleurs
bicycle bicycles | n fahrrad fahrräder | m vélo vélos
letter letters | m brief briefe | f lettre lettres
picture pictures | n bild bilder | m tableau tableaux
key keys | m schlüssel schlüssel | f clé clés
hat hats | m hut hüte | m chapeau chapeaux
knife knives | n messer messer | m couteau couteaux
"""
_PERSONS = """
man men | m mann männer | m homme hommes
woman women | f frau frauen | f femme femmes
child children | n kind kinder | m enfant enfants
teacher teachers | m lehrer lehrer | m professeur professeurs
doctor doctors | f ärztin ärztinnen | m docteur docteurs
sister sisters | f schwester schwestern | f sœur sœurs
brother brothers | m bruder brüder | m frère frères
girl girls | n mädchen mädchen | f fille filles
"""
# English base, third person, past | German infinitive, third person, participle |
# French infinitive, third person, third person plural, participle.
_VERBS = """
buy buys bought | kaufen kauft gekauft | acheter achète achètent acheté
sell sells sold | verkaufen verkauft verkauft | vendre vend vendent vendu
seek seeks sought | suchen sucht gesucht | chercher cherche cherchent cherché
find finds found | finden findet gefunden | trouver trouve trouvent trouvé
see sees saw | sehen sieht gesehen | voir voit voient vu
bring brings brought | bringen bringt gebracht | apporter apporte apportent apporté
show shows showed | zeigen zeigt gezeigt | montrer montre montrent montré
paint paints painted | malen malt gemalt | peindre peint peignent peint
"""
# English | German stem | French masculine and feminine, which follow their noun.
_ADJECTIVES = """
red | rot | rouge rouge
blue | blau | bleu bleue
green | grün | vert verte
white | weiß | blanc blanche
heavy | schwer | lourd lourde
light | leicht | léger légère
tiny | winzig | minuscule minuscule
modern | modern | moderne moderne
"""
# English | German | French.
_TIMES = """
today | heute | aujourd'hui
on monday | am montag | lundi
on thursday | am donnerstag | jeudi
on saturday | am samstag | samedi
in january | im januar | en janvier
"""
_PLACES = """
in berlin | in berlin | à berlin
in france | in frankreich | en france
in spain | in spanien | en espagne
"""
COLUMNS = {"english": 0, "german": 1, "french": 2}


class Noun(typing.NamedTuple):
    """A noun of one language; `gender` is "" in English."""

    gender: str
    singular: str
    plural: str


def _rows(table):
    for line in table.strip().splitlines():
        yield [part.split() for part in line.split("|")]


def _nouns(table):
    found = []
    for english, german, french in _rows(table):
        found.append((Noun("", *english), Noun(*german), Noun(*french)))
    return tuple(found)


THINGS, PERSONS = _nouns(_THINGS), _nouns(_PERSONS)
VERBS, ADJECTIVES, TIMES, PLACES = (
    tuple(_rows(table)) for table in (_VERBS, _ADJECTIVES, _TIMES, _PLACES)
)
COUNTS = (*range(2, 11), 21, 24, 32, 43)  # how many things there may be
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen "
    "fourteen fifteen sixteen seventeen eighteen nineteen",
    "twenty thirty forty fifty sixty seventy eighty ninety",
)
_GERMAN = (
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn "
    "vierzehn fünfzehn sechzehn siebzehn achtzehn neunzehn",
    "zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig",
)
_FRENCH = (
    "zéro un deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze "
    "quinze seize dix-sept dix-huit dix-neuf",
    "vingt trente quarante cinquante soixante soixante-dix quatre-vingts "
    "quatre-vingt-dix",
)
_NAMES = {"english": _ENGLISH, "german": _GERMAN, "french": _FRENCH}


def number_name(number, language):
    """The name of a number from 2 to 69, one word: "vierundzwanzig", "twenty-four".

    Args:
        number: a whole number.
        language: "german", "french" or "english".
    """
    ones, tens = (names.split() for names in _NAMES[language])
    if number < 20:
        return ones[number]
    ten, one = tens[number // 10 - 2], number % 10
    if not one:
        return ten
    if language == "german":
        return f"{ones[one]}und{ten}"
    if language == "french" and one == 1:
        return f"{ten}-et-un"
    return f"{ten}-{ones[one]}"
