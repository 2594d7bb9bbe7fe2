"""Pages as a FAX of standard resolution leaves them: 204 dots across and 98 lines down an inch, black or white.

Pictures are kept as rows of bytes (PGM): nothing is needed but poppler, which the program needs, too.
"""

import math
import random
import subprocess
import zlib


def page_picture(pdf, page=1, across=816, down=784):
    """A page of a PDF, four times and eight times as fine as a FAX, as (width, height, rows of grey)."""
    done = subprocess.run(
        ["pdftoppm", "-q", "-gray", "-rx", str(across), "-ry", str(down), "-f", str(page), "-l", str(page), str(pdf)],
        check=True, capture_output=True).stdout
    head, size, most, pixels = done.split(b"\n", 3)
    assert head == b"P5" and most == b"255"
    width, height = map(int, size.split())
    return width, height, pixels


def faxed(picture, degrees=1.0, noise=0.003, seed=1, fine=(4, 8)):
    """The page laid on the glass a little askew, scanned in black and white, with specks."""
    width, height, pixels = picture
    across, down = fine
    wide, high = width // across, height // down
    chance = random.Random(seed)
    angle = math.radians(degrees)
    # A step of a fine pixel down is a little longer than one across.
    aspect = 784 / 816
    cos, sin = math.cos(angle), math.sin(angle)
    middle_x, middle_y = width / 2, height / 2
    shift_x, shift_y = chance.random() * across, chance.random() * down
    # Four samples of every dot, spread over its area: a sensor sees more than a point.
    samples = [(across * i / 4 + across / 8, down * j / 4 + down / 8) for i in (0, 2) for j in (0, 2)]
    rows = bytearray(b"\xff" * (wide * high))
    for y in range(high):
        start = y * wide
        for x in range(wide):
            sum = 0
            for step_x, step_y in samples:
                fine_x = x * across + step_x + shift_x - middle_x
                fine_y = (y * down + step_y + shift_y - middle_y) / aspect
                from_x = int(cos * fine_x - sin * fine_y + middle_x)
                from_y = int((sin * fine_x + cos * fine_y) * aspect + middle_y)
                if 0 <= from_x < width and 0 <= from_y < height:
                    sum += pixels[from_y * width + from_x]
                else:
                    sum += 255
            dark = sum < 128 * len(samples)
            if chance.random() < noise:
                dark = not dark
            if dark:
                rows[start + x] = 0
    return wide, high, bytes(rows)


def png(picture):
    """A picture as the bytes of a PNG file of one bit a pixel."""
    width, height, rows = picture
    lines = bytearray()
    for y in range(height):
        bits = "".join("1" if value else "0" for value in rows[y * width:(y + 1) * width])
        bits += "0" * (-len(bits) % 8)
        lines += b"\0" + int(bits, 2).to_bytes(len(bits) // 8, "big")

    def chunk(kind, body):
        return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")

    head = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([1, 0, 0, 0, 0])
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(lines)))
            + chunk(b"IEND", b""))
