#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""An independent model of the mapping language's functions, standard library only.

model.py SEED ROUNDS prints one JSON object per line: an expression, a record, and what must come out.
"""

import base64
import calendar
import datetime
import decimal
import hashlib
import json
import random
import re
import sys
import unicodedata
import uuid

LETTERS = "abcXYZ,.-@ 109äößéŁ中\u00a0\tx😀_"
EPOCH = datetime.datetime(1970, 1, 1)
FILETIME_EPOCH = datetime.datetime(1601, 1, 1)


def text(most=12, letters=LETTERS):
    made = "".join(random.choice(letters) for _ in range(random.randint(1, most)))
    return unicodedata.normalize("NFC", made)


def shown(value):
    """As the tests print an outcome."""
    if value is None or value == "" or value == []:
        return "none"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.datetime):
        if (value.hour, value.minute, value.second) == (0, 0, 0):
            return f"{value.year:04}-{value.month:02}-{value.day:02}"
        return value.strftime(f"{value.year:04}-%m-%dT%H:%M:%SZ")
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return str(value)


def quoted(value):
    """A text literal of the language."""
    for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("{", "\\{"), ("}", "\\}"), ("\t", "\\t")):
        value = value.replace(plain, escaped)
    return f'"{value}"'


def clusters(value):
    out = []
    for c in value:
        if out and unicodedata.combining(c):
            out[-1] += c
        else:
            out.append(c)
    return out


def title(value, separators):
    """A letter that has no single capital (ß) stays."""
    out, start = "", True
    for c in value:
        capital = c.title() if len(c.title()) == 1 else c
        out += (capital if start else c.lower()) if c not in separators else c
        start = c in separators
    return out


def slug(value):
    value = value.replace("ß", "ss").replace("Ł", "L")
    value = "".join(c for c in unicodedata.normalize("NFKD", value) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "-", value.lower()).strip("-")


def pad(value, width, fill, left):
    missing = max(0, width - len(value))
    padding = (fill * missing)[:missing]
    return padding + value if left else value + padding


def last_day(year, month):
    return calendar.monthrange(year, month)[1]


def add_months(when, months):
    total = when.year * 12 + when.month - 1 + months
    year, month = divmod(total, 12)
    if not 1 <= year <= 9999:
        return None
    return when.replace(year=year, month=month + 1, day=min(when.day, last_day(year, month + 1)))


def months_between(first, second):
    """By trying: the most months for which the same day and time of a later month is reached."""
    if second < first:
        return -months_between(second, first)
    count = 0
    while True:
        total = first.year * 12 + first.month - 1 + count + 1
        year, month = divmod(total, 12)
        reached = (year, month + 1, first.day, first.time())
        if reached > (second.year, second.month, second.day, second.time()):
            return count
        count += 1


def seconds(first, second):
    return (second - first).days * 86400 + (second - first).seconds


def toward_zero(number, unit):
    return number // unit if number >= 0 else -(-number // unit)


def moment(years=(1900, 2100)):
    year = random.randint(*years)
    month = random.randint(1, 12)
    day = random.choice([1, last_day(year, month), random.randint(1, last_day(year, month))])
    made = datetime.datetime(year, month, day)
    if random.random() < 0.6:
        made += datetime.timedelta(seconds=random.randint(0, 86399))
    return made


def stamp(when):
    return f"{when.year:04}-{when.month:02}-{when.day:02}T" + when.strftime("%H:%M:%SZ")


def literal(when):
    return stamp(when)


def start_of(when, unit):
    day = when.replace(hour=0, minute=0, second=0)
    return {"y": lambda: day.replace(month=1, day=1), "M": lambda: day.replace(day=1),
            "w": lambda: day - datetime.timedelta(days=day.weekday()), "d": lambda: day,
            "h": lambda: when.replace(minute=0, second=0), "m": lambda: when.replace(second=0),
            "s": lambda: when}[unit]()


def text_cases():
    a, s = text(), text(2)
    n = random.randint(-3, 8)
    m = random.randint(-3, 14)
    yield "trim(a)", a, a.strip()
    yield "collapse(a)", a, re.sub(r"\s+", " ", a)
    yield "len(a)", a, len(a)
    yield f"split(a, {quoted(s)})", a, [p for p in a.split(s) if p]
    for name, expected in (("before", a.split(s, 1)[0]), ("before_last", a.rsplit(s, 1)[0]),
                           ("after", a.split(s, 1)[1] if s in a else None),
                           ("after_last", a.rsplit(s, 1)[1] if s in a else None),
                           ("starts", a.startswith(s)), ("ends", a.endswith(s)),
                           ("contains", s in a), ("index_of", a.find(s) if s in a else None),
                           ("last_index_of", a.rfind(s) if s in a else None)):
        yield f"{name}(a, {quoted(s)})", a, expected
    yield f"word(a, {n}, {quoted(s)})", a, dict(
        enumerate(p for p in re.split("[" + re.escape(s) + "]", a) if p)).get(n)
    yield f"replace(a, {quoted(s)}, \"<>\")", a, a.replace(s, "<>")
    yield f"replace_first(a, {quoted(s)}, \"<>\")", a, a.replace(s, "<>", 1)
    yield f"slice(a, {n}, {m})", a, a[n:m] if -len(a) <= n else a[0:m]
    yield f"pad_left(a, {m}, {quoted(s)})", a, pad(a, m, s, True)
    yield f"pad_right(a, {m}, {quoted(s)})", a, pad(a, m, s, False)
    yield f"title(a, \"-@ \")", a, unicodedata.normalize("NFC", title(a, "-@ "))
    yield "base64(a)", a, base64.b64encode(a.encode()).decode()
    yield "base64(a) | unbase64", a, a
    yield "base64_utf16(a)", a, base64.b64encode(a.encode("utf-16-le")).decode()
    yield "hex(a)", a, a.encode().hex()
    yield "sha256(a)", a, hashlib.sha256(a.encode()).hexdigest()
    yield 'uuid5("dns", a)', a, uuid.uuid5(uuid.NAMESPACE_DNS, a)
    space = uuid.UUID(int=random.getrandbits(128))
    yield f'uuid5("{space}", a)', a, uuid.uuid5(space, a)
    latin = text(12, "abcXYZ,.-@ 109äößéŁçñ\u00a0&/")
    yield "slug(a)", latin, slug(latin)
    marked = text(8, "abx\u0301y\u0308é中q\u0323")
    parts = clusters(marked)
    yield f"left(a, {n})", marked, "".join(parts[:max(n, 0)])
    yield f"right(a, {n})", marked, "".join(parts[max(len(parts) - n, 0):]) if n > 0 else ""
    yield f"mid(a, {n}, {m})", marked, "".join(parts[n:n + max(m, 0)]) if n >= 0 else ""


def number_cases():
    whole = random.randint(-10**12, 10**12)
    yield "int(a)", str(whole), whole
    yield "int(a) + 7 - 9", str(whole), whole - 2
    mask = random.randint(0, 2**20)
    yield f"bits_and(int(a), {mask})", str(whole), whole & mask
    yield f"bit(int(a), {mask})", str(whole), whole & mask != 0
    number = decimal.Decimal(random.randint(-10**6, 10**6)).scaleb(-random.randint(0, 4))
    yield "round(a)", f"{number:f}", int(number.quantize(0, rounding=decimal.ROUND_HALF_UP))


def date_cases():
    first, second = moment(), moment()
    yield "date(a)", stamp(first), first
    yield 'date(a, "dd.MM.yyyy HH:mm:ss")', first.strftime(f"%d.%m.{first.year:04} %H:%M:%S"), first
    yield 'date(a) | format_date("yyyyMMddHHmmss\'Z\'")', stamp(first), first.strftime("%Y%m%d%H%M%SZ")
    yield 'date(a) | format_date("yyyy-MM-dd\'T\'HH:mmXXX", "-03:30")', stamp(first), (
        first - datetime.timedelta(hours=3, minutes=30)).strftime("%Y-%m-%dT%H:%M-03:30")
    elapsed = seconds(first, second)
    for unit, length in (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        yield f'diff(date(a), {literal(second)}, "{unit}")', stamp(first), toward_zero(elapsed, length)
    months = months_between(first, second)
    yield f'diff(date(a), {literal(second)}, "M")', stamp(first), months
    yield f'diff(date(a), {literal(second)}, "y")', stamp(first), toward_zero(months, 12)
    for unit in "yMwdhms":
        yield f'start_of(date(a), "{unit}")', stamp(first), start_of(first, unit)
    ticks = seconds(FILETIME_EPOCH, first) * 10**7
    yield "to_filetime(date(a))", stamp(first), ticks
    yield "filetime(a)", str(ticks), first
    yield "to_unix(date(a))", stamp(first), seconds(EPOCH, first)
    yield "unix(a)", str(seconds(EPOCH, first)), first
    months, days = random.randint(0, 40), random.randint(0, 400)
    later = add_months(first, months) + datetime.timedelta(days=days)
    yield f'date(a) + "P{months}M{days}D"', stamp(first), later
    earlier = add_months(first, -months) - datetime.timedelta(days=days)
    yield f'date(a) - "P{months}M{days}D"', stamp(first), earlier
    yield f"date(a) < {literal(second)}", stamp(first), first < second


def list_cases():
    items = [text(2, "abcd") for _ in range(random.randint(1, 6))]
    n = random.randint(-7, 7)
    yield "unique(phones)", items, list(dict.fromkeys(items))
    yield "sort(phones)", items, sorted(items)
    yield "count(phones)", items, len(items)
    yield f"at(phones, {n})", items, items[n] if -len(items) <= n < len(items) else None
    yield 'join(phones, ";")', items, ";".join(items)
    yield 'without(phones, "a", "b")', items, [i for i in items if i not in ("a", "b")]
    yield 'phones | map(p => split(p, "b")) | flatten', items, [
        p for i in items for p in i.split("b") if p]


def main():
    random.seed(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        for cases, attribute in ((text_cases, "a"), (number_cases, "a"), (date_cases, "a"),
                                 (list_cases, "phones")):
            for line, value, expected in cases():
                # What is blank when it arrives is none, whatever is asked of it.
                if attribute == "a" and not value.strip():
                    continue
                print(json.dumps({"line": line, "record": {attribute: value},
                                  "expected": shown(expected)}))


main()
