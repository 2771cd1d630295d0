#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Writes the demo's people: people.ldif (an OpenLDAP directory) and changes.ldif, entra.json (a tenant that pushes by SCIM) and the two
contractor files. The same input gives the same bytes: no clock and no chance. Nobody in here exists.

    etc/demo/make_people.py [FOLDER]     FOLDER: where to write, default the folder of this script
"""
import base64
import json
import pathlib
import sys
import uuid

SUFFIX = "dc=aurora,dc=example"
DOMAIN = "aurora.example"
NAMES = uuid.UUID("6ba7b812-9dad-11d1-80b4-00c04fd430c8")

# locale: how many people, given names, family names; "native|how the mail address spells it".
PEOPLE = {
    "de": (38, "Jürgen Käthe Björn Anke Götz Ulrike Sören Bärbel Lutz Heike Jörg Renate",
           "Müller|mueller Groß|gross Schröder|schroeder Weiß|weiss Böhm|boehm Krüger|krueger Strauß|strauss Jäger|jaeger"),
    "fr": (24, "Éloïse Benoît Chloé Gaël Anaïs Cédric Hélène Loïc Zoé Raphaël",
           "Lefèvre Garçon Béranger Delâtre Forêt Noël Châtelain"),
    "sv": (12, "Åsa Björn Göran Märta Örjan Sigrid", "Sjöberg Ångström Lindqvist Ekström Åkesson"),
    "da": (8, "Søren Mærta Jørgen Bodil", "Østergaard|oestergaard Kjær|kjaer Nørgaard|noergaard"),
    "pl": (14, "Łukasz|lukasz Małgorzata|malgorzata Paweł|pawel Żaneta Zdzisław|zdzislaw Bożena",
           "Wójcik Dąbrowska Śliwa Żółkiewski|zolkiewski Łęcka|lecka"),
    "cs": (10, "Jiří Zdeněk Šárka Květa Ondřej", "Dvořák Růžičková Šťastný Černá"),
    "es": (12, "Íñigo Begoña Ángel Nuria José-María Lucía", "Muñoz Ibáñez Peña Núñez García"),
    "pt": (6, "João Inês Conceição", "Gonçalves Simões Araújo"),
    "tr": (7, "Çağla İbrahim|ibrahim Şule Özgür Işıl|isil", "Yıldız|yildiz Öztürk Şahin Güneş"),
    "vi": (5, "Đặng|dang Hạnh Quỳnh", "Nguyễn Trần Phạm"),
    "hu": (5, "Győző Réka Ödön", "Szőke Kővári Tűzkő"),
    "uk": (9, "Сергій|serhii Олена|olena Їжак|yizhak Галина|halyna Юрій|yurii",
           "Щербак|shcherbak Гончар|honchar Кравчук|kravchuk Яценко|yatsenko"),
    "ru": (6, "Юлия|iuliia Иван|ivan Фёдор|fedor", "Щербаков|shcherbakov Ёлкина|elkina Жуков|zhukov"),
    "bg": (4, "Щеряна|shteryana Христо|hristo", "Желязков|zhelyazkov Цветкова|tsvetkova"),
    "el": (9, "Ευάγγελος|evangelos Χριστίνα|christina Γιάννης|giannis Ψυχή|psychi",
           "Γκίκας|gkikas Παπαδάκη|papadaki Θεοδώρου|theodorou"),
    "ka": (3, "აკაკი|akaki თამარ|tamar ჟუჟუნა|zhuzhuna", "ჭავჭავაძე|chavchavadze ქართველი|kartveli"),
    "zh": (6, "伟|wei 秀英|xiuying 静|jing", "王|wang 单|shan 欧阳|ouyang"),
    "ja": (5, "太郎|taro 花子|hanako 翔|sho", "田中|tanaka 渡邊|watanabe"),
    "ko": (3, "민준|minjun 서연|seoyeon", "김|kim 박|park"),
    "ar": (4, "محمد|mohammed فاطمة|fatima", "الحسن|alhassan منصور|mansour"),
    "he": (2, "משה|moshe רות|ruth", "כהן|cohen"),
    "th": (2, "สมชาย|somchai สุดา|suda", "ใจดี|jaidee"),
    "en": (8, "Siân Sinéad Zoë Rory", "O'Neill|oneill Brontë Smith-Jones|smith-jones"),
}

# unit: DN below ou=People, how many of the first hundred per cent go there, department number.
SUPPORT = "ou=Support,ou=People"
UNITS = [
    ("ou=Software,ou=Engineering,ou=People", "d-100"),
    ("ou=Hardware,ou=Engineering,ou=People", "d-110"),
    ("ou=Research\\2C Development,ou=Engineering,ou=People", "d-120"),
    ("ou=Sales,ou=People", "d-200"),
    ("ou=Ibérica,ou=Sales,ou=People", "d-200"),
    ("ou=Operations,ou=People", "d-300"),
    ("ou=Board,ou=People", "d-900"),
]
SUPPORT_SIZE = 40
GROUPS = ["Project Nordlicht", "Project Σελήνη", "Project Кобзар", "Works Council", "First Aid", "Fire Wardens",
          "Data Protection", "Chess Club", "Choir", "Release Crew", "On Call", "Travel Approvers"]


def split_words(words):
    return [tuple((word + "|").split("|")[:2]) for word in words.split()]


def plain(text):
    import unicodedata
    marks = unicodedata.normalize("NFKD", text.replace("ł", "l").replace("Ł", "L").replace("ø", "o").replace("Đ", "D")
                                  .replace("æ", "ae").replace("ı", "i"))
    return "".join(c for c in marks.lower() if c.isascii() and (c.isalnum() or c == "-"))


def people():
    everyone, mails, uids = [], set(), set()
    for locale, (count, givens, families) in PEOPLE.items():
        givens, families = split_words(givens), split_words(families)
        for i in range(count):
            given, given_ascii = givens[i % len(givens)]
            family, family_ascii = families[(i + i // len(givens)) % len(families)]
            base = f"{given_ascii or plain(given)}.{family_ascii or plain(family)}"
            mail, number = base, 1
            while mail in mails:
                number += 1
                mail = f"{base}{number}"
            mails.add(mail)
            uid_base = (base.split(".")[0][:1] + base.split(".")[1].replace("-", ""))[:10]
            uid, number = uid_base, 1
            while uid in uids:
                number += 1
                uid = f"{uid_base}{number}"
            uids.add(uid)
            everyone.append({"locale": locale, "given": given, "family": family, "mail": f"{mail}@{DOMAIN}", "uid": uid})
    # Neighbours in the list go to different units, so that every unit speaks many languages.
    support = set(range(3, len(everyone), len(everyone) // SUPPORT_SIZE))
    support = set(sorted(support)[:SUPPORT_SIZE])
    turn = 0
    for i, person in enumerate(everyone):
        person["number"] = f"{1000 + i}"
        if i in support:
            person["unit"], person["department"] = SUPPORT, "d-400"
        else:
            person["unit"], person["department"] = UNITS[turn % len(UNITS)]
            turn += 1
        person["dn"] = f"uid={person['uid']},{person['unit']},{SUFFIX}"
        person["locked"] = i % 17 == 5
    return everyone


def line(name, value):
    safe = value.isascii() and value.isprintable() and value and value[0] not in " :<" and value[-1] != " "
    text = f"{name}: {value}" if safe else f"{name}:: {base64.b64encode(value.encode()).decode()}"
    lines = [text[:76]]
    rest = text[76:]
    while rest:
        lines.append(" " + rest[:75])
        rest = rest[75:]
    return "\n".join(lines)


def entry(dn, *attributes):
    return "\n".join([line("dn", dn)] + [line(name, value) for name, value in attributes]) + "\n"


def unit(dn):
    name = dn.split(",")[0].split("=", 1)[1].replace("\\2C", ",")
    return entry(f"{dn},{SUFFIX}", ("objectClass", "organizationalUnit"), ("ou", name))


def person_entry(person):
    attributes = [("objectClass", "inetOrgPerson"), ("uid", person["uid"]),
                  ("cn", f"{person['given']} {person['family']}"), ("givenName", person["given"]), ("sn", person["family"]),
                  ("mail", person["mail"]), ("employeeNumber", person["number"]),
                  ("departmentNumber", person["department"]), ("preferredLanguage", person["locale"]),
                  ("telephoneNumber", f"+49 30 5550 {person['number']}")]
    if person["locked"]:  # how OpenLDAP's password policy says "locked by an administrator"
        attributes.append(("pwdAccountLockedTime", "000001010000Z"))
    return entry(person["dn"], *attributes)


def ldif(everyone):
    out = ["# Made by make_people.py.\n", entry(SUFFIX, ("objectClass", "dcObject"), ("objectClass", "organization"),
                                                ("o", "Aurora Instruments"), ("dc", "aurora"))]
    out += [unit(dn) for dn in ("ou=Services", "ou=Groups", "ou=People", "ou=Engineering,ou=People", SUPPORT)]
    out += [unit(dn) for dn, _ in UNITS]
    out += [person_entry(person) for person in everyone]
    for g, name in enumerate(GROUPS):
        members = [("member", p["dn"]) for i, p in enumerate(everyone) if i % (7 + g) == g % 5]
        if g == 0:  # a group in a group
            members.append(("member", f"cn={GROUPS[9]},ou=Groups,{SUFFIX}"))
        out.append(entry(f"cn={name},ou=Groups,{SUFFIX}", ("objectClass", "groupOfNames"), ("cn", name), *members))
    return "\n".join(out)


def tenant_user(given, family, mail, number=None, department=None, **more):
    user = {"objectId": str(uuid.uuid5(NAMES, mail)), "userPrincipalName": mail, "mail": mail, "givenName": given,
            "surname": family, "displayName": f"{given} {family}", "accountEnabled": True}
    if number:
        user["employeeId"] = number
    if department:
        user["department"] = department
    user.update(more)
    return user


def tenant(everyone):
    """Twenty people: thirteen are in the directory too, nine by employee number and four by address alone."""
    active = [p for p in everyone if not p["locked"] and p["unit"] != SUPPORT]
    known = active[::11][:13]
    users = [tenant_user(p["given"], p["family"], p["mail"], p["number"] if i < 9 else None,
                         preferredLanguage=p["locale"]) for i, p in enumerate(known)]
    for given, family, mail, department in [
            ("Noémie", "Brûlé", f"noemie.brule@{DOMAIN}", "Marketing"), ("Tomás", "Ó Briain", f"tomas.obriain@{DOMAIN}", "Marketing"),
            ("Άννα", "Ξένου", f"anna.xenou@{DOMAIN}", "Legal"), ("Віра", "Сліпченко", f"vira.slipchenko@{DOMAIN}", "Legal"),
            ("陽菜", "佐藤", f"hina.sato@{DOMAIN}", "Finance"), ("Weronika", "Zając", f"weronika.zajac@{DOMAIN}", "Finance")]:
        users.append(tenant_user(given, family, mail, None, department))
    users.append(tenant_user("Giulia", "Verdi", "giulia@studio-lago.example", None, None, userType="Guest"))
    # What the second cycle finds changed in the tenant.
    users[2]["later"] = {"accountEnabled": False}
    users[14]["later"] = {"accountEnabled": False}
    users[15]["later"] = {"department": "Compliance", "surname": "Ξένου-Ρήγα", "displayName": "Άννα Ξένου-Ρήγα"}
    team = {"objectId": str(uuid.uuid5(NAMES, "team")), "displayName": "Team Leads",
            "members": [users[i]["objectId"] for i in (0, 3, 13, 16)],
            "later": {"members": [users[i]["objectId"] for i in (0, 13, 16, 18)]}}
    return {"users": users, "groups": [team]}


def changes(everyone, pushed):
    """A day in the directory, for ldapmodify: a move, a new name, a lock and a leaver."""
    quiet = [p for p in everyone if not p["locked"] and p["unit"] != SUPPORT and p["mail"] not in pushed][20::20]
    mover, renamed, locked, leaver = quiet[:4]
    target = next(dn for dn, _ in UNITS if dn != mover["unit"])
    return "\n".join([
        f"{line('dn', mover['dn'])}\nchangetype: moddn\nnewrdn: uid={mover['uid']}\ndeleteoldrdn: 0\n"
        f"{line('newsuperior', target + ',' + SUFFIX)}\n",
        f"{line('dn', renamed['dn'])}\nchangetype: modify\nreplace: sn\n{line('sn', renamed['family'] + '-Løvstrøm')}\n",
        f"{line('dn', locked['dn'])}\nchangetype: modify\nadd: pwdAccountLockedTime\npwdAccountLockedTime: 000001010000Z\n",
        f"{line('dn', leaver['dn'])}\nchangetype: delete\n"])


CONTRACTORS = """\
Rémi;Aubépine;studio-lago.example;Studio Lago
Katarína;Hrušková;studio-lago.example;Studio Lago
Óscar;Peñaranda;studio-lago.example;Studio Lago
Jens;Rødgaard;nordbyg.example;"Nordbyg A/S
Aarhus"
Ásta;Þórsdóttir;nordbyg.example;"Nordbyg A/S
Aarhus"
Marek;Świątek;nordbyg.example;"Nordbyg A/S
Aarhus"
Zuzana;Ďuricová;klima-plus.example;Klima Plus
Nikola;Đorđević;klima-plus.example;Klima Plus
Ferenc;Bő;klima-plus.example;Klima Plus
Наталія;Гнатюк;klima-plus.example;"Klima ""Plus"" Kyiv"
Борис;Цанев;klima-plus.example;"Klima ""Plus"" Sofia"
Ελένη;Ψαρρού;thalassa.example;Thalassa
Άρης;Γκούφας;thalassa.example;Thalassa
Nino;Beridze;thalassa.example;Thalassa
明;李;mingda.example;Mingda
결;한;mingda.example;Mingda
Aoife;Ní Dhomhnaill;greenlight.example;Greenlight
Huw;Llŷr;greenlight.example;Greenlight
Chiara;D'Àvila;greenlight.example;Greenlight
Yağmur;Çelik;greenlight.example;Greenlight
Linh;Đoàn;greenlight.example;Greenlight
Tõnu;Jõesaar;balti.example;Balti
Ērika;Ķepīte;balti.example;Balti
Žydrūnė;Šimkutė;balti.example;Balti
Leïla;Haddad;balti.example;Balti
Amélie;Œuvrard;balti.example;Balti
"""
ASCII_MAIL = {"Наталія": "nataliia", "Борис": "boris", "Ελένη": "eleni", "Άρης": "aris", "明": "ming", "결": "gyeol",
              "Đorđević": "dordevic"}
HEADER = "Personalnummer;Vorname;Nachname;E-Mail;Company;Contract end;Type"


def contractor_rows():
    rows = []
    quoted = CONTRACTORS.replace("A/S\nAarhus", "A/S\\nAarhus").splitlines()
    for i, text in enumerate(quoted):
        given, family, domain, company = text.replace("\\n", "\n").split(";")
        mail = f"{ASCII_MAIL.get(given) or plain(given)}@{domain}"
        until = "2024-06-30" if i == 8 else "2099-12-31"
        kind = "Guest" if i in (2, 20) else "Contractor"
        rows.append([f"C-{501 + i}", given, family, mail, company, until, kind])
    return rows


def write_rows(path, rows):
    path.write_text("\n".join([HEADER] + [";".join(row) for row in rows]) + "\n", encoding="utf-8-sig", newline="")


def contractors(folder, everyone):
    rows = contractor_rows()
    staff = next(p for p in everyone if not p["locked"])
    broken = [
        ["C-527", "Wrong", "Count", "count@balti.example", "Balti", "2099-12-31", "Contractor", "one field too many"],
        ["", "Without", "Number", "without@balti.example", "Balti", "2099-12-31", "Contractor"],
        ["C-528", "Invalid", "Address", "not an address", "Balti", "2099-12-31", "Contractor"],
        ["C-503", "Twice", "Óscar", "again@studio-lago.example", "Studio Lago", "2099-12-31", "Contractor"],
    ]
    namesake = ["C-529", staff["given"], staff["family"], staff["mail"], "Balti", "2099-12-31", "Contractor"]
    write_rows(folder / "contractors.csv", rows[:10] + broken[:2] + rows[10:] + broken[2:] + [namesake])
    # A month later: repaired, two people fewer, one new, one with another company.
    later = [row[:] for row in rows if row[0] not in ("C-505", "C-519")]
    later[0][4] = "Studio Lago Nord"
    later.append(["C-528", "Ilse", "Österreicher", "ilse@balti.example", "Balti", "2099-12-31", "Contractor"])
    write_rows(folder / "contractors-later.csv", later + [namesake])


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else pathlib.Path(__file__).parent)
    everyone = people()
    (folder / "people.ldif").write_text(ldif(everyone), encoding="utf-8")
    directory_tenant = tenant(everyone)
    pushed = {user["mail"] for user in directory_tenant["users"]}
    (folder / "changes.ldif").write_text(changes(everyone, pushed), encoding="utf-8")
    (folder / "entra.json").write_text(json.dumps(directory_tenant, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    contractors(folder, everyone)


main()
