"""Requests that no browser sends, byte by byte: never an error of the server's, never anybody's data."""

import re
import socket

import pytest

from harness import notification

SECRETS = ["試験", "シケン", "090-7", "physician_remarks"]


@pytest.fixture(scope="module")
def case(server):
    """A case of one health centre, and a session of that centre and of another one's."""
    with server.api(server.organisation("shinjuku-clinic")) as clinic:
        number = clinic.post("/api/v1/cases", json=notification(820_000)).json()["id"]
    with server.sign_in("shinjuku-hc") as own, server.sign_in("shibuya-hc") as other:
        yield {"number": number, "own": own.cookies["__Host-session"], "other": other.cookies["__Host-session"]}


def talk(server, *pieces):
    """Sends bytes over TLS and reads until the server closes or falls silent."""
    answer = b""
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as plain:
        with server.tls().wrap_socket(plain, server_hostname="localhost") as line:
            try:
                for piece in pieces:
                    line.sendall(piece)
            except OSError:
                # The server has closed: it has heard enough.
                pass
            line.settimeout(3)
            try:
                while chunk := line.recv(65536):
                    answer += chunk
            except (TimeoutError, OSError):
                pass
    return answer


def request(line, *headers, body=b"", host=True, close=True):
    """The bytes of a request; what is given as text may hold anything but what ends a line."""
    lines = [line] + (["Host: localhost"] if host else []) + list(headers) + (["Connection: close"] if close else [])
    return b"\r\n".join(one.encode("utf-8", "surrogateescape") for one in lines) + b"\r\n\r\n" + body


def statuses(answer):
    return [int(code) for code in re.findall(rb"^HTTP/1\.1 (\d{3})", answer, re.M)]


def check(server, answer, case, *, allowed=None):
    """No 5xx, nobody's data, no echo of what was sent as a header, and the server lives on."""
    found = statuses(answer)
    assert all(code < 500 for code in found), found
    if allowed is not None:
        assert set(found) <= set(allowed), found
    text = answer.decode("utf-8", "replace")
    for secret in [*SECRETS, case["number"]]:
        assert secret not in text, "somebody's data"
    assert not re.search(r"^x-planted", text, re.M | re.I), "a header that was planted in an address"
    assert server.process.poll() is None
    return found


PATHS = [
    "/..%2f..%2fetc%2fpasswd", "/../../etc/passwd", "/assets/..%2f..%2fetc%2fpasswd", "/assets/../cases/NUMBER",
    "/assets/%2e%2e/cases/NUMBER", "//cases/NUMBER", "/cases//NUMBER", "///", "/./cases/NUMBER", "/cases/./NUMBER",
    "/cases/NUMBER/", "/cases/NUMBER%00", "/cases/NUMBER%00.css", "/assets/hersys.css%00/../../cases/NUMBER",
    "/cases/NUMBER%2f", "/cases%2fNUMBER", "/CASES/NUMBER", "/cases/NUMBER;jsessionid=1", "/cases/NUMBER/..;/history",
    "/%63ases/NUMBER", "/cases/%4e", "/cases/NUMBER%0d%0aX-Planted: 1", "/cases/NUMBER?x=%0d%0aX-Planted:1",
    "/cases/NUMBER#", "/cases/NUMBER/person%20", "/cases/NUMBER\\history", "/cases/%", "/cases/%zz", "/cases/%ff%fe",
    "/sign-in?return=//example.com", "/sign-in?return=%0d%0aX-Planted:1", "/api/v1/cases/NUMBER", "/api//v1/cases/NUMBER",
    "/api/v1/../v1/cases/NUMBER", "/r/../cases/NUMBER", "/healthz/../cases/NUMBER", "/oauth/../api/v1/cases/NUMBER",
    "/" + "a" * 7000, "/cases?q=" + "%E3%81%82" * 2000, "/cases/" + "0" * 3000, "/?" + "&".join(["a=b"] * 900),
]


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path[:40])
@pytest.mark.parametrize("who", ["nobody", "another organisation"])
def test_paths(server, case, path, who):
    cookie = [] if who == "nobody" else [f"Cookie: __Host-session={case['other']}"]
    answer = talk(server, request(f"GET {path.replace('NUMBER', case['number'])} HTTP/1.1", *cookie))
    # The address asked for may come back in a link; it is what whoever asks has said.
    shown = answer.replace(case["number"].encode(), b"ASKED")
    found = check(server, shown, case)
    assert found, "an answer"


@pytest.mark.parametrize("line", [
    "GET https://localhost/cases/NUMBER HTTP/1.1", "GET http://example.com/ HTTP/1.1", "GET cases/NUMBER HTTP/1.1",
    "GET * HTTP/1.1", "CONNECT example.com:443 HTTP/1.1", "OPTIONS * HTTP/1.1", "TRACE / HTTP/1.1",
    "TRACE /cases/NUMBER HTTP/1.1", "OPTIONS /cases/NUMBER HTTP/1.1", "HEAD /cases/NUMBER HTTP/1.1",
    "PROPFIND / HTTP/1.1", "PUT /cases/NUMBER HTTP/1.1", "DELETE /cases/NUMBER HTTP/1.1", "PATCH /cases/NUMBER HTTP/1.1",
    "get / HTTP/1.1", "GET / HTTP/9.9", "GET / HTTP/0.9", "GET /", "GET  /  HTTP/1.1", "\x01\x02 / HTTP/1.1",
    "PRI * HTTP/2.0", "DEBUG / HTTP/1.1", "TRACK / HTTP/1.1", "GET /" + "a" * 200_000 + " HTTP/1.1",
], ids=lambda line: line[:40])
def test_request_lines(server, case, line):
    answer = talk(server, request(
        line.replace("NUMBER", case["number"]), f"Cookie: __Host-session={case['other']}", "X-Secret-Header: planted-value"))
    check(server, answer.replace(case["number"].encode(), b"ASKED"), case)
    assert b"planted-value" not in answer, "TRACE and its kind give nothing back"
    assert b"Access-Control" not in answer


@pytest.mark.parametrize("headers", [
    ["Host: localhost", "Host: example.com"], ["Host: example.com"], ["Host: localhost:99999"], ["Host: "], [],
    ["Host: localhost\x00"], ["Host: localhost", "X-Forwarded-For: 127.0.0.1", "X-Real-IP: 10.0.0.1"],
    ["Host: localhost", "X-Forwarded-Host: example.com", "X-Forwarded-Proto: http"],
    ["Host: localhost", "Forwarded: for=127.0.0.1;host=example.com"], ["Host: localhost", "X-Original-URL: /cases"],
    ["Host: localhost", "X-Rewrite-URL: /cases"], ["Host: localhost", "X-HTTP-Method-Override: DELETE"],
    ["Host: localhost", "X-Method-Override: POST"], ["Host: localhost", "Authorization: Bearer x"],
    ["Host: localhost", "Authorization: " + "x" * 6000], ["Host: localhost", "Range: bytes=0-1,0-1,0-1"],
    ["Host: localhost", "Accept-Encoding: gzip;q=99999"], ["Host: localhost", "If-None-Match: " + '"x",' * 500],
    ["Host: localhost", "Content-Length: 0", "Content-Length: 5"], ["Host: localhost", "Content-Length: -1"],
    ["Host: localhost", "Content-Length: 99999999999999999999"], ["Host: localhost", "Transfer-Encoding: chunked, identity"],
    ["Host: localhost", "Upgrade: h2c", "Connection: Upgrade, HTTP2-Settings", "HTTP2-Settings: AAMAAABkAAQAAP__"],
    ["Host: localhost", "Expect: 100-continue", "Content-Length: 5"], ["Host: localhost", " folded: x"],
    ["Host: localhost", "No colon"], ["Host: localhost", ": nameless"], ["Host: localhost", "X y: z"],
    ["Host: localhost"] + [f"X-{number}: y" for number in range(2000)], ["Host: localhost", "X: " + "y" * 200_000],
], ids=lambda headers: (headers[-1] if headers else "none")[:40])
def test_headers(server, case, headers):
    answer = talk(server, request("GET /sign-in HTTP/1.1", *headers, host=False))
    check(server, answer, case)
    # Nobody's idea of the server's name or of the client's address comes back in a page or a redirect.
    assert b"example.com" not in answer
    redirected = talk(server, request("GET /cases HTTP/1.1", *headers, host=False))
    check(server, redirected, case)
    assert b"example.com" not in redirected


def test_a_method_override_is_no_method(server, case):
    """What may only be sent as a form isn't done by fetching with another method's name beside it."""
    for header in ("X-HTTP-Method-Override: POST", "X-Method-Override: POST", "X-HTTP-Method: DELETE"):
        answer = talk(server, request("GET /sign-out?_method=POST HTTP/1.1", f"Cookie: __Host-session={case['own']}", header))
        check(server, answer, case, allowed=[400, 404, 405])
    still = talk(server, request("GET /account HTTP/1.1", f"Cookie: __Host-session={case['own']}"))
    assert statuses(still) == [200]


def test_a_second_request_hidden_in_the_first_is_not_answered(server, case):
    """Length and chunks that contradict each other: one reading, or none."""
    hidden = f"GET /cases/{case['number']} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
    for headers, body in [
        (["Content-Length: 4", "Transfer-Encoding: chunked"], b"0\r\n\r\n" + hidden),
        (["Transfer-Encoding: chunked", "Content-Length: %d" % (5 + len(hidden))], b"0\r\n\r\n" + hidden),
        (["Content-Length: 0", "Content-Length: %d" % len(hidden)], hidden),
        (["Transfer-Encoding: xchunked"], b"0\r\n\r\n" + hidden),
        (["Transfer-Encoding : chunked"], b"0\r\n\r\n" + hidden),
        (["Transfer-Encoding: chunked"], b"zz\r\n" + hidden),
        (["Transfer-Encoding: chunked"], b"-1\r\n" + hidden),
        (["Transfer-Encoding: chunked"], b"ffffffffffffffff1\r\n" + hidden),
    ]:
        answer = talk(server, request("POST /sign-in HTTP/1.1", *headers, body=body, close=False))
        check(server, answer, case)


def cookies(case):
    """Cookies as a forger would write them, with the name of what they are."""
    own = case["own"]
    return {
        "cut off": own[:-1], "longer": own + "A", "another letter": own[:-1] + ("A" if own[-1] != "A" else "B"),
        "small letters": own.lower(), "in quotes": f'"{own}', "empty": "", "zeros": "0" * 43, "huge": "A" * 6000,
        "SQL": "' OR 1=1 --", "a number": "1", "null": "null", "controls": "a\x7fb", "not ASCII": "セッション",
        "percent": "%41" * 14,
    }


def test_forged_cookies_open_nothing(server, case):
    for name, value in cookies(case).items():
        answer = talk(server, request(f"GET /cases/{case['number']} HTTP/1.1", f"Cookie: __Host-session={value}"))
        check(server, answer.replace(case["number"].encode(), b"ASKED"), case, allowed=[303, 400, 431])
    # Two of one name: the first counts, whoever can plant a second gains nothing.
    answer = talk(server, request("GET /cases HTTP/1.1", f"Cookie: __Host-session=0000; __Host-session={case['own']}"))
    check(server, answer, case, allowed=[303])


def test_forged_tokens_open_nothing(server, case):
    with server.api(server.organisation("shinjuku-clinic")) as client:
        token = client.headers["Authorization"].removeprefix("Bearer ")
    for value in [
        token[:-1], token + "A", token.swapcase(), "", "null", "0" * 43, case["own"], "A" * 6000,
        # A token that says of itself that it needs no signature.
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJoYy0xMzEwNCJ9.", "' OR 1=1 --",
    ]:
        answer = talk(server, request(f"GET /api/v1/cases/{case['number']} HTTP/1.1", f"Authorization: Bearer {value}"))
        check(server, answer, case, allowed=[400, 401, 431])


def test_a_session_is_over_for_whoever_kept_its_cookie(server):
    """Replayed after signing out: a page, a form, an event stream, the cookie of the first step."""
    with server.sign_in("shibuya-hc") as client:
        cookie = f"Cookie: __Host-session={client.cookies['__Host-session']}"
        page = client.get("/account").text
        token = re.search(r'name="csrf" value="([^"]+)"', page).group(1)
        assert client.post("/sign-out", data={"csrf": token}).status_code == 303
    for line, expected in [
        ("GET /cases HTTP/1.1", [303]), ("GET /events HTTP/1.1", [204]), ("GET /account/keep HTTP/1.1", [303])]:
        assert statuses(talk(server, request(line, cookie))) == expected
    body = f"csrf={token}&q=x".encode()
    answer = talk(server, request(
        "POST /cases/search HTTP/1.1", cookie, "Content-Type: application/x-www-form-urlencoded",
        f"Content-Length: {len(body)}", "Sec-Fetch-Site: cross-site", body=body))
    assert statuses(answer) == [303]


def test_what_is_refused_before_anybody_reads_it_is_guarded_as_well(server, case):
    """An answer to what isn't HTTP has no body that a browser could take for a page."""
    for raw in [b"\x16\x03\x01 nonsense\r\n\r\n", b"GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n", b"\r\n\r\n\r\n"]:
        answer = talk(server, raw)
        check(server, answer, case)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert not body or b"content-security-policy" in head.lower(), head
