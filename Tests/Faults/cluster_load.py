"""A load on the cluster through HAProxy, and what must be true of it afterwards."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import httpx

from harness import all_cases, notification, same_content
from programs import until


class Load:
    """Writers that file notifications, each under a key of its own, and try again what wasn't acknowledged."""

    WRITERS = 8
    batches = 0

    def __init__(self, site, pause):
        self.site, self.pause = site, pause
        self.sent, self.acknowledged, self.attempts = {}, {}, {}
        # When a report was acknowledged, and how long the request took that brought it.
        self.times, self.latencies, self.outcomes, self.wrong = [], [], {}, []
        self.lock = threading.Lock()
        self.over = threading.Event()
        Load.batches += 1
        self.first = Load.batches * 1_000_000
        self.threads = [threading.Thread(target=self.write, args=(writer,)) for writer in range(self.WRITERS)]

    def write(self, writer):
        number = 0
        # As long as a person waits.
        with self.site.api(timeout=15) as client:
            while not self.over.is_set():
                key = f"key-{self.first}-{writer}-{number}"
                body = notification(self.first + writer * 10_000 + number)
                with self.lock:
                    self.sent[key] = body
                while not self.over.is_set() and not self.post(client, key, body):
                    time.sleep(0.1)
                number += 1
                time.sleep(self.pause)

    def post(self, client, key, body):
        """One try; whether it was acknowledged."""
        began = time.monotonic()
        try:
            answer = client.post("/api/v1/cases", json=body, headers={"Idempotency-Key": key})
            outcome = answer.status_code
        except httpx.TransportError as error:
            answer, outcome = None, type(error).__name__
        ended = time.monotonic()
        with self.lock:
            again = self.attempts.get(key, 0)
            self.attempts[key] = again + 1
            self.outcomes[outcome] = self.outcomes.get(outcome, 0) + 1
            # 200 is 201 said again: it may only come to who asks again.
            if outcome == 201 or (outcome == 200 and again):
                self.acknowledged[key] = answer.json()
                self.times.append(ended)
                self.latencies.append(ended - began)
                return True
            if answer is not None and outcome != 503:
                self.wrong.append((outcome, answer.text))
                return True
        return False

    def start(self, wanted=40):
        """Returns once so many reports are acknowledged."""
        for thread in self.threads:
            thread.start()
        self.wait(wanted)

    def wait(self, more):
        """Waits for so many further acknowledgements."""
        goal = len(self.times) + more
        until(90, lambda: f"{more} more reports; so far {self.outcomes}\n{self.site.log()}",
              lambda: len(self.times) >= goal or self.wrong or not any(t.is_alive() for t in self.threads))

    def finish(self):
        self.over.set()
        for thread in self.threads:
            if thread.ident is not None:
                thread.join(40)

    def gap(self, moment):
        """The longest time without an acknowledgement that ended after a moment."""
        times = sorted(self.times)
        after = [(later - earlier) for earlier, later in zip(times, times[1:]) if later > moment]
        return max(after, default=0)


@contextmanager
def load(site, pause=0.02):
    """A load that is running; what it left is looked through at the end, case by case.

    `pause`: seconds between a writer's reports; longer where the load lasts, for every case is looked at.
    """
    with site.api() as client:
        before = set(all_cases(client))
    running = Load(site, pause)
    try:
        running.start()
        yield running
    finally:
        running.finish()
    check(site, running, before)


def check(site, load, before):
    """Nothing acknowledged is lost, no key has made two cases, no request was answered wrongly."""
    print(f"  回答: {load.outcomes}")
    assert not load.wrong, load.wrong[0]
    assert not site.ended(), f"{site.ended()}\n{site.log()}"
    numbers = {}
    with site.api() as client:
        def found(key):
            case = load.acknowledged[key]
            answer = client.get(f"/api/v1/cases/{case['id']}")
            assert answer.status_code == 200, f"{case['id']} was acknowledged and is gone: {answer.status_code}"
            assert same_content(answer.json()) == same_content(case)
            for name in ("family_name", "phone", "physician_remarks", "onset_on"):
                assert answer.json()["items"][name] == load.sent[key]["items"][name]

        def repeated(key):
            answer = client.post("/api/v1/cases", json=load.sent[key], headers={"Idempotency-Key": key})
            assert answer.status_code in (200, 201), answer.text
            numbers[key] = answer.json()["id"]

        # Again, whatever had no answer or several tries, and some that had one: they are what could be there twice.
        unsure = [key for key in load.sent if load.attempts.get(key, 0) != 1 or key not in load.acknowledged]
        sure = [key for key in load.sent if key not in unsure]
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(found, load.acknowledged))
            list(pool.map(repeated, unsure + sure[:50]))
        for key, case in load.acknowledged.items():
            assert numbers.setdefault(key, case["id"]) == case["id"], "a repeated key made a second case"
        after = all_cases(client)
    assert len(numbers.values()) == len(set(numbers.values())), "two keys have one case"
    assert set(after) - before == set(numbers.values()), "there are cases that no key stands for, or fewer"
    verified = site.command("audit", "verify")
    assert verified.returncode == 0, verified.stderr
