"""A telephone that answers as a test says: SIPp speaks SIP, and this file hears and presses keys.

What is heard is compared with the sounds that the program plays, sample by sample, so that a test knows the very
digits that somebody at the other end would have heard.
"""

import os
import socket
import struct
import subprocess
import threading
import time
import wave
from pathlib import Path

VOICE = Path(os.environ.get("HERSYS_TEST_VOICE") or
             Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "hersys/voice/mei_normal.htsvoice")

HEAD = """[last_Via:]
[last_From:]
[last_To:];tag=[pid]T[call_number]
[last_Call-ID:]
[last_CSeq:]
"""
INVITED = """<recv request="INVITE"><action>
<ereg regexp="sip:[^&gt;]*" search_in="hdr" header="Contact:" assign_to="contact"/>
<ereg regexp=".*" search_in="hdr" header="From:" assign_to="from"/>
<ereg regexp=".*" search_in="hdr" header="To:" assign_to="to"/>
<ereg regexp=".*" search_in="hdr" header="CSeq:" assign_to="cseq"/>
</action></recv>
<Reference variables="contact,from,to,cseq"/>
"""
RINGS = f"""<send><![CDATA[
SIP/2.0 180 Ringing
{HEAD}Contact: <sip:[local_ip]:[local_port];transport=[transport]>
Content-Length: 0

]]></send>
"""
ANSWERS = f"""<pause milliseconds="300"/>
<send retrans="500"><![CDATA[
SIP/2.0 200 OK
{HEAD}Contact: <sip:[local_ip]:[local_port];transport=[transport]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=callee 1 1 IN IP4 127.0.0.1
s=-
c=IN IP4 127.0.0.1
t=0 0
m=audio MEDIA RTP/AVP 0 101
a=rtpmap:0 PCMU/8000
a=rtpmap:101 telephone-event/8000
a=fmtp:101 0-15
a=ptime:20
a=sendrecv

]]></send>
<recv request="ACK"/>
"""
IS_ENDED = """<recv request="BYE" timeout="90000"/>
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0

]]></send>
"""


def refusing(status):
    return f"""<pause milliseconds="200"/>
<send retrans="500"><![CDATA[
SIP/2.0 {status}
{HEAD}Content-Length: 0

]]></send>
<recv request="ACK"/>
"""


HANGS_UP = """<pause milliseconds="2000"/>
<send retrans="500"><![CDATA[
BYE [$contact] SIP/2.0
Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
From: [$to];tag=[pid]T[call_number]
To: [$from]
Call-ID: [call_id]
CSeq: 2 BYE
Max-Forwards: 70
Content-Length: 0

]]></send>
<recv response="200"/>
"""
IS_CANCELLED = f"""<recv request="CANCEL" timeout="60000"/>
<send><![CDATA[
SIP/2.0 200 OK
{HEAD}Content-Length: 0

]]></send>
<send retrans="500"><![CDATA[
SIP/2.0 487 Request Terminated
[last_Via:]
[last_From:]
[last_To:];tag=[pid]T[call_number]
[last_Call-ID:]
CSeq: [$cseq]
Content-Length: 0

]]></send>
<recv request="ACK"/>
"""
BEHAVIOUR = {
    "answers": INVITED + RINGS + ANSWERS + IS_ENDED,
    "hangs up": INVITED + RINGS + ANSWERS + HANGS_UP,
    "busy": INVITED + RINGS + refusing("486 Busy Here"),
    "no such number": INVITED + refusing("404 Not Found"),
    "trunk down": INVITED + refusing("503 Service Unavailable"),
    "rings": INVITED + RINGS + IS_CANCELLED,
}


def linear(code):
    """A sample of G.711 μ-law as a number."""
    code = ~code & 0xFF
    value = (((code & 15) << 3) + 0x84) << ((code & 0x70) >> 4)
    return 0x84 - value if code & 0x80 else value - 0x84


LINEAR = [linear(code) for code in range(256)]


class Telephone:
    """One telephone on loopback; `behaviour` may be changed between calls."""

    def __init__(self, folder, port):
        self.folder, self.port = Path(folder), port
        self.media = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.media.bind(("127.0.0.1", 0))
        self.media.settimeout(0.2)
        self.packets, self.peer, self.process, self.count = [], None, None, 0
        self.is_over = False
        self.listener = threading.Thread(target=self.listen, daemon=True)
        self.listener.start()

    def listen(self):
        while not self.is_over:
            try:
                data, self.peer = self.media.recvfrom(2048)
            except TimeoutError:
                continue
            except OSError:
                return
            self.packets.append((time.monotonic(), data))

    def expect(self, behaviour, calls=1):
        """Gets ready for so many calls."""
        self.hang_up()
        self.packets.clear()
        self.peer = None
        self.count += 1
        scenario = self.folder / f"telephone-{self.count}.xml"
        content = BEHAVIOUR[behaviour].replace("MEDIA", str(self.media.getsockname()[1]))
        scenario.write_text(f'<?xml version="1.0" encoding="UTF-8" ?>\n<scenario name="x">\n{content}</scenario>\n')
        self.log = self.folder / f"telephone-{self.count}.log"
        self.trace = self.folder / f"telephone-{self.count}.trace"
        with self.log.open("wb") as output:
            self.process = subprocess.Popen(
                ["sipp", "-sf", str(scenario), "-i", "127.0.0.1", "-p", str(self.port), "-m", str(calls), "-nostdin",
                 "-timeout", "150s", "-trace_msg", "-message_file", str(self.trace)],
                cwd=self.folder, stdin=subprocess.DEVNULL, stdout=output, stderr=output)
        time.sleep(0.4)
        assert self.process.poll() is None, self.log.read_text(errors="replace")

    def invited(self):
        """Calls that have come in: INVITEs of different calls."""
        if not self.trace.exists():
            return 0
        lines = self.trace.read_text(errors="replace").splitlines()
        calls = set()
        for place, line in enumerate(lines):
            if line.startswith("INVITE "):
                calls.add(next(x for x in lines[place:] if x.lower().startswith("call-id:")))
        return len(calls)

    def ended(self, seconds=60):
        """Waits until the calls are over; whether they went as they should."""
        try:
            return self.process.wait(seconds) == 0
        except subprocess.TimeoutExpired:
            return False

    def hang_up(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)

    def close(self):
        self.is_over = True
        self.hang_up()
        self.media.close()

    # Hearing and pressing keys

    def wait_for_sound(self, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.packets:
                return
            time.sleep(0.02)
        raise AssertionError("nobody called")

    def press(self, key):
        """A key as RFC 4733 carries it."""
        stamp = int(time.monotonic() * 8000) & 0xFFFFFFFF
        event = {"*": 10, "#": 11}.get(key) if key in "*#" else int(key)
        for step in range(8):
            head = struct.pack(">BBHII", 0x80, 101 | (0x80 if step == 0 else 0), (stamp + step) & 0xFFFF, stamp, 77)
            end = 0x80 if step >= 5 else 0
            self.media.sendto(head + struct.pack(">BBH", event, end | 10, min(160 * (step + 1), 960)), self.peer)
            time.sleep(0.02)

    def heard(self):
        """All that was heard, as samples of 8 kHz."""
        sound = {struct.unpack(">I", data[4:8])[0]: data[12:] for _, data in list(self.packets) if data[1] & 127 == 0}
        return [LINEAR[code] for stamp in sorted(sound) for code in sound[stamp]]


class Sounds:
    """The pieces of speech that a process plays, and where they stand in what was heard."""

    def __init__(self, folder):
        self.clips = {}
        for path in Path(folder).glob("*.wav"):
            with wave.open(str(path)) as file:
                assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
                samples = struct.unpack(f"<{file.getnframes()}h", file.readframes(file.getnframes()))
            loud = [place for place, sample in enumerate(samples) if abs(sample) > 160]
            if loud:
                self.clips[path.stem] = samples[:loud[-1]]

    def names(self, heard):
        """What was said, in its order."""
        found = []
        for name, clip in self.clips.items():
            # A question may be broken off by a key: its beginning is enough.
            clip = clip[:16000] if name.startswith("question") else clip
            marks = sorted(range(len(clip)), key=lambda place: -abs(clip[place]))[:200]
            place = 0
            while place + len(clip) <= len(heard):
                near = all(abs(heard[place + m] - clip[m]) <= abs(clip[m]) * 0.08 + 16 for m in marks[:6])
                if near:
                    error = sum(abs(heard[place + m] - clip[m]) for m in marks) / sum(abs(clip[m]) for m in marks)
                    if error < 0.05:
                        found.append((place, name))
                        place += len(clip)
                        continue
                place += 1
        return [name for _, name in sorted(found)]
