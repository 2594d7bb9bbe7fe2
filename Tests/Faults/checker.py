"""Compares what everybody was told with what is stored."""

import sqlite3
import subprocess

from harness import all_cases, same_content

# What the transport says when the other side goes away. That nobody answers in time isn't among them.
BROKEN = {"ConnectError", "ReadError", "WriteError", "CloseError", "RemoteProtocolError", "LocalProtocolError"}


def check(load, server, severed=None, signed_out=None):
    """Everything that must be true once a fault is over.

    `severed`: from when until when a connection to the server may break, as where the server itself is killed.
    `signed_out`: from when on people may be asked to sign in again.
    """
    check_told(load, severed, signed_out)
    check_stored(load, server)


def check_told(load, severed=None, signed_out=None):
    """What the users saw: success, or a clear refusal for the moment, and nothing else."""
    for told in load.told:
        if isinstance(told.status, str):
            assert severed and told.status in BROKEN and severed[0] <= told.at <= severed[1] + 1, (
                f"{told.kind}: {told.status} {told.text}, {told.at - told.began:.1f} s after it was asked")
        elif told.status == 503:
            assert int(told.headers["retry-after"]) > 0
            if told.kind in ("list page", "draft"):
                assert told.headers["content-type"].startswith("text/html")
                assert '<html lang="ja"' in told.text and "もう一度" in told.text
                assert told.kind != "draft" or 'value="下書' in told.text, "what was typed doesn't come back"
            else:
                assert told.headers["content-type"] == "application/problem+json"
        else:
            allowed = {"notify": {201}, "revise": {200}, "read": {200}, "list page": {200}, "draft": {200, 204}}
            if signed_out and told.at >= signed_out and told.kind in ("list page", "draft"):
                allowed[told.kind] |= {303, 401}
            assert told.status in allowed[told.kind], f"{told.kind}: {told.status} {told.text[:500]}"


def check_stored(load, server):
    """What is stored: whatever was acknowledged, and nothing that nobody sent."""
    with load.program(server) as client:
        stored = all_cases(client)
        missing = load.before - set(stored)
        assert not missing, f"{len(missing)} cases from before are gone"
        fresh = {number: case for number, case in stored.items() if number not in load.before}
        for case in load.acknowledged.values():
            assert case["id"] in fresh, f"{case['id']} was acknowledged and is gone"
            check_contents(load, case, fresh[case["id"]])

        # The telephone tells whose notification a case is.
        senders = {body["items"]["phone"]: key for key, body in load.sent.items()}
        kept = {}
        for case in fresh.values():
            key = senders.get(case["items"]["phone"])
            assert key is not None, f"nobody sent {case['id']}"
            assert key not in kept, f"{kept.get(key)} and {case['id']} are one notification"
            kept[key] = case["id"]

        # Every key of unknown fate again, and some that were acknowledged.
        unknown = [key for key in load.sent if key not in load.acknowledged]
        numbers = {}
        for key in unknown + list(load.acknowledged)[-20:]:
            answer = client.post("/api/v1/cases", json=load.sent[key], headers={"Idempotency-Key": key})
            assert answer.status_code in (200, 201), answer.text
            numbers[key] = answer.json()["id"]
            known = load.acknowledged[key]["id"] if key in load.acknowledged else kept.get(key)
            assert known in (None, numbers[key]), "a repeated key made a second case"
        after = set(all_cases(client))
        assert after == set(stored) | set(numbers.values())
        assert len(after) == len(stored) + len([key for key in unknown if key not in kept])
        if load.drafted is not None:
            with load.browser(server) as browser:
                page = browser.get("/cases/new", params={"draft": load.draft})
                assert page.status_code == 200
                count = int(load.drafted.removeprefix("下書"))
                # The one after the last acknowledged may have been stored too.
                assert any(f'value="下書{n}"' in page.text for n in range(count, count + 60)), "the draft is lost"
    check_tables(server)
    silent = sum(1 for key in unknown if key in kept)
    told = sum(1 for key in unknown if key in kept and set(load.fates[key]) == {503})
    print(f"  受付{len(load.acknowledged)}件、結果不明{len(unknown)}件（うち保存済み{silent}件、"
          f"503の応答のみで保存済み{told}件）")


def check_contents(load, told, stored):
    """A stored case is the one that was acknowledged last, or that one with a revision of unknown fate."""
    if same_content(stored) == same_content(told):
        return
    expected = same_content(told)
    assert told["id"] in load.perhaps, f"{told['id']} isn't stored as it was acknowledged"
    remarks = load.perhaps[told["id"]]
    expected = expected | {
        "version": told["version"] + 1, "items": expected["items"] | {"physician_remarks": remarks}}
    assert same_content(stored) == expected, f"{told['id']} is stored by half"


def check_tables(server):
    """No case without its facts, parties and history, and the chain holds."""
    for table, column in (("facts", "seq"), ("parties", "seq"), ("history", "seq"), ("tokens", "seq")):
        for left, right in (("cases", table), (table, "cases")):
            alone = rows(server, f"""
                SELECT count(*) FROM (SELECT DISTINCT seq FROM {left}) AS l
                WHERE NOT EXISTS (SELECT 1 FROM {right} AS r WHERE r.seq = l.seq)""")
            assert alone == "0", f"{alone} cases stand in {left} and not in {right}"
    uneven = rows(server, """
        SELECT count(*) FROM cases AS c
        WHERE c.version <> (SELECT count(*) FROM history AS h WHERE h.seq = c.seq)""")
    assert uneven == "0", f"{uneven} cases have another version than their history"
    verified = server.command("audit", "verify")
    assert verified.returncode == 0, verified.stdout + verified.stderr


def rows(server, sql):
    """What a statement finds, as psql prints it: a row a line, columns divided by a bar."""
    address = server.address_of_database()
    if address.startswith("sqlite:"):
        database = sqlite3.connect(address.removeprefix("sqlite:"), timeout=20)
        try:
            found = database.execute(sql).fetchall()
            database.commit()
        finally:
            database.close()
        return "\n".join("|".join("" if value is None else str(value) for value in row) for row in found)
    done = subprocess.run(
        ["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql, address], capture_output=True, text=True,
        timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()
