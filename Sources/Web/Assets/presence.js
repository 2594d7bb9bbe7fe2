// Who else has this case open. The page gives a sign while somebody looks at it, and says when it is closed.
(() => {
  "use strict";

  const place = document.querySelector("[data-presence]");
  const page = document.querySelector("[data-live-case]");
  if (!place || !page || !window.fetch || !window.crypto) return;

  const every = 20 * 1000;
  const address = "/cases/" + page.dataset.liveCase + "/presence";
  const token = Array.from(crypto.getRandomValues(new Uint8Array(8)),
    (byte) => byte.toString(16).padStart(2, "0")).join("");
  let shown = "";
  let timer = null;
  let isTyped = false;
  let asked = 0;

  const show = (lines) => {
    const text = lines.join("　");
    if (text === shown) return;
    shown = text;
    place.replaceChildren();
    if (!text) return;
    const line = document.createElement("p");
    line.textContent = text;
    place.append(line);
  };

  const sign = async () => {
    clearTimeout(timer);
    timer = setTimeout(sign, every);
    const query = new URLSearchParams({ page: token, section: place.dataset.section, seen: page.dataset.version || "" });
    const turn = ++asked;
    try {
      const answer = await fetch(address + "?" + query, {
        redirect: "manual", credentials: "same-origin", headers: { "X-Live": "1" },
      });
      // The session has ended, or the case is no longer theirs: nobody is named any more.
      if (!answer.ok) { if (turn === asked) show([]); return; }
      const news = await answer.json();
      if (turn !== asked) return;
      show(news.present);
      if (news.saved) document.dispatchEvent(new CustomEvent("hersys:saved", { detail: news.saved }));
    } catch {
      // The network is away: the next sign tries again.
    }
  };

  const leave = () => {
    clearTimeout(timer);
    timer = null;
    const secret = document.querySelector('input[name="csrf"]');
    if (!secret || !navigator.sendBeacon) return;
    navigator.sendBeacon(address, new URLSearchParams({ csrf: secret.value, page: token }));
  };

  // Several come at once: each asks a little later, and once.
  const soon = (delay) => {
    clearTimeout(timer);
    timer = setTimeout(sign, delay);
  };

  document.addEventListener("hersys:presence", () => { if (timer) soon(100 + Math.random() * 300); });
  document.addEventListener("hersys:changed", () => { if (timer) soon(100 + Math.random() * 300); });
  document.addEventListener("input", () => { isTyped = true; }, { passive: true });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) sign();
    // Somebody who only reads and turns to another tab isn't here; what is being typed stays open.
    else if (!isTyped) leave();
  });
  window.addEventListener("pagehide", leave);
  window.addEventListener("pageshow", (event) => { if (event.persisted) sign(); });
  sign();
})();
