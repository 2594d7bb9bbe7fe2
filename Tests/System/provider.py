"""A telephone provider on loopback that speaks Twilio's language; what it asks us is signed by Twilio's own package."""

import base64
import json
import threading
import time
import xml.etree.ElementTree as ET
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl

from twilio.request_validator import RequestValidator

ACCOUNT, TOKEN = "AC0123456789", "himitsu-no-kagi-0123456789"


class Provider:
    """Answers as a test says: a status with a body, or `drop` for a connection that ends without an answer."""

    def __init__(self):
        self.requests, self.answers = [], []
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                provider.requests.append((self.path, dict(self.headers), parse_qsl(body, strict_parsing=True)))
                status, answer = provider.answers.pop(0) if provider.answers else (201, provider.taken())
                if status == "drop":
                    self.close_connection = True
                    return
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def taken(self):
        path = self.requests[-1][0]
        return {"sid": ("CA" if "Calls" in path else "SM") + f"{len(self.requests):032}", "status": "queued"}

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def wait(self, count, seconds=20):
        """The requests, once there are so many."""
        end = time.monotonic() + seconds
        while len(self.requests) < count:
            assert time.monotonic() < end, f"{len(self.requests)} of {count} requests"
            time.sleep(0.02)
        return self.requests

    # What it asks us

    def ask(self, client, url, fields, signature=None):
        """A signed request to an address that we gave it."""
        signature = signature or RequestValidator(TOKEN).compute_signature(url, fields)
        return client.post(url, data=fields, headers={"X-Twilio-Signature": signature})


def authorised(headers):
    return headers["Authorization"] == "Basic " + base64.b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()


def field(form, name):
    """The one value of a field."""
    values = [value for key, value in form if key == name]
    assert len(values) == 1, (name, values)
    return values[0]


def document(text):
    root = ET.fromstring(text.encode())
    assert root.tag == "Response"
    return root


def query(url):
    return parse_qs(url.split("?", 1)[1])
