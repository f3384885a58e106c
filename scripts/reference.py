"""Make the reference tables of ``kernel/data`` out of the published files they come from.

Usage: ``python scripts/reference.py FOLDER``, where FOLDER holds ``admin/``, ``geo/`` and ``taxonomy/``
with the files named in ``NOTICE``. Run by hand when a source has a new edition; the tables are kept in
the repository.

Changed on the way: codes are filled up to twelve digits; a county that repeats its prefecture's code
(Dongguan, Zhongshan, Danzhou) is left out; committees are called by their place (仙家村委会 is 仙家村,
畅家巷社区居委会 is 畅家巷社区). Positions: a county's point inside its outline, a township's GeoNames
place, prefecture and province the mean of their counties. English names: pinyin, but for what
``place_names.csv`` says (whole names, names that are not Chinese, peoples of autonomous places, kind
words, and syllables that pypinyin reads otherwise in names of places). Occupations: the marks L (green)
and S (digital) of the book are taken off the names, definition and tasks become one text,
and four codes that stand there twice stand once.
"""

import csv
import gzip
import io
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import fmean

from pypinyin import Style, lazy_pinyin, load_phrases_dict, load_single_dict

DATA = Path(__file__).parents[1] / "src" / "fourdoors" / "kernel" / "data"
Row = dict[str, str]
_MARKS = re.compile(r"(L/S|L|S)$")
_NO_WORD = re.compile(r"[^\u4e00-\u9fffA-Za-z]+")
_COMMITTEE = re.compile(r"(村村民委员会|村民委员会|村村委会|村委会会?|村委员会|村村民委会|村（居）委会)$")
_RESIDENTS = re.compile(r"(社区居民委员会|社区居委会|居民委员会|居委会|社区委员会|社区委会|社区服务中心)$")


def read(path: Path) -> list[Row]:
    """Read a CSV, packed or not."""
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def place_names(part: str) -> Row:
    """Return one part of place_names.csv: Chinese to English."""
    rows = read(Path(__file__).with_name("place_names.csv"))
    return {row["zh"]: row["en"] for row in rows if row["part"] == part}


def write(name: str, header: list[str], rows: Iterable[Iterable[object]]) -> None:
    """Write a packed CSV with the same bytes for the same rows."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    DATA.mkdir(exist_ok=True)
    (DATA / name).write_bytes(gzip.compress(text.getvalue().encode(), 9, mtime=0))
    sys.stdout.write(
        f"{name}: {text.getvalue().count(chr(10)) - 1:,} rows, {(DATA / name).stat().st_size:,} bytes\n"
    )


WHOLE, OWN, PEOPLES, KINDS = map(place_names, ("whole", "own", "people", "kind"))
READINGS = place_names("reading")
load_phrases_dict({name: [[part] for part in how.split()] for name, how in READINGS.items() if len(name) > 1})
load_single_dict({ord(name): how for name, how in READINGS.items() if len(name) == 1})


def capitalised(text: str) -> str:
    """Join syllables as English writes Chinese places: Xi'an, Li, Guyuan."""
    joined = ""
    for syllable in lazy_pinyin(text, style=Style.NORMAL, v_to_u=True):
        joined += f"'{syllable}" if joined and syllable[0] in "aeo" else syllable
    return joined[:1].upper() + joined[1:]


def place_name(name: str, *, is_province: bool = False) -> str:
    """Return the name for readers of English: 礼县 is Li County."""
    if special := WHOLE.get(name):
        return special
    kind = next((name[start:] for start in range(1, len(name)) if name[start:] in KINDS), "")
    own, english = name[: len(name) - len(kind)], "" if is_province else KINDS.get(kind, "")
    peoples: list[str] = []
    while kind and (people := next((p for p in PEOPLES if own.endswith(p) and own != p), None)):
        own = own[: -len(people)]
        peoples.insert(0, PEOPLES[people])
    return " ".join(filter(None, [OWN.get(own) or capitalised(own), *peoples, english]))


def village_name(name: str) -> str:
    """Call a committee by its place: 仙家村委会 is 仙家村, 畅家巷社区居委会 is 畅家巷社区."""
    if name != (place := _COMMITTEE.sub("", name)):
        return f"{place}村"
    if name != (place := _RESIDENTS.sub("", name)):
        return f"{place}社区"
    return name


def points(folder: Path) -> dict[int, tuple[float, float]]:
    """Return longitude and latitude by 12-digit code; prefecture and province are means of their counties."""
    known: dict[int, tuple[float, float]] = {}
    groups: dict[int, list[tuple[float, float]]] = {}
    for row in read(folder / "geo" / "cn_county_points.csv"):
        code, point = (
            int(row["adcode"]) * 10**6,
            (float(row["inside_point_lon"]), float(row["inside_point_lat"])),
        )
        known[code] = point
        for width in (10**8, 10**10):
            groups.setdefault(code - code % width, []).append(point)
    for code, members in groups.items():
        known[code] = (fmean(lon for lon, _ in members), fmean(lat for _, lat in members))
    for row in read(folder / "geo" / "gansu_township_points.csv"):
        if row["lat"]:
            known[int(row["township_code"]) * 1000] = (float(row["lon"]), float(row["lat"]))
    return known


def places(folder: Path) -> Iterator[tuple[int, str]]:
    """Yield code and name of every division, unsorted."""
    admin = folder / "admin"
    for file, zeros in (("cn_provinces.csv", 10), ("cn_cities.csv", 8), ("cn_counties.csv", 6)):
        for row in read(admin / file):
            if zeros != 6 or not row["code"].endswith("00"):  # 441900 and its like repeat the prefecture
                yield int(row["code"]) * 10**zeros, row["name"]
    for row in read(admin / "gansu_townships.csv"):
        yield int(row["code"]) * 1000, row["name"]
    for row in read(admin / "gansu_villages.csv.gz"):
        yield int(row["code"]), village_name(row["name"])


def make_divisions(folder: Path) -> None:
    """Write divisions.csv.gz."""
    known = points(folder)
    rows = []
    for code, name in sorted(places(folder)):
        lon, lat = known.get(code, ("", ""))
        point = (f"{lon:.4f}", f"{lat:.4f}") if lon else ("", "")
        rows.append((code, name, place_name(name, is_province=code % 10**10 == 0), *point))
    write("divisions.csv.gz", ["code", "name", "name_pinyin", "lon", "lat"], rows)


def make_occupations(folder: Path) -> None:
    """Write csco2022.csv.gz."""
    rows = {}
    for row in read(folder / "taxonomy" / "csco2022.csv.gz"):
        name, *aliases = dict.fromkeys(
            _MARKS.sub("", text) for text in [row["name"], *row["alias"].split(",")]
        )
        text = _NO_WORD.sub(" ", row["definition"] + " " + row["tasks"]).strip()
        rows[row["code"]] = (row["code"], name, row["level"], "|".join(aliases), text)
    write("csco2022.csv.gz", ["code", "name", "level", "aliases", "text"], rows.values())


if __name__ == "__main__":
    make_divisions(Path(sys.argv[1]))
    make_occupations(Path(sys.argv[1]))
