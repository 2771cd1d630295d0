#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""make_ldif.py PEOPLE FILE: a directory for slapadd below dc=bench,dc=example. Every tenth person is in ou=few,ou=people,
so that a tenth of the directory can be read by itself."""
import base64
import sys

GIVEN = ["Zoë", "José", "Anna", "Björn", "Marie-Claire", "Łukasz", "John", "Priya", "Wei", "Amélie", "Jürgen", "Olga"]
FAMILY = ["O'Connor", "Müller", "García Márquez", "Smith", "Kowalski", "Lindström", "Dvořák", "Patel", "Zhang", "Jones"]
DEPARTMENTS = ["Finance", "Research", "Sales EMEA", "Sales APAC", "HR", "IT Operations", "Legal"]
BASE = "dc=bench,dc=example"


def line(name, value):
    if value.isascii():
        return f"{name}: {value}\n"
    return f"{name}:: {base64.b64encode(value.encode()).decode()}\n"


def dn_of(number):
    unit = "ou=few,ou=people" if number % 10 == 0 else "ou=people"
    return f"uid=u{number:07d},{unit},{BASE}"


def person(number):
    given, family = GIVEN[number * 7 % len(GIVEN)], FAMILY[number * 3 % len(FAMILY)]
    text = f"dn: {dn_of(number)}\nobjectClass: inetOrgPerson\nuid: u{number:07d}\n"
    text += line("cn", f"{given} {family} {number}") + line("sn", family) + line("givenName", given)
    text += line("displayName", f"{family}, {given}")
    text += f"mail: u{number:07d}@bench.example\nemployeeType: staff\nemployeeNumber: {number:07d}\n"
    text += f"telephoneNumber: +49 30 {number:07d}\nmobile: +49 170 {number:07d}\ntitle: Engineer {number % 9}\n"
    text += f"departmentNumber: {DEPARTMENTS[number % len(DEPARTMENTS)]}\nl: Berlin\npostalCode: 10{number % 1000:03d}\n"
    if number >= 20:
        text += f"manager: {dn_of(number // 20)}\n"
    return text + "\n"


def main():
    people = int(sys.argv[1])
    with open(sys.argv[2], "w", encoding="utf-8") as out:
        out.write(f"dn: {BASE}\nobjectClass: top\nobjectClass: dcObject\nobjectClass: organization\no: Bench\ndc: bench\n\n")
        out.write(f"dn: ou=people,{BASE}\nobjectClass: organizationalUnit\nou: people\n\n")
        out.write(f"dn: ou=few,ou=people,{BASE}\nobjectClass: organizationalUnit\nou: few\n\n")
        for number in range(people):
            out.write(person(number))


main()
