"""What testssl.sh finds: two versions of TLS, no weak cipher, nothing of weight but that the certificate is our own."""

import json
import re
import subprocess

SEVERE = {"MEDIUM", "HIGH", "CRITICAL", "WARN", "FATAL"}
# The certificate of a test is signed by itself, ends in two days, and no authority has heard of it.
OWN_CERTIFICATE = ("cert_", "DNS_CAArecord", "OCSP", "scan")
# Every cipher that is offered is a good one (asserted below), so that the client may choose what is fast for it; the
# other is about the openssl of the machine that looks.
NO_FAULT = {"cipher_order", "engine_problem"}
# What is offered in TLS 1.2: forward secrecy and AEAD.
GOOD = re.compile(r"ECDHE-(RSA|ECDSA)-(AES(128|256)-GCM-SHA(256|384)|CHACHA20-POLY1305(-SHA256)?)"
                  r"|TLS_AES_\d+_GCM_SHA\d+|TLS_CHACHA20_POLY1305_SHA256")


def test_testssl_finds_nothing(server, tmp_path):
    report = tmp_path / "testssl.json"
    done = subprocess.run(
        ["testssl", "--quiet", "--warnings", "off", "--color", "0", "--nodns", "none", "--jsonfile", str(report),
         "--protocols", "--std", "--server-preference", "--cipher-per-proto", "--fs",
         "--headers", "--vulnerable", "--server-defaults",
         f"https://127.0.0.1:{server.port}/sign-in"],
        capture_output=True, text=True, timeout=420, stdin=subprocess.DEVNULL)
    findings = json.loads(report.read_text())
    assert findings, done.stdout[-2000:] + done.stderr[-2000:]
    found = {finding["id"]: finding["finding"] for finding in findings}
    offered = {version for version in ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3")
               if found[version].startswith("offered")}
    assert offered == {"TLS1_2", "TLS1_3"}
    assert "HSTS_time" in found, "HSTS isn't there"
    ciphers = [finding["finding"] for finding in findings if finding["id"].startswith("cipher-")]
    names = [next((word for word in line.split() if GOOD.fullmatch(word)), None) for line in ciphers]
    assert ciphers and all(names), ciphers
    wrong = [finding for finding in findings
             if finding["severity"] in SEVERE and finding["id"] not in NO_FAULT
             and not finding["id"].startswith(OWN_CERTIFICATE)]
    assert not wrong, json.dumps(wrong, indent=1)
