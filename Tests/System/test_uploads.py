"""Files that strangers made: too large, another kind than they say, or small ones that unfold to gigabytes."""

import re
import struct
import time
import zlib
from pathlib import Path

import pytest

from harness import csrf


def resident(process):
    text = Path(f"/proc/{process.pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", text).group(1)) / 1024


def png(width, height):
    """A picture of one colour: a few hundred kilobytes for a gigapixel."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer, row, packed = zlib.compressobj(9), bytes(1 + width), b""
    for _ in range(height):
        packed += packer.compress(row)
    packed += packer.flush()
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def pdf(pages, size=(595, 842), content=b"", filters=b""):
    """A PDF of equal pages with one stream."""
    kids = b" ".join(b"%d 0 R" % (4 + number) for number in range(pages))
    parts = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Count %d/Kids[%s]>>" % (pages, kids),
             b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), filters, content)]
    parts += [b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Contents 3 0 R>>" % size] * pages
    body, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return body + (b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
                   % (len(parts) + 1, table, len(parts) + 1, len(body)))


def folded():
    """A content stream of gigabytes, folded twice."""
    packer, once = zlib.compressobj(9), b""
    line = b"0 0 m 1 1 l S\n" * 74_000
    for _ in range(2000):
        once += packer.compress(line)
    once += packer.flush()
    return pdf(1, content=zlib.compress(once, 9), filters=b"/Filter[/FlateDecode/FlateDecode]")


FILES = {
    "a page of HTML": lambda: b"<html><script>alert(1)</script></html>",
    "a drawing": lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
    "an archive": lambda: b"PK\x03\x04" + bytes(500),
    "a program": lambda: b"\x7fELF" + bytes(500),
    "half a picture": lambda: png(100, 100)[:60],
    "a gigapixel": lambda: png(30_000, 30_000),
    "a page as large as a house": lambda: pdf(1, size=(14_400, 14_400)),
    "a thousand pages": lambda: pdf(1000),
    "gigabytes folded twice": folded,
}


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_and_costs_little(server, name):
    file = FILES[name]()
    assert len(file) < 10 << 20
    with server.sign_in("shinjuku-hc") as client:
        token = csrf(client.get("/faxes/scan").text)
        before, began = resident(server.process), time.monotonic()
        answer = client.post("/faxes/scan", data={"csrf": token}, timeout=60,
                             files={"file": ("scan.png", file, "image/png")})
        assert answer.status_code == 422, answer.status_code
        assert "error-summary" in answer.text
        assert time.monotonic() - began < 45
        assert resident(server.process) - before < 500
        assert client.get("/readyz").status_code == 200


def test_more_than_a_file_may_have_is_not_taken_in(server):
    with server.sign_in("shinjuku-hc") as client:
        token = csrf(client.get("/faxes/scan").text)
        answer = client.post("/faxes/scan", data={"csrf": token}, timeout=60,
                             files={"file": ("scan.png", bytes(11 << 20), "image/png")})
        assert answer.status_code == 413
