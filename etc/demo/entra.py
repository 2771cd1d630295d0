#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A provisioning cycle as Microsoft Entra ID runs it against a SCIM server, for the demo and for trying a set-up.

    entra.py --url http://127.0.0.1:8080/scim/v2 --token-file FILE --state FILE [--later] entra.json

Requests have Entra's shapes: the connection test asks for a user that cannot exist; a person is looked for by userName,
created when unknown, and changed by PATCH with "Replace" and the text "False"; members come and go one at a time.
--state remembers what was sent, as Entra does; --later applies the changes marked "later" in the tenant's file.
Exit code 1: the server gave an answer that Entra would not understand.
"""
import argparse
import json
import pathlib
import sys
import urllib.error
import urllib.parse
import urllib.request
import uuid

CORE_USER = "urn:ietf:params:scim:schemas:core:2.0:User"
CORE_GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group"
AD_GROUP = "http://schemas.microsoft.com/2006/11/ResourceManagement/ADSCIM/2.0/Group"
ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

# What the tenant's attribute mapping sends, and where: attribute of the tenant, SCIM path.
MAPPED = [
    ("userPrincipalName", "userName"), ("accountEnabled", "active"), ("displayName", "displayName"),
    ("mail", 'emails[type eq "work"].value'), ("givenName", "name.givenName"), ("surname", "name.familyName"),
    ("preferredLanguage", "preferredLanguage"), ("userType", "userType"),
    ("employeeId", f"{ENTERPRISE}:employeeNumber"), ("department", f"{ENTERPRISE}:department"),
]


class Refused(Exception):
    pass


class Server:
    def __init__(self, url, token):
        self.url, self.token = url.rstrip("/"), token
        self.requests = 0

    def ask(self, method, path, body=None, expect=(200,), **query):
        url = self.url + path
        if query:  # Entra writes blanks as +
            url += "?" + urllib.parse.urlencode(query)
        request = urllib.request.Request(url, method=method, data=json.dumps(body).encode() if body else None)
        request.add_header("Authorization", f"Bearer {self.token}")
        request.add_header("Accept", "application/scim+json")
        if body:
            request.add_header("Content-Type", "application/scim+json; charset=utf-8")
        self.requests += 1
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        except OSError as error:
            raise Refused(f"{method} {path}: {error}") from error
        if status not in expect:
            raise Refused(f"{method} {path}: expected {expect}, got {status} {text.decode(errors='replace')}")
        return json.loads(text) if text else {}


def flat(user):
    """What would be sent for a user, by SCIM path."""
    return {path: user[name] for name, path in MAPPED if user.get(name) is not None}


def creation(user):
    body = {"schemas": [CORE_USER, ENTERPRISE], "externalId": user["objectId"], "userName": user["userPrincipalName"],
            "active": user["accountEnabled"], "addresses": None, "displayName": user["displayName"],
            "emails": [{"primary": True, "type": "work", "value": user["mail"]}], "meta": {"resourceType": "User"},
            "name": {"formatted": user["displayName"], "familyName": user["surname"], "givenName": user["givenName"]},
            "roles": [], ENTERPRISE: {"employeeNumber": user.get("employeeId"), "department": user.get("department"),
                                      "manager": None}}
    for name in ("preferredLanguage", "userType"):
        if user.get(name):
            body[name] = user[name]
    return body


def operations(before, now):
    found = []
    for path in sorted(set(before) | set(now)):
        if before.get(path) == now.get(path):
            continue
        if path not in now:
            found.append({"op": "Remove", "path": path})
        elif isinstance(now[path], bool):  # Entra's default sends booleans as text
            found.append({"op": "Replace", "path": path, "value": str(now[path])})
        else:
            found.append({"op": "Replace" if path in before else "Add", "path": path, "value": now[path]})
    return found


def patch(server, path, changes):
    server.ask("PATCH", path, {"schemas": [PATCH], "Operations": changes}, expect=(200, 204))


def test_connection(server):
    nobody = str(uuid.uuid4())
    for path, query in (("/Users", {"filter": f'userName eq "{nobody}"'}),
                        ("/Groups", {"excludedAttributes": "members", "filter": f'displayName eq "{nobody}"'})):
        if server.ask("GET", path, **query)["totalResults"] != 0:
            raise Refused(f"{path} found somebody who cannot exist")
    print("  connection test: good")


def push_user(server, user, state):
    known = state["users"].get(user["objectId"])
    now = flat(user)
    if known is None:
        found = server.ask("GET", "/Users", filter=f'userName eq "{user["userPrincipalName"]}"')
        if found["totalResults"] == 0:
            made = server.ask("POST", "/Users", creation(user), expect=(201,))
            if made.get("active") is not user["accountEnabled"] or made.get("userName") != user["userPrincipalName"]:
                raise Refused(f"the answer to POST /Users changed what was sent: {made}")
            print(f"  created {user['userPrincipalName']}")
        else:
            made = found["Resources"][0]
            patch(server, f"/Users/{made['id']}", operations({}, now))
            print(f"  matched {user['userPrincipalName']}")
        state["users"][user["objectId"]] = {"id": made["id"], "sent": now}
        return
    changes = operations(known["sent"], now)
    if not changes:
        return
    patch(server, f"/Users/{known['id']}", changes)
    told = server.ask("GET", f"/Users/{known['id']}")
    if told["active"] is not user["accountEnabled"]:
        raise Refused(f"active was sent as {user['accountEnabled']} and is {told['active']}")
    known["sent"] = now
    print(f"  changed {user['userPrincipalName']}: " + ", ".join(f"{c['path'].split(':')[-1]} = {c.get('value')}" for c in changes))


def push_group(server, group, state):
    known = state["groups"].get(group["objectId"])
    if known is None:
        found = server.ask("GET", "/Groups", excludedAttributes="members", filter=f'displayName eq "{group["displayName"]}"')
        if found["totalResults"] == 0:
            made = server.ask("POST", "/Groups", {"schemas": [CORE_GROUP, AD_GROUP], "externalId": group["objectId"],
                                                  "displayName": group["displayName"],
                                                  "meta": {"resourceType": "Group"}}, expect=(201,))
        else:
            made = found["Resources"][0]
        known = state["groups"][group["objectId"]] = {"id": made["id"], "members": []}
        print(f"  group   {group['displayName']}")
    for op, members in (("Add", set(group["members"]) - set(known["members"])),
                        ("Remove", set(known["members"]) - set(group["members"]))):
        for member in sorted(members):
            person = state["users"][member]["id"]
            patch(server, f"/Groups/{known['id']}",
                  [{"op": op, "path": "members", "value": [{"$ref": None, "value": person}]}])
            there = server.ask("GET", "/Groups", attributes="id",
                               filter=f'id eq "{known["id"]}" and members eq "{person}"')["totalResults"]
            if there != (1 if op == "Add" else 0):
                raise Refused(f"after {op} the member check of {group['displayName']} found {there}")
    if sorted(known["members"]) != sorted(group["members"]):
        print(f"  members of {group['displayName']}: {len(group['members'])}")
    known["members"] = group["members"]


def main():
    parser = argparse.ArgumentParser(description="One provisioning cycle in Entra's shapes.")
    parser.add_argument("--url", required=True)
    parser.add_argument("--token-file", required=True, type=pathlib.Path)
    parser.add_argument("--state", required=True, type=pathlib.Path)
    parser.add_argument("--later", action="store_true", help='apply the changes marked "later"')
    parser.add_argument("tenant", type=pathlib.Path)
    given = parser.parse_args()
    tenant = json.loads(given.tenant.read_text(encoding="utf-8"))
    state = json.loads(given.state.read_text()) if given.state.exists() else {"users": {}, "groups": {}}
    server = Server(given.url, given.token_file.read_text().strip())
    try:
        test_connection(server)
        for item, push in [(u, push_user) for u in tenant["users"]] + [(g, push_group) for g in tenant["groups"]]:
            later = item.pop("later", {})
            push(server, {**item, **(later if given.later else {})}, state)
    except Refused as refused:
        print(f"entra.py: {refused}", file=sys.stderr)
        return 1
    given.state.write_text(json.dumps(state))
    print(f"  {server.requests} requests, all answered as Entra wants them")
    return 0


sys.exit(main())
