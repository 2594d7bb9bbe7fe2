// Aids of entry: keys, kana from the input method, addresses from postal codes, drafts on the server.
// Nothing is kept on the device; every form works without this file.
(() => {
  "use strict";

  // 関係保健所: a search field narrows the long list.
  for (const form of document.querySelectorAll("[data-narrow]")) {
    const box = form.querySelector("[data-narrow-search]");
    const search = box.querySelector("input");
    const lines = Array.from(form.querySelectorAll(".choice"));
    box.hidden = false;
    search.addEventListener("input", () => {
      const words = search.value.trim();
      for (const line of lines) {
        line.hidden = words !== "" && !line.textContent.includes(words) && !line.querySelector("input").checked;
      }
    });
    search.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !composing(event)) event.preventDefault();
    });
  }

  const form = document.querySelector("form[data-entry]");
  if (!form) return;

  const wrapper = (control) => control.closest(".item");
  const named = (name) => Array.from(form.elements).filter((one) => one.name === name && one.type !== "hidden");
  const field = (name) => named(name)[0] || null;
  const answers = (name) => named(name)
    .filter((one) => (one.type !== "checkbox" && one.type !== "radio") || one.checked)
    .map((one) => one.value).filter((value) => value !== "");
  /** A key that belongs to the input method; Safari tells only by 229. */
  function composing(event) { return event.isComposing || event.keyCode === 229; }
  const changed = (control) => control.dispatchEvent(new Event("change", { bubbles: true }));

  const visible = (one) => one.getClientRects().length > 0 && !one.closest("details:not([open]) > :not(summary)");

  /** The places where the keyboard stops on its way: one for each group of choices. */
  const stops = () => {
    const seen = new Set();
    return Array.from(form.querySelectorAll("input, select, textarea")).filter((one) => {
      if (one.type === "hidden" || one.disabled || one.tabIndex < 0 || !visible(one)) return false;
      if (one.type !== "radio") return true;
      if (seen.has(one.name)) return false;
      seen.add(one.name);
      return true;
    }).map((one) => one.type === "radio" ? named(one.name).find((other) => other.checked) || one : one);
  };

  const submitButton = form.querySelector("[data-submit]");
  const move = (from, step) => {
    const all = stops();
    let place = all.indexOf(from);
    if (place < 0 && from.type === "radio") place = all.findIndex((one) => one.name === from.name);
    if (place < 0) place = all.findIndex((one) => from.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING) - step;
    const next = all[place + step];
    if (next) { next.focus(); if (next.select && next.type !== "checkbox" && next.type !== "radio") next.select(); }
    else if (step > 0) submitButton.focus();
  };

  // --- Choices: one stop of the Tab key for each group, numbers choose, 0 is 「なし」 alone.

  const marks = "123456789abcdefghijklmnop";
  const groupOf = (input) => Array.from(input.closest(".choices").querySelectorAll("input"));

  const rove = (input) => {
    if (input.type !== "checkbox") return;
    for (const one of groupOf(input)) one.tabIndex = one === input ? 0 : -1;
  };

  const equip = (root) => {
    for (const choices of root.querySelectorAll(".field-group .choices")) {
      const inputs = Array.from(choices.querySelectorAll("input"));
      if (inputs.length < 2) continue;
      inputs.forEach((input, index) => {
        const key = input.hasAttribute("data-exclusive") ? "0" : marks[index];
        if (!key) return;
        input.dataset.key = key;
        const hint = document.createElement("kbd");
        hint.textContent = key;
        hint.setAttribute("aria-hidden", "true");
        input.after(hint);
      });
      rove(inputs[0]);
    }
    for (const summary of root.querySelectorAll("details.optional > summary")) summary.tabIndex = -1;
    for (const unknown of root.querySelectorAll("[data-unknown]")) unknown.tabIndex = -1;
  };

  /** 「なし」 clears the others, and any other clears 「なし」. */
  const exclude = (input) => {
    if (input.type !== "checkbox" || !input.checked) return;
    const choices = input.closest(".choices");
    if (!choices) return;
    const alone = input.hasAttribute("data-exclusive");
    for (const other of choices.querySelectorAll("input:checked")) {
      if (other !== input && (alone || other.hasAttribute("data-exclusive"))) other.checked = false;
    }
  };

  const chooseByKey = (event, input) => {
    const chosen = groupOf(input).find((one) => one.dataset.key === event.key.toLowerCase());
    if (!chosen) return false;
    chosen.checked = chosen.type === "radio" ? true : !chosen.checked;
    rove(chosen);
    chosen.focus();
    changed(chosen);
    return true;
  };

  const walkChoices = (event, input) => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    if (!step || input.type !== "checkbox" || event.altKey) return false;
    const all = groupOf(input);
    const next = all[all.indexOf(input) + step];
    if (!next) return true;
    rove(next);
    next.focus();
    return true;
  };

  // --- Keys

  const openFold = (from) => {
    const group = from.closest(".test, .group") || from.closest(".group");
    const fold = group && (group.querySelector("details.optional") || group.closest(".group").querySelector("details.optional"));
    if (!fold) return false;
    fold.open = true;
    const first = fold.querySelector("input:not([type=hidden]), select, textarea, button");
    if (first) first.focus();
    return true;
  };

  form.addEventListener("keydown", (event) => {
    const at = event.target;
    if (composing(event) || !at.matches("input, select, textarea")) return;
    const isChoice = at.type === "radio" || at.type === "checkbox";
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.requestSubmit(submitButton);
    } else if (event.key === "Enter" && at.tagName !== "TEXTAREA") {
      // Enter never sends the form: it goes on as Tab does.
      event.preventDefault();
      move(at, event.shiftKey ? -1 : 1);
    } else if (event.key === "ArrowDown" && event.altKey && at.tagName !== "SELECT") {
      if (openFold(at)) event.preventDefault();
    } else if (event.ctrlKey || event.altKey || event.metaKey) {
      return;
    } else if (isChoice && at.closest(".choices")) {
      if (chooseByKey(event, at) || walkChoices(event, at)) event.preventDefault();
      else if (event.key === "Delete" || event.key === "Backspace") {
        event.preventDefault();
        for (const one of groupOf(at)) one.checked = false;
        changed(at);
      }
    } else if (wrapper(at) && wrapper(at).hasAttribute("data-date")) {
      dateKey(event, at);
    }
  });

  /** t today, y yesterday, u unknown: only in an empty or wholly selected field. */
  const dateKey = (event, at) => {
    const isWhole = at.selectionStart === 0 && at.selectionEnd === at.value.length;
    if (!isWhole) return;
    const day = { t: form.dataset.today, y: form.dataset.yesterday }[event.key];
    const unknown = wrapper(at).querySelector("[data-unknown]");
    if (day) {
      at.value = day;
    } else if (unknown && (event.key === "u" || event.key === "?")) {
      at.value = "";
      unknown.checked = !unknown.checked;
      changed(unknown);
    } else {
      return;
    }
    event.preventDefault();
    at.dispatchEvent(new Event("input", { bubbles: true }));
    changed(at);
  };

  // --- How a field is understood: asked of the server, for there is one reader only.

  const say = (control, text, message) => {
    const item = wrapper(control);
    let echo = item.querySelector(".echo");
    if (!echo) {
      if (!message) return;
      echo = document.createElement("p");
      echo.className = "echo";
      echo.id = "echo-" + control.name;
      echo.setAttribute("aria-live", "polite");
      control.closest(".field").after(echo);
    }
    echo.textContent = message ? "＊" + message : text;
    echo.classList.toggle("echo-wrong", Boolean(message));
    progress();
  };

  const asked = new WeakMap();
  const check = async (control) => {
    const item = wrapper(control);
    const text = control.value.trim();
    asked.set(control, text);
    if (text === "") { say(control, "", ""); follow(item.dataset.item, {}); return; }
    const body = new URLSearchParams({ csrf: form.elements.csrf.value, item: item.dataset.item, text });
    if (item.dataset.item === "birth_date") body.set("on", (field("diagnosed_on") || {}).value || "");
    try {
      const answer = await fetch("/entry/check", { method: "POST", body, credentials: "same-origin", redirect: "manual" });
      if (!answer.ok || asked.get(control) !== text) return;
      const found = await answer.json();
      say(control, found.text, found.message);
      follow(item.dataset.item, found);
    } catch {
      // Away from the network the check comes with the form.
    }
  };

  /** What an answer opens or closes: the age, the guardian of a minor. */
  const follow = (key, found) => {
    if (key !== "birth_date") return;
    const age = form.querySelector("[data-age]");
    if (age) {
      age.textContent = found.age === undefined ? "生年月日から自動で表示されます。" : found.age + "歳（生年月日から）";
    }
    for (const group of form.querySelectorAll("[data-minors]")) {
      const isFilled = Array.from(group.querySelectorAll("input, textarea")).some((one) => one.value !== "");
      group.hidden = found.isMinor === false && !isFilled;
      const fold = group.querySelector("details");
      if (fold && found.isMinor) fold.open = true;
    }
  };

  const later = new WeakMap();
  form.addEventListener("input", (event) => {
    const at = event.target;
    const item = wrapper(at);
    if (!item || !item.hasAttribute("data-date") || at.type !== "text") return;
    clearTimeout(later.get(at));
    // A date is echoed once it can be one: half a date is not yet wrong.
    later.set(at, setTimeout(() => { if (at.value.trim().length >= 6 || at.value === "") check(at); }, 350));
  });
  form.addEventListener("focusout", (event) => {
    const at = event.target;
    const item = wrapper(at);
    if (!item || !item.hasAttribute("data-check") || !("value" in at) || at.type === "checkbox" || at.type === "radio") return;
    if (asked.get(at) === at.value.trim() || (at.value === "" && !asked.has(at))) return;
    clearTimeout(later.get(at));
    check(at);
  });

  // --- Fields that depend on an answer

  const depend = () => {
    for (const item of form.querySelectorAll("[data-when], [data-unless]")) {
      const [name, codes] = (item.dataset.when || item.dataset.unless).split(":");
      const given = answers(name);
      const met = given.some((code) => codes.split(" ").includes(code));
      const isFilled = Array.from(item.querySelectorAll("input, select, textarea")).some((one) =>
        one.type === "radio" || one.type === "checkbox" ? one.checked : one.type !== "hidden" && one.value !== "");
      const isWrong = Boolean(item.querySelector(".field-errors"));
      item.hidden = !isFilled && !isWrong && (item.dataset.when ? !met : met);
    }
    const same = form.querySelector("[data-same]");
    for (const item of form.querySelectorAll("[data-stay]")) {
      item.hidden = Boolean(same && same.checked) && !item.querySelector(".field-errors")
        && item.querySelector("input").value === "";
    }
    for (const group of form.querySelectorAll(".group")) {
      const items = Array.from(group.querySelectorAll(".item"));
      if (group.hasAttribute("data-minors") || items.length === 0) continue;
      group.hidden = items.every((item) => item.hidden);
    }
    method();
  };

  /** The test's method follows from the only method of diagnosis, as long as nobody chose another. */
  const method = () => {
    const chosen = answers("diagnosis_method").filter((code) => code !== "clinical");
    for (const item of form.querySelectorAll("[data-method]")) {
      if (item.closest("template")) continue;
      const radios = Array.from(item.querySelectorAll("input[type=radio]"));
      const one = chosen.length === 1 ? radios.find((radio) => radio.value === chosen[0]) : null;
      if (one && !item.dataset.byHand) one.checked = true;
      item.hidden = Boolean(one && one.checked && !item.dataset.byHand) && !item.querySelector(".field-errors");
    }
  };

  form.addEventListener("change", (event) => {
    const at = event.target;
    exclude(at);
    if (at.type === "radio" && event.isTrusted && at.closest("[data-method]")) at.closest("[data-method]").dataset.byHand = "1";
    const unknown = at.matches("[data-unknown]") ? at : null;
    if (unknown && unknown.checked) {
      const date = field(unknown.dataset.unknown);
      date.value = "";
      say(date, "不明", "");
    } else if (unknown) {
      say(field(unknown.dataset.unknown), "", "");
    }
    if (wrapper(at) && wrapper(at).dataset.item === "infected_on" && at.type === "text" && at.value !== "") {
      const other = wrapper(at).querySelector("[data-unknown]");
      if (other) other.checked = false;
    }
    if (wrapper(at) && wrapper(at).dataset.item === "diagnosed_on" && field("birth_date")) check(field("birth_date"));
    depend();
    progress();
  });

  // --- Kana from what the input method composes

  const katakana = (text) => text.replace(/[ぁ-ゖゝゞ]/g, (letter) => String.fromCharCode(letter.charCodeAt(0) + 0x60));
  for (const item of form.querySelectorAll("[data-kana]")) {
    const name = item.querySelector("input");
    const kana = field(item.dataset.kana);
    if (!kana) continue;
    let parts = [];
    let composed = "";
    let byHand = kana.value !== "";
    kana.addEventListener("input", () => { byHand = kana.value !== ""; });
    const show = () => {
      if (byHand) return;
      kana.value = katakana(parts.map((part) => part.kana).join(""));
    };
    name.addEventListener("compositionstart", () => { composed = ""; });
    name.addEventListener("compositionupdate", (event) => {
      // Letters not yet turned into kana stand at the end: 「やm」.
      const letters = (event.data || "").replace(/[a-zA-Zａ-ｚＡ-Ｚ]+$/, "");
      if (/^[ぁ-ゖゝゞァ-ヺー]+$/.test(letters)) composed = letters;
    });
    name.addEventListener("compositionend", (event) => {
      if (event.data) parts.push({ text: event.data, kana: /^[ぁ-ゖァ-ヺー]+$/.test(event.data) ? event.data : composed });
      show();
    });
    name.addEventListener("input", (event) => {
      if (event.isComposing) return;
      // What was deleted takes its kana along.
      while (parts.length && !name.value.startsWith(parts.map((part) => part.text).join(""))) parts.pop();
      if (name.value === "") parts = [];
      show();
    });
  }

  // --- Postal code

  const filled = { municipality: "", town: "" };
  const fillPlace = (municipality, town) => {
    const put = (control, text, key) => {
      if (!control || text === "" || (control.value !== "" && control.value !== filled[key])) return;
      control.value = text;
      filled[key] = text;
      changed(control);
    };
    // The papers of 2022 have no residence: there the code is that of the present stay.
    put(field("address_municipality") || field("stay_municipality"), municipality, "municipality");
    put(field("address_line") || field("stay_line"), town, "town");
  };

  for (const item of form.querySelectorAll("[data-postal]")) {
    const postal = item.querySelector("input");
    let last = "";
    postal.addEventListener("input", async () => {
      const digits = postal.value.normalize("NFKC").replace(/[^0-9]/g, "");
      if (digits.length !== 7 || digits === last) return;
      last = digits;
      let places = [];
      try {
        const answer = await fetch("/places?postal=" + digits, { credentials: "same-origin", redirect: "manual" });
        if (!answer.ok) return;
        places = await answer.json();
      } catch { return; }
      const old = item.querySelector(".places");
      if (old) old.remove();
      if (places.length === 0) { say(postal, "", ""); return; }
      const same = places.every((place) => place.municipality === places[0].municipality);
      fillPlace(same ? places[0].name || places[0].municipality : "", places.length === 1 ? places[0].town : "");
      if (places.length === 1) return;
      const list = document.createElement("div");
      list.className = "places";
      list.setAttribute("role", "group");
      list.setAttribute("aria-label", "町名の候補");
      for (const place of places.slice(0, 30)) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button button-secondary button-small";
        button.textContent = (same ? "" : place.name) + place.town;
        button.addEventListener("click", () => {
          fillPlace(place.name || place.municipality, place.town);
          list.remove();
          const line = field("address_line") || field("stay_line");
          line.focus();
          line.setSelectionRange(line.value.length, line.value.length);
        });
        list.append(button);
      }
      item.append(list);
    });
  }

  // --- More tests

  const add = form.querySelector("[data-add-test]");
  const template = form.querySelector("[data-test-template]");
  if (add && template) {
    add.addEventListener("click", (event) => {
      const place = form.querySelector("[data-tests]");
      const row = place.children.length;
      if (row >= 30) return;
      event.preventDefault();
      const fresh = template.content.cloneNode(true);
      for (const one of fresh.querySelectorAll("*")) {
        for (const attribute of Array.from(one.attributes)) {
          attribute.value = attribute.value.replaceAll("tests.999.", "tests." + row + ".").replace(/^__$/, row);
        }
      }
      fresh.querySelector("[data-number]").textContent = row + 1;
      equip(fresh);
      place.append(fresh);
      depend();
      stops().find((one) => one.name.startsWith("tests." + row + ".")).focus();
    });
  }

  // --- What is done

  const progress = () => {
    for (const step of document.querySelectorAll("[data-step]")) {
      const group = document.getElementById(step.dataset.step);
      if (!group) continue;
      step.hidden = group.hidden;
      const wanted = Array.from(group.querySelectorAll(".item")).filter((item) =>
        item.querySelector(".mark-required") && !item.closest("[hidden]"));
      const isAnswered = (item) => {
        const controls = Array.from(item.querySelectorAll("input:not([type=hidden]), select, textarea"));
        return controls.some((one) => one.type === "radio" || one.type === "checkbox" ? one.checked : one.value.trim() !== "");
      };
      const same = group.querySelector("[data-same]");
      const all = wanted.length ? wanted : Array.from(group.querySelectorAll(".item"));
      const done = (same && same.checked) || (wanted.length ? all.every(isAnswered) : all.some(isAnswered));
      const isDone = Boolean(done) && !group.querySelector(".echo-wrong");
      step.classList.toggle("done", isDone);
      const said = step.querySelector(".step-said");
      if (said) said.textContent = isDone ? "（入力済み）" : "";
    }
  };

  const openAll = form.querySelector("[data-open-all]");
  if (openAll) {
    openAll.hidden = false;
    openAll.addEventListener("click", () => {
      const folds = Array.from(form.querySelectorAll("details.optional"));
      const open = folds.some((fold) => !fold.open);
      for (const fold of folds) fold.open = open;
      openAll.textContent = open ? "任意の項目をすべて閉じる" : "任意の項目をすべて開く";
    });
  }

  for (const button of form.querySelectorAll("[data-confirm]")) {
    button.addEventListener("click", (event) => {
      if (!window.confirm(button.dataset.confirm)) event.preventDefault();
    });
  }

  // --- Drafts: on the server, every few seconds and on leaving

  const draft = form.elements.draft;
  const state = form.querySelector("[data-saved]");
  let dirty = false;
  let sending = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("change", () => { dirty = true; });
  form.addEventListener("focusin", (event) => rove(event.target.closest(".choices") ? event.target : form));

  const content = () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("quiet", "1");
    return body;
  };
  const save = async () => {
    if (!dirty || sending) return;
    dirty = false;
    try {
      const answer = await fetch("/cases/new/draft",
        { method: "POST", body: content(), credentials: "same-origin", redirect: "manual" });
      if (answer.status !== 204) throw new Error();
      const now = new Date();
      state.textContent = "下書きを保存しました " + now.getHours() + ":" + String(now.getMinutes()).padStart(2, "0");
      state.classList.remove("entry-unsaved");
    } catch {
      dirty = true;
      state.textContent = "下書きを保存できません。入力は続けられます。";
      state.classList.add("entry-unsaved");
    }
  };
  if (draft && state) {
    setInterval(save, 4000);
    document.addEventListener("hersys:keep", save);
    const leave = () => {
      if (!dirty || sending) return;
      if (navigator.sendBeacon("/cases/new/draft", content())) dirty = false;
    };
    document.addEventListener("visibilitychange", () => { if (document.hidden) leave(); });
    window.addEventListener("pagehide", leave);
  }
  form.addEventListener("submit", (event) => {
    if (sending) { event.preventDefault(); return; }
    sending = true;
    // The page that comes back by 戻る can be sent again.
    setTimeout(() => { sending = false; }, 8000);
  });
  window.addEventListener("pageshow", () => { sending = false; });

  equip(form);
  depend();
  progress();
  const birth = field("birth_date");
  if (birth && birth.value !== "") check(birth);
  if (!document.getElementById("error-summary") && !location.hash && draft) {
    const first = stops().find((one) => wrapper(one) && wrapper(one).querySelector(".mark-required")
      && answers(one.name).length === 0);
    if (first) first.focus({ preventScroll: true });
  }
})();
