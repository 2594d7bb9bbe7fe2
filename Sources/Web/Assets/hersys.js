// Live updates. Nothing is kept on the device.
//
// Live pages mark what may be replaced: an element with `data-live` and an id is fetched again from the page's own
// address whenever a case of the organisation changes. `data-live-case="NUMBER"` and `data-version="N"` on a case's
// page: a later version of that very case is announced; its `data-live` parts are replaced at once, and where the
// page has a form with unsaved input only a note with a link appears in `[data-live-note]`. Where events may have been
// missed (`missed`, or the connection was lost), the page is read anew as if everything had changed.
(() => {
  "use strict";

  // What is wrong is read first, unless the page puts the focus into its one field.
  const summary = document.getElementById("error-summary");
  if (summary && !document.querySelector("[autofocus]")) summary.focus();

  const body = document.body;
  const main = document.getElementById("main");
  const lists = () => Array.from(document.querySelectorAll("[data-live][id]"));
  const page = document.querySelector("[data-live-case]");

  const status = document.createElement("p");
  status.className = "live-status";
  status.setAttribute("role", "status");

  let source = null;
  let waiting = null;
  let dirty = false;
  let busy = false;
  let again = false;
  let words = "";
  let silence = null;

  const wordsFor = (event) => {
    switch (event.action) {
      case "notify": return "新しい発生届が届きました";
      case "resubmit": return "発生届が再提出されました";
      case "confirm": return "発生届が保健所確認済になりました";
      case "return": return "発生届が差し戻されました";
      case "related": return "関係保健所が設定されました";
      case "place": return "入院・療養先が決まりました";
      case "delete": return "対象者の記録が削除されました";
      case "restore": return "削除された記録が元に戻されました";
      default: return "情報が更新されました";
    }
  };

  /** Says in a corner what has happened; it takes no room from the page, so nothing moves under the pointer. */
  const say = (text) => {
    status.textContent = "";
    // Emptied first: the same words a second time are news, too.
    requestAnimationFrame(() => { status.textContent = text; });
    clearTimeout(silence);
    silence = setTimeout(() => { status.textContent = ""; }, 15 * 1000);
  };

  /** Finds in a fresh copy what had the focus, so that a reader's place isn't lost. */
  const keepFocus = (replace) => {
    const held = document.activeElement;
    const href = held && held.getAttribute ? held.getAttribute("href") : null;
    const id = held ? held.id : "";
    const inside = held && held.closest ? held.closest("[data-live]") : null;
    const x = window.scrollX;
    const y = window.scrollY;
    replace();
    window.scrollTo(x, y);
    if (!inside || document.contains(held)) return;
    const region = document.getElementById(inside.id);
    if (!region) return;
    const target = id ? document.getElementById(id)
      : Array.from(region.querySelectorAll("a")).find((link) => link.getAttribute("href") === href);
    if (target) target.focus({ preventScroll: true });
  };

  const markFresh = (region, known) => {
    for (const row of region.querySelectorAll("[data-case]")) {
      if (!known.has(row.dataset.case + "/" + (row.dataset.version || ""))) row.classList.add("fresh");
    }
  };

  /** The case is no longer there for this organisation: nothing stays on the screen but what is being typed. */
  const gone = () => {
    const text = document.createElement("p");
    text.textContent = "この対象者の記録は表示できなくなりました。 ";
    const link = document.createElement("a");
    link.href = "/cases";
    link.textContent = "対象者一覧を開く";
    text.append(link);
    stop();
    const place = document.querySelector("[data-live-note]");
    if (dirty && place) {
      text.firstChild.textContent = "この対象者の記録は削除されました。入力中の内容は保存できません。 ";
      place.replaceChildren(text);
      place.hidden = false;
    } else {
      page.replaceChildren(text);
    }
  };

  const refresh = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const answer = await fetch(location.href, {
        redirect: "manual", credentials: "same-origin", headers: { "X-Live": "1" },
      });
      if (answer.status === 404 && page) { gone(); return; }
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      keepFocus(() => {
        for (const old of lists()) {
          const next = fresh.getElementById(old.id);
          if (!next || next.innerHTML === old.innerHTML) continue;
          const known = new Set(Array.from(old.querySelectorAll("[data-case]"),
            (row) => row.dataset.case + "/" + (row.dataset.version || "")));
          for (const open of old.querySelectorAll("details[open][id]")) {
            const twin = next.querySelector("#" + CSS.escape(open.id));
            if (twin) twin.setAttribute("open", "");
          }
          old.replaceChildren(...Array.from(next.childNodes).map((node) => document.importNode(node, true)));
          markFresh(old, known);
        }
        const versioned = fresh.querySelector("[data-live-case]");
        if (page && versioned && versioned.dataset.version) page.dataset.version = versioned.dataset.version;
      });
      if (words) say(words);
      words = "";
    } catch {
      // The network is away: the next event tries again.
    } finally {
      busy = false;
      if (again) { again = false; schedule(); }
    }
  };

  const schedule = (delay = 250 + Math.random() * 500) => {
    clearTimeout(waiting);
    // By chance, so that a thousand pages don't ask at once. Many reports make one refresh; a page that nobody looks at waits until somebody does.
    waiting = setTimeout(() => { if (!document.hidden) refresh(); else again = true; }, delay);
  };

  const note = (by = "ほかの人がこの対象者の情報を更新しました。") => {
    const place = document.querySelector("[data-live-note]");
    if (!place) return;
    place.replaceChildren();
    const text = document.createElement("p");
    text.textContent = by + "入力中の内容はそのまま残っています。同じ項目が変わったかどうかは、保存するときに確かめます。 ";
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = "最新の内容を表示";
    if (document.querySelector("form[data-entry]")) {
      // What is being typed stays where it is.
      link.href = "/cases/" + page.dataset.liveCase;
      link.target = "_blank";
      link.rel = "noopener";
      link.textContent = "最新の内容を別のタブで見る";
    }
    text.append(link);
    place.append(text);
    place.hidden = false;
  };

  const heard = (message) => {
    let event;
    try { event = JSON.parse(message.data); } catch { return; }
    // A report of the person's own health changes no version, and no list.
    const isReport = event.action === "health";
    if (page) {
      if (event.case !== page.dataset.liveCase) return;
      // Who it was is asked by the script that knows who is here.
      if (!isReport) document.dispatchEvent(new CustomEvent("hersys:changed"));
      if (!isReport && event.version <= Number(page.dataset.version || 0)) return;
      if (event.action === "delete") { setTimeout(compare, 100); return; }
      if (dirty || lists().length === 0) { if (!isReport) note(); return; }
      words = isReport ? "新しい健康観察の報告が届きました" : "ほかの人がこの対象者の情報を更新しました";
    } else {
      // Without a list there is nothing on the page that could have changed.
      if (isReport || lists().length === 0) return;
      words = wordsFor(event);
    }
    schedule();
  };

  /** What is being typed into isn't replaced: only whether there is a later version is asked. */
  const compare = async () => {
    try {
      const answer = await fetch(location.href, {
        redirect: "manual", credentials: "same-origin", headers: { "X-Live": "1" },
      });
      if (answer.status === 404) { gone(); return; }
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      const versioned = fresh.querySelector("[data-live-case]");
      if (versioned && Number(versioned.dataset.version || 0) > Number(page.dataset.version || 0)) note();
    } catch {
      // The network is away: it will be said again when it is back.
    }
  };

  const missed = () => {
    // Every open page hears this at the same moment: by chance, they don't all ask at once.
    const delay = 400 + Math.random() * 4000;
    setTimeout(() => document.dispatchEvent(new Event("hersys:notice")), delay);
    if (page && (dirty || lists().length === 0)) setTimeout(compare, delay);
    else if (page || lists().length > 0) schedule(delay);
  };

  const listen = () => {
    const badge = document.querySelector("[data-notices]");
    if (source || !window.EventSource || (!page && !badge && lists().length === 0)) return;
    source = new EventSource(page ? "/events?case=" + page.dataset.liveCase : "/events");
    source.addEventListener("presence", () => document.dispatchEvent(new CustomEvent("hersys:presence")));
    // notices.js counts them.
    source.addEventListener("notice", () => document.dispatchEvent(new Event("hersys:notice")));
    source.addEventListener("case", heard);
    // Beds or rooms were counted anew: no case has changed, so only pages that show them ask.
    source.addEventListener("rooms", () => { if (!page && document.querySelector("[data-live-rooms]")) schedule(); });
    source.addEventListener("missed", missed);
    let isFirst = true;
    source.addEventListener("open", () => {
      // A connection that had to be made again has heard nothing in between.
      if (!isFirst) missed();
      isFirst = false;
    });
  };

  const stop = () => {
    if (source) source.close();
    source = null;
  };

  if (main && (page || lists().length > 0)) main.append(status);
  document.addEventListener("input", () => { dirty = true; }, { passive: true });
  document.addEventListener("submit", () => { dirty = false; });
  document.addEventListener("hersys:saved", (event) => {
    if (page && (dirty || lists().length === 0)) note(event.detail);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && again) { again = false; schedule(); }
  });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  listen();

  // idle.js counts the session's time.
  document.addEventListener("hersys:ended", stop);
  document.addEventListener("hersys:active", listen);
})();
