"""What testssl.sh finds: two versions of TLS, no weak cipher, nothing of weight but that the certificate is our own."""

import json
import subprocess

SEVERE = {"MEDIUM", "HIGH", "CRITICAL", "WARN", "FATAL"}
# The certificate of a test is signed by itself, ends in two days, and no authority has heard of it.
OWN_CERTIFICATE = ("cert_", "DNS_CAArecord", "OCSP", "scan")


def test_testssl_finds_nothing(server, tmp_path):
    report = tmp_path / "testssl.json"
    done = subprocess.run(
        ["testssl", "--quiet", "--warnings", "off", "--color", "0", "--nodns", "none", "--jsonfile", str(report),
         "--protocols", "--std", "--server-preference", "--fs", "--headers", "--vulnerable", "--server-defaults",
         f"127.0.0.1:{server.port}"],
        capture_output=True, text=True, timeout=420, stdin=subprocess.DEVNULL)
    findings = json.loads(report.read_text())
    assert findings, done.stdout[-2000:] + done.stderr[-2000:]
    found = {finding["id"]: finding["finding"] for finding in findings}
    offered = {version for version in ("SSLv2", "SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3")
               if found[version].startswith("offered")}
    assert offered == {"TLS1_2", "TLS1_3"}
    assert found["HSTS"] or "HSTS_time" in found
    wrong = [finding for finding in findings
             if finding["severity"] in SEVERE and not finding["id"].startswith(OWN_CERTIFICATE)]
    assert not wrong, json.dumps(wrong, indent=1)
