// The end of an idle session. `data-idle="SECONDS"` on the body says how long the session lasts without anybody using
// it. In its last two minutes a dialog asks whether somebody is there, and what was typed is kept on the server; at the
// end the browser goes to the sign-in, and afterwards back to the filled form. Nothing is kept on the device.
(() => {
  "use strict";

  const body = document.body;
  const idle = Number(body.dataset.idle || 0) * 1000;
  const token = document.querySelector('form[action="/sign-out"] [name="csrf"]');
  if (!idle || !token) return;

  const warnBefore = 120 * 1000;
  const keepEvery = 60 * 1000;
  const now = () => Date.now();
  let endsAt = now() + idle;
  let told = now();
  let touchedAt = 0;
  let isEnded = false;
  let isLast = false;
  let box = null;
  let where = null;
  let typedInto = null;
  const channel = window.BroadcastChannel ? new BroadcastChannel("hersys-idle") : null;

  // --- Keeping what was typed

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (form && form.method === "post") typedInto = form;
  }, { passive: true });
  document.addEventListener("submit", (event) => { if (event.target === typedInto) typedInto = null; });

  const entry = () => document.querySelector("form[data-entry]");

  /** The form that holds something the server doesn't have. */
  const unsaved = () => {
    if (typedInto && typedInto.isConnected) return typedInto;
    // A form that came back with something to mend is not stored either.
    return document.querySelector("#error-summary, .doubts, form[data-kept]") ? entry() : null;
  };

  const here = () => {
    const address = new URL(location.href);
    address.searchParams.delete("kept");
    return address.pathname + address.search;
  };

  const content = (form) => {
    const data = new URLSearchParams();
    for (const [name, value] of new FormData(form)) {
      if (typeof value === "string" && name !== "csrf") data.append(name, value);
    }
    for (const one of form.querySelectorAll('input[type="password"]')) data.delete(one.name);
    return data.toString();
  };

  /** Keeps what was typed; the address at which it stands again after the next sign-in. */
  const keepForm = async () => {
    const form = unsaved();
    const draft = form && form.elements.namedItem("draft");
    if (draft && draft.value) {
      // A 発生届 has its draft, which entry.js saves.
      document.dispatchEvent(new Event("hersys:keep"));
      return { address: "/cases/new?draft=" + encodeURIComponent(draft.value), kept: true };
    }
    if (!form) return { address: here(), kept: false };
    const sent = new URLSearchParams({ csrf: token.value, action: form.getAttribute("action") || "", body: content(form) });
    const answer = await fetch("/account/forms",
      { method: "POST", body: sent, credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) throw new Error();
    const { kept } = await answer.json();
    const address = new URL(here(), location.origin);
    address.searchParams.set("kept", kept);
    return { address: address.pathname + address.search, kept: true };
  };

  // --- The dialog

  const element = (name, attributes, text) => {
    const one = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) one.setAttribute(key, value);
    if (text) one.textContent = text;
    return one;
  };

  const close = () => {
    if (box) box.remove();
    box = null;
  };

  const button = (label, look, act) => {
    const one = element("button", { type: "button", class: "button " + look }, label);
    one.addEventListener("click", act);
    return one;
  };

  const open = (title, text, buttons) => {
    close();
    box = element("dialog", {
      class: "idle", role: "alertdialog", "aria-modal": "true", "aria-labelledby": "idle-title", "aria-describedby": "idle-text",
    });
    const row = element("div", { class: "actions" });
    row.append(...buttons);
    box.append(element("h2", { id: "idle-title" }, title), element("p", { id: "idle-text" }, text),
      // The seconds are for the eye; what is read aloud is said at a few moments only.
      element("p", { class: "idle-left", "aria-hidden": "true", "data-idle-left": "" }),
      element("p", { class: "hidden-text", "aria-live": "assertive", "data-idle-said": "" }), row);
    body.append(box);
    const held = document.activeElement;
    const mine = box;
    box.addEventListener("close", () => {
      mine.remove();
      if (held && held.isConnected && held.focus) held.focus({ preventScroll: true });
    });
    box.showModal();
    buttons[0].focus();
  };

  const words = (left) => {
    const seconds = Math.max(0, Math.ceil(left / 1000));
    return { seconds, clock: Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0") };
  };

  const warn = () => {
    where = keepForm().catch(() => null);
    const text = isLast ? "ログインしてから12時間になるため、まもなくログアウトします。もう一度ログインすると続けられます。"
      : "しばらく操作がないため、まもなくログアウトします。";
    const out = button("ログアウト", "button-secondary", signOut);
    open("まもなくログアウトします", text, isLast ? [out] : [button("続ける", "button-primary", goOn), out]);
    // Escape means to go on, as leaving any dialog does.
    box.addEventListener("cancel", (event) => { event.preventDefault(); if (!isLast) goOn(); });
    count();
    const line = box.querySelector("#idle-text");
    where.then((kept) => {
      if (kept && kept.kept) line.append("入力した内容は保存しました。");
      // It stays on the page, too; only its reader can do something about it.
      else if (!kept) line.append("入力した内容を保存できませんでした。「続ける」を押して、内容を確かめてください。");
    });
  };

  const count = () => {
    const { seconds, clock } = words(endsAt - now());
    box.querySelector("[data-idle-left]").textContent = clock;
    const said = box.querySelector("[data-idle-said]");
    const mark = [120, 60, 30, 10].find((one) => seconds <= one && seconds > one - 5);
    if (mark && said.dataset.mark !== String(mark)) {
      said.dataset.mark = mark;
      said.textContent = "あと" + (mark >= 60 ? mark / 60 + "分" : mark + "秒") + "でログアウトします。";
    }
  };

  const signOut = async () => {
    const form = document.querySelector('form[action="/sign-out"]');
    const kept = where && await where;
    if (kept && kept.kept) form.append(element("input", { type: "hidden", name: "return", value: kept.address }));
    close();
    form.requestSubmit();
  };

  // --- Being there

  const extend = (until) => {
    endsAt = until;
    if (isEnded) document.dispatchEvent(new Event("hersys:active"));
    isEnded = false;
    where = null;
    if (box) box.close();
    box = null;
  };

  const tell = async () => {
    told = now();
    touchedAt = 0;
    try {
      const answer = await fetch("/account/keep", { redirect: "manual", credentials: "same-origin" });
      if (!answer.ok) { end(); return; }
      const { left } = await answer.json();
      isLast = left * 1000 <= warnBefore;
      extend(now() + left * 1000);
      if (channel) channel.postMessage(endsAt);
    } catch {
      // The network is away: the server decides when it is back.
    }
  };

  const goOn = () => { tell(); };

  /** Typing counts as being there: the server is told once a minute at most. */
  const touched = () => {
    // In the dialog only its buttons count: who wants to sign out presses keys, too.
    if (isEnded || box) return;
    if (now() - told < keepEvery) touchedAt = now(); else tell();
  };

  // --- The end

  const end = async () => {
    if (isEnded) return;
    isEnded = true;
    document.dispatchEvent(new Event("hersys:ended"));
    const isIdle = endsAt - now() <= 1000;
    const kept = where && await where;
    const form = unsaved();
    if (kept || !form) {
      const address = kept ? kept.address : here();
      // The server counts for itself; where its clock is a little behind, the session is over now all the same.
      await fetch("/account/leave", { method: "POST", body: new URLSearchParams({ csrf: token.value }),
        credentials: "same-origin", redirect: "manual" }).catch(() => {});
      const why = isIdle ? "idle=" + (kept && kept.kept ? "kept" : "1") + "&" : "";
      location.replace("/sign-in?" + why + "return=" + encodeURIComponent(address));
      return;
    }
    // The computer slept, or the network was away: what was typed is on this page only, so the page stays.
    open("ログインの有効期限が切れました",
      "入力した内容はこの画面に残っています。この画面を閉じずに、別のタブでログインしてから送信してください。",
      [button("別のタブでログイン", "button-primary",
        () => { window.open("/sign-in?return=%2Fsign-in%2Fdone", "_blank", "noopener"); })]);
  };

  const tick = () => {
    if (isEnded) return;
    const left = endsAt - now();
    if (left <= 0) { end(); return; }
    // A touch before the computer slept is none of now.
    if (touchedAt && now() - touchedAt < 2 * keepEvery) {
      if (now() - told >= keepEvery) tell();
      return;
    }
    if (left > warnBefore) return;
    if (box) count(); else warn();
  };

  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, touched, { passive: true });
  if (channel) {
    // Whoever is there in one tab is there in all.
    channel.addEventListener("message", (event) => {
      if (typeof event.data === "number" && event.data > now()) { told = now(); extend(event.data); }
    });
    channel.postMessage(endsAt);
  }
  window.addEventListener("pageshow", (event) => { if (event.persisted) tell(); });
  setInterval(tick, 1000);

  // --- Back on the page: what was kept stands in the form again

  const said = (title, text, link) => {
    const note = element("section", { class: "banner banner-info", role: "status", "data-kept-note": "" });
    const inner = element("div", { class: "banner-text" });
    inner.append(element("p", { class: "banner-title" }, title), element("p", {}, text));
    if (link) {
      const line = element("p", {});
      line.append(element("a", { href: link, target: "_blank", rel: "noopener" }, "保存されていた内容をすべて見る"));
      inner.append(line);
    }
    note.append(element("span", { class: "banner-icon", "aria-hidden": "true" }, "i"), inner);
    const main = document.getElementById("main");
    const heading = main && main.querySelector("h1");
    if (heading) heading.after(note);
    else if (main) main.prepend(note);
  };

  /** Puts values into a form; how many found no place. */
  const fill = (form, fields) => {
    const values = new Map();
    for (const [name, value] of fields) values.set(name, (values.get(name) || []).concat([value]));
    let missing = 0;
    for (const [name, list] of values) {
      const controls = Array.from(form.elements).filter((one) => one.name === name && one.type !== "submit");
      const boxes = controls.filter((one) => one.type === "checkbox" || one.type === "radio");
      if (boxes.length) {
        missing += list.filter((value) => value !== "" && !boxes.some((one) => one.value === value)).length;
        continue;
      }
      list.forEach((value, index) => {
        const one = controls[index];
        if (!one) { if (value !== "") missing += 1; return; }
        one.value = value;
        if (one.value.replaceAll("\r\n", "\n") !== value.replaceAll("\r\n", "\n")) missing += 1;
      });
    }
    for (const one of form.elements) {
      if (one.type === "checkbox" || one.type === "radio") one.checked = (values.get(one.name) || []).includes(one.value);
    }
    for (const one of Array.from(form.elements)) {
      if (!one.name || one.type === "hidden") continue;
      one.dispatchEvent(new Event("input", { bubbles: true }));
      one.dispatchEvent(new Event("change", { bubbles: true }));
    }
    return missing;
  };

  const bring = async () => {
    const id = new URLSearchParams(location.search).get("kept");
    if (!id || document.querySelector("form[data-kept]")) return;
    const answer = await fetch("/account/forms/" + encodeURIComponent(id), { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return;
    const { action, fields } = await answer.json();
    const form = Array.from(document.forms).find((one) => one.getAttribute("action") === action);
    const missing = form ? fill(form, fields) : fields.length;
    const link = missing ? "/account/forms/" + encodeURIComponent(id) + "/text" : null;
    said("入力の途中だった内容を戻しました",
      missing ? "この画面に戻せなかった内容があります。下のリンクで確かめて、入力し直してください。"
        : "まだ保存されていません。内容を確かめて、続きを入力してください。", link);
  };
  bring().catch(() => {});
})();
