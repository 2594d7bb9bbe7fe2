"""The cable between server and database, to be cut."""

import select
import socket
import struct
import threading


class Cable:
    """A port that passes everything on to another one, as long as it is whole."""

    def __init__(self, port):
        self.target = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.lock = threading.Lock()
        self.pairs = []
        self.mode = "whole"
        self.open = threading.Event()
        self.open.set()
        self.ended = False
        threading.Thread(target=self.accept, daemon=True).start()

    # What can happen

    def reset(self):
        """Both ends are told at once that the connection is gone, and new ones are refused the same way."""
        self.mode = "reset"
        self.drop()

    def swallow(self):
        """Nothing arrives any more, and nobody is told."""
        self.mode = "swallow"
        self.open.clear()

    def heal(self, late=False):
        """New connections work. `late`: what was under way in old ones arrives after all; else they stay dumb."""
        with self.lock:
            for pair in self.pairs:
                pair["dumb"] = self.mode == "swallow" and not late
        self.mode = "whole"
        self.open.set()

    def end(self):
        self.ended = True
        self.open.set()
        self.listener.close()
        self.drop()

    # How it is done

    def drop(self):
        with self.lock:
            for pair in self.pairs:
                pair["gone"] = True

    def accept(self):
        while not self.ended:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.join, args=(near,), daemon=True).start()

    def join(self, near):
        self.open.wait()
        if self.mode == "reset":
            hang_up(near)
            return
        try:
            far = socket.create_connection(("127.0.0.1", self.target), timeout=5)
        except OSError:
            hang_up(near)
            return
        pair = {"near": near, "far": far, "dumb": False, "gone": False}
        for side in (near, far):
            side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self.lock:
            self.pairs.append(pair)
        try:
            self.carry(pair)
        except OSError:
            pass
        with self.lock:
            self.pairs.remove(pair)
        for side in (near, far):
            (hang_up if pair["gone"] else socket.socket.close)(side)

    def carry(self, pair):
        """Passes on until an end closes; it looks up often enough to notice what happens to the cable."""
        near, far = pair["near"], pair["far"]
        heard = [near, far]
        while not pair["gone"] and not self.ended:
            ready, _, _ = select.select(heard, [], [], 0.05)
            if not self.open.is_set():
                self.open.wait(0.05)
                continue
            for side in ready:
                data = side.recv(1 << 16)
                if pair["dumb"]:
                    # Thrown away; and that one end has gone is news that doesn't reach the other.
                    if not data:
                        heard.remove(side)
                elif not data:
                    return
                else:
                    (far if side is near else near).sendall(data)


def hang_up(side):
    """Closes with RST instead of FIN."""
    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    side.close()
