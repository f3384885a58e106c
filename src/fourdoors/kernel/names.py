"""Names of people: how they are sorted, searched and printed."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import cast

_DOUBLE_SURNAMES = {
    "尉迟": "yu chi", "长孙": "zhang sun", "单于": "chan yu", "万俟": "mo qi", "澹台": "tan tai",
}  # fmt: skip
_SURNAMES = {  # characters that are read otherwise when they are a surname
    "单": "shan", "曾": "zeng", "仇": "qiu", "解": "xie", "查": "zha", "翟": "zhai", "区": "ou", "朴": "piao",
    "盖": "ge", "种": "chong", "乐": "yue", "员": "yun", "缪": "miao", "覃": "qin", "繁": "po", "逄": "pang",
}  # fmt: skip
_FONT_LACKS_BELOW = ((0x4DB6, 0x4DBF), (0x9FF0, 0x9FFF))  # of the two blocks that names are usually made of
_IDEOGRAPHS_ABOVE = 0x20000  # Extension B and later: the font has only the characters below
_FONT_HAS_ABOVE = frozenset(
    "𠂇𠂉𠃌𠅤𠘨𠙶𠳐𡎚𡐓𡗗𢦏𣗋𣲗𣲘𣸣𤇾𤈎𤣩𤧛𤨁𤩽𤫉𥔲𥕢𥖨𥫗𥻗𦈡𦒍𦙶𦝼𦥑𦭜𦰡𧢲𧺯𧾷𧿹𨐈𨙸𨚕𨟠𨭉𨱇𨱏𨱑𨱔𨸏"
    "𨺙𩙿𩠐𩽾𩾃𩾌𪟝𪣻𪤗𪨰𪨶𪩘𪾢𫄧𫄨𫄷𫄸𫇭𫌀𫍣𫍯𫍲𫍽𫐄𫐐𫐓𫑡𫓧𫓯𫓶𫓹𫔍𫔎𫔶𫖮𫖯𫖳𫗧𫗴𫘜𫘝𫘦𫘧𫘨𫘪𫘬𫚕𫚖"
    "𫚭𫛭𫞩𫟅𫟦𫟹𫟼𫠆𫠊𫠜𫢸𫫇𫭟𫭢𫭼𫮃𫰛𫵷𫶇𫷷𫸩𬀩𬀪𬂩𬃊𬇕𬇙𬇹𬉼𬊈𬊤𬌗𬍛𬍡𬍤𬒈𬒔𬒗𬕂𬘓𬘘𬘡𬘩𬘫𬘬𬘭𬘯𬙂"
    "𬙊𬙋𬜬𬜯𬞟𬟁𬟽𬣙𬣞𬣡𬣳𬤇𬤊𬤝𬨂𬨎𬩽𬪩𬬩𬬭𬬮𬬱𬬸𬬹𬬻𬬿𬭁𬭊𬭎𬭚𬭛𬭤𬭩𬭬𬭯𬭳𬭶𬭸𬭼𬮱𬮿𬯀𬯎𬱖𬱟𬳵𬳶𬳽"
    "𬳿𬴂𬴃𬴊𬶋𬶍𬶏𬶐𬶟𬶠𬶨𬶭𬶮𬷕𬸘𬸚𬸣𬸦𬸪𬹼𬺈𬺓𭕄巽拔𰻝𰻞𱁬"
)


def pinyin_of(name: str) -> str:
    """Return the name as toneless syllables, each apart: sorts and searches as Chinese lists do.

    A surname is read as a surname (单 shan, 曾 zeng); ü is v, as it is typed. Other letters stay.

    >>> pinyin_of("马小兰"), pinyin_of("单兰"), pinyin_of("吕兰")
    ('ma xiao lan', 'shan lan', 'lv lan')
    """
    return _pinyin(name.strip())


def initials_of(name: str) -> str:
    """Return the first letter of every syllable, for finding a name with few strokes.

    >>> initials_of("马小兰")
    'mxl'
    """
    return "".join(syllable[0] for syllable in pinyin_of(name).split())


def outside_font(text: str) -> str:
    """Return the characters that our printed papers cannot show, each once, in order; "" when all can.

    The font has every common character; of the rare ones beyond (Extension B and later, allowed in names
    by GB 18030) it has a handful. Intake warns of them, because a pass with a box in a name is refused.

    Source:
        Read from the face itself: Noto Sans SC, @expo-google-fonts/noto-sans-sc 0.4.3. A test compares.

    >>> outside_font("马小兰"), outside_font("马𠮷兰")
    ('', '𠮷')
    """
    return "".join(dict.fromkeys(sign for sign in text if _is_outside(ord(sign))))


def _is_outside(code: int) -> bool:
    if code >= _IDEOGRAPHS_ABOVE:
        return chr(code) not in _FONT_HAS_ABOVE
    return any(first <= code <= last for first, last in _FONT_LACKS_BELOW)


@lru_cache(maxsize=1 << 18)
def _pinyin(name: str) -> str:
    for surnames, length in ((_DOUBLE_SURNAMES, 2), (_SURNAMES, 1)):
        if reading := surnames.get(name[:length]):
            return f"{reading} {_syllables(name[length:])}".strip()
    return _syllables(name)


def _syllables(text: str) -> str:
    return " ".join(part.strip() for part in _reader()(text) if part.strip(" ·・.")).lower()


@cache
def _reader() -> Callable[[str], list[str]]:
    from pypinyin import lazy_pinyin  # noqa: PLC0415  0.3 s to import: only where names are read

    return cast("Callable[[str], list[str]]", lazy_pinyin)
