"""Which language a brief is written in, and the few set phrases we have outside English."""

from __future__ import annotations

import re
from dataclasses import dataclass

from vendors.text_model.offline.words import tokens

_COMMON = {
    "en": """the and of to in is are for with how why what you your our we it that this on at from about by my an be
        can do not as or have will new tips ways work works make vs one short film video a he she they his her their who
        but was has must when because other""",
    "de": """der die das und ist nicht mit für ein eine einen wie warum was wir unser unsere von zu im auf den dem des
        sich auch sind bei aus es ich sie man so wird werden zum zur über""",
    "fr": """le la les et est un une des du dans pour avec que qui pourquoi comment nous notre nos vous votre ce cette
        sur au aux pas plus par sont il elle ne se en on""",
    "es": """el la los las y es un una unos en para con que por qué cómo nuestro nuestra nuestros del al se su sus más
        como no son tu este esta lo""",
    "it": """il lo la gli le e è un una di che per con come perché nostro nostra del della dei nel nella non sono si
        più alla questo questa i al""",
    "pt": """o a os as e é um uma de que para com por como nosso nossa do da dos das no na não são se mais ao você
        este esta em""",
    "nl": """de het een en is van voor met hoe waarom wat wij we onze ons niet op in zijn dat die er aan bij ook naar
        uit je""",
    "sv": "och att det som en ett är på för med av hur varför vi vår våra inte till från den",
    "pl": "i w na jest nie się jak dlaczego co nasz nasza dla z do to są oraz przez",
    "tr": "ve bir bu için ile nasıl neden ne bizim çok daha en da de olarak",
}
_TABLES = {language: frozenset(words.split()) for language, words in _COMMON.items()}
_SCRIPTS = (
    ("ja", re.compile(r"[\u3040-\u30ff]")),
    ("ko", re.compile(r"[\uac00-\ud7af]")),
    ("zh", re.compile(r"[\u4e00-\u9fff]")),
    ("ar", re.compile(r"[\u0600-\u06ff]")),
    ("he", re.compile(r"[\u0590-\u05ff]")),
    ("ru", re.compile(r"[\u0400-\u04ff]")),
    ("el", re.compile(r"[\u0370-\u03ff]")),
    ("hi", re.compile(r"[\u0900-\u097f]")),
    ("th", re.compile(r"[\u0e00-\u0e7f]")),
)
_SAMPLE = 2_000
_SMALL = 2


def detect(text: str) -> str:
    """The BCP 47 tag of the language of `text`; `en` where nothing speaks for another one."""
    sample = text[:_SAMPLE]
    letters = sum(char.isalpha() for char in sample) or 1
    for tag, script in _SCRIPTS:
        # Japanese is told from Chinese by its kana, of which any clear share is enough.
        if len(script.findall(sample)) / letters > (0.1 if tag == "ja" else 0.4):
            return tag
    words = tokens(sample)
    scores = {tag: sum(word in table for word in words) for tag, table in _TABLES.items()}
    best = max(scores, key=lambda tag: scores[tag])
    return best if scores[best] > scores["en"] else "en"


def is_small(word: str) -> bool:
    """Whether a word is one of the little ones that hold sentences together, in whichever language."""
    return len(word) <= _SMALL or any(word.lower() in table for table in _TABLES.values())


@dataclass(frozen=True)
class Phrases:
    """Set phrases of one language. `{topic}` and `{count}` are filled from the brief."""

    name: str
    hooks: tuple[str, ...]
    closes: tuple[str, ...]
    angles: tuple[str, ...]


PHRASES = {
    "de": Phrases(
        "German",
        ("Kurz erklärt: {topic}.", "{topic}: das Wichtigste.", "Worum geht es? {topic}."),
        ("Was meinst du dazu?", "Was nimmst du davon mit?", "Mehr braucht es für den Anfang nicht."),
        ("Der Reihe nach", "Frage zuerst", "Das Wichtigste zuerst", "Vom Ende her"),
    ),
    "fr": Phrases(
        "French",
        ("En bref: {topic}.", "{topic}: l'essentiel.", "De quoi s'agit-il? {topic}."),
        ("Et vous, qu'en pensez-vous?", "Qu'allez-vous en retenir?", "Voilà l'essentiel."),
        ("Dans l'ordre", "La question d'abord", "L'essentiel d'abord", "En partant de la fin"),
    ),
    "es": Phrases(
        "Spanish",
        ("En pocas palabras: {topic}.", "{topic}: lo esencial.", "¿De qué se trata? {topic}."),
        ("¿Y tú qué opinas?", "¿Con qué te quedas?", "Eso es lo esencial."),
        ("Paso a paso", "Primero la pregunta", "Lo esencial primero", "Empezando por el final"),
    ),
    "it": Phrases(
        "Italian",
        ("In breve: {topic}.", "{topic}: l'essenziale.", "Di che cosa si tratta? {topic}."),
        ("E tu, che cosa ne pensi?", "Che cosa ti porti via?", "Questo è l'essenziale."),
        ("In ordine", "Prima la domanda", "Prima l'essenziale", "Partendo dalla fine"),
    ),
    "pt": Phrases(
        "Portuguese",
        ("Em poucas palavras: {topic}.", "{topic}: o essencial.", "Do que se trata? {topic}."),
        ("E você, o que acha?", "O que fica para você?", "Isto é o essencial."),
        ("Por ordem", "Primeiro a pergunta", "Primeiro o essencial", "A partir do fim"),
    ),
    "nl": Phrases(
        "Dutch",
        ("Kort gezegd: {topic}.", "{topic}: de kern.", "Waar gaat het over? {topic}."),
        ("Wat vind jij?", "Wat neem jij hiervan mee?", "Dat is de kern."),
        ("Op volgorde", "Eerst de vraag", "Eerst de kern", "Vanaf het einde"),
    ),
}
