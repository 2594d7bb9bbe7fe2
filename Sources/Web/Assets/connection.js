// 接続環境の確認: measures what only the browser can, shows it in the table and puts it into the form.
(() => {
  "use strict";

  const root = document.querySelector("[data-connection]");
  if (!root) return;
  const status = root.querySelector("[data-status]");
  const WORDS = {
    ok: ["○ 良好", "chip-success"], warn: ["△ 注意", "chip-warning"],
    fail: ["× 不可", "chip-error"], unknown: ["－ 未確認", "chip-neutral"],
  };
  const outcomes = {};

  const show = (check, outcome, found) => {
    outcomes[check] = outcome;
    const row = root.querySelector(`[data-check="${check}"]`);
    const chip = row.querySelector(".chip");
    chip.className = `chip ${WORDS[outcome][1]}`;
    chip.textContent = WORDS[outcome][0];
    if (found) row.querySelector("[data-found]").textContent = found;
    const field = root.querySelector(`[data-outcome="${check}"]`);
    if (field) field.value = outcome;
  };

  const wait = (milliseconds) => new Promise((done) => { setTimeout(done, milliseconds); });
  const fetched = (address, options) => fetch(`/connection-test/${address}`, {
    credentials: "same-origin", cache: "no-store", redirect: "error", ...options,
  });
  const away = "サーバーからの応答がありません。";

  const cookie = async () => {
    const answer = await (await fetched("cookie")).json();
    if (answer.cookie) show("cookie", "ok", "Cookieを保存し、読み出せました。");
    else show("cookie", "fail", "Cookieが保存されません。このままではログインできません。");
    const link = root.querySelector('[data-check="cookie"] a');
    if (link) link.remove();
  };

  // The clock and the time of an answer come out of the same five questions.
  const clock = async () => {
    const times = [];
    let gap = null;
    for (let turn = 0; turn < 5; turn += 1) {
      const [began, here] = [performance.now(), Date.now()];
      const server = (await (await fetched("clock")).json()).now;
      const took = performance.now() - began;
      times.push(took);
      // The server tells whole seconds: the middle of its second against the middle of the question.
      const found = (here + took / 2) / 1000 - (server + 0.5);
      if (gap === null || Math.abs(found) < Math.abs(gap)) gap = found;
    }
    const median = Math.round(times.sort((one, other) => one - other)[2]);
    const speed = median < 500 ? "ok" : median < 2000 ? "warn" : "fail";
    show("latency", speed, `5回の中央値は${median}ミリ秒です（500ミリ秒未満で良好）。`);
    const seconds = Math.round(Math.abs(gap));
    const side = gap > 0 ? "進んで" : "遅れて";
    const span = seconds < 120 ? `${seconds}秒` : `約${Math.round(seconds / 60)}分`;
    if (seconds <= 30) show("clock", "ok", "サーバーの時計と合っています（ずれは30秒以内）。");
    else show("clock", seconds <= 300 ? "warn" : "fail", `この端末の時計は、サーバーより${span}${side}います。`);
  };

  const listen = () => new Promise((done) => {
    const arrived = [];
    const source = new EventSource("/connection-test/events");
    const end = (result) => { source.close(); clearTimeout(limit); done(result); };
    const limit = setTimeout(() => end({ arrived }), 10 * 1000);
    source.addEventListener("busy", () => end({ busy: true }));
    source.addEventListener("test", () => {
      arrived.push(performance.now());
      if (arrived.length === 3) end({ arrived });
    });
    source.addEventListener("error", () => end({ arrived }));
  });

  const events = async () => {
    let result = await listen();
    for (let turn = 0; result.busy && turn < 5; turn += 1) {
      await wait(1500 + Math.random() * 2000);
      result = await listen();
    }
    if (result.busy) {
      show("events", "unknown", "同じ場所で確認中の端末が多いため、調べられませんでした。少し待ってやり直してください。");
      return;
    }
    const arrived = result.arrived;
    if (arrived.length < 3) {
      show("events", "fail", "自動更新の通信が届きません。ほかの人の変更が画面に出るまで、開き直しが必要になります。");
    } else if (arrived[2] - arrived[0] < 500) {
      show("events", "warn", "途中の装置が通信をためて、まとめて届けています。画面の自動更新が遅れます。");
    } else {
      show("events", "ok", "自動更新の通信が、順にすぐ届きました。");
    }
  };

  const upload = async () => {
    const body = new Uint8Array(5 * 1000 * 1000);
    for (let turn = 0; turn < 8; turn += 1) {
      const began = performance.now();
      let answer = null;
      try {
        answer = await fetched("upload", {
          method: "POST", body, headers: { "Content-Type": "application/octet-stream" },
        });
      } catch {
        answer = null;
      }
      if (answer && answer.ok && (await answer.json()).received === body.length) {
        const seconds = (performance.now() - began) / 1000;
        const slow = seconds > 20;
        show("upload", slow ? "warn" : "ok", `5MBを${seconds.toFixed(1)}秒で送れました。${slow ? "時間がかかっています。" : ""}`);
        return;
      }
      if (answer && answer.status === 413) {
        show("upload", "fail", "途中の装置が、大きなファイルの送信を止めています。");
        return;
      }
      if (answer && answer.status !== 429 && answer.status !== 503) break;
      if (!answer && turn >= 2) break;
      await wait(2000 + Math.random() * 2000);
    }
    show("upload", "fail", "5MBのファイルを送れませんでした。");
  };

  // A letter that a font lacks is drawn as the same box as any other that it lacks.
  const drawn = (letter) => {
    const canvas = document.createElement("canvas");
    canvas.width = 40;
    canvas.height = 40;
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    pen.font = `32px ${getComputedStyle(document.body).fontFamily}`;
    pen.textBaseline = "top";
    pen.fillText(letter, 2, 2);
    return Array.from(pen.getImageData(0, 0, 40, 40).data).join("");
  };

  const display = () => {
    const wide = window.innerWidth;
    const missing = drawn("\u{10FFFE}");
    const letters = ["漢", "髙", "﨑", "𠮷"].map(drawn);
    const isReadable = !letters.includes(missing) && new Set(letters).size === letters.length;
    const faults = [];
    if (wide < 1024) faults.push("画面の幅が狭いため、一覧は縦に並べて表示されます。");
    if (!isReadable) faults.push("氏名に使われる漢字の一部（髙・﨑・𠮷など）が表示されません。");
    show("display", faults.length ? "warn" : "ok", `画面の幅は${wide}ピクセルです。${faults.join("")}`);
  };

  // Whatever a person has answered about the paper.
  const print = () => {
    const chosen = root.querySelector('[name="r.print"]:checked');
    if (!chosen) return;
    const found = {
      ok: "テストページを印刷できました。", fail: "テストページを印刷できませんでした。",
      unknown: "テストページを印刷して、下の「結果を厚生労働省に送る」の「印刷」で答えてください。",
    };
    show("print", chosen.value, found[chosen.value]);
    if (root.dataset.done) sum();
  };

  // How many of each, in words.
  const sum = () => {
    const tls = root.querySelector('[data-check="tls"] .chip');
    const all = Object.values(outcomes)
      .concat(Object.keys(WORDS).filter((one) => tls.classList.contains(WORDS[one][1])));
    const count = (outcome) => all.filter((one) => one === outcome).length;
    status.textContent = `確認が終わりました。良好${count("ok")}、注意${count("warn")}、不可${count("fail")}、`
      + `未確認${count("unknown")}。`;
  };

  const attempt = async (checks, work) => {
    try {
      await work();
    } catch {
      for (const check of checks) show(check, "fail", away);
    }
  };

  const run = async () => {
    status.textContent = "調べています。30秒ほどかかることがあります…";
    show("javascript", "ok", "JavaScriptが動いています。");
    for (const check of ["clock", "events", "upload", "latency", "display"]) show(check, "unknown", "調べています…");
    await attempt(["display"], display);
    print();
    await attempt(["cookie"], cookie);
    await attempt(["clock", "latency"], clock);
    await attempt(["events"], events);
    await attempt(["upload"], upload);
    root.dataset.done = "yes";
    sum();
  };

  // The organisations of the chosen prefecture.
  const form = root.querySelector("[data-connection-form]");
  const organisations = async () => {
    const place = form.querySelector("[data-organisation]");
    const prefecture = form.elements.prefecture.value;
    const known = prefecture ? await (await fetched(`organisations?prefecture=${prefecture}`)).json() : [];
    if (form.elements.prefecture.value !== prefecture) return;
    place.hidden = known.length === 0;
    place.replaceChildren();
    const button = form.querySelector('button[type="submit"]');
    button.textContent = known.length ? "この結果を送る" : "次へ（組織を選ぶ）";
    if (!known.length) return;
    const field = document.createElement("div");
    field.className = "field";
    const label = document.createElement("label");
    label.className = "label";
    label.htmlFor = "field-organisation";
    label.textContent = "組織";
    const mark = document.createElement("span");
    mark.className = "mark mark-required";
    mark.textContent = "※必須";
    label.append(mark);
    const hint = document.createElement("p");
    hint.className = "hint";
    hint.id = "hint-organisation";
    hint.textContent = form.dataset.hint || "";
    const frame = document.createElement("span");
    frame.className = "select";
    const select = document.createElement("select");
    select.className = "input";
    select.id = "field-organisation";
    select.name = "organisation";
    select.setAttribute("aria-describedby", hint.id);
    for (const [key, name] of [["", "選んでください"], ...known]) select.append(new Option(name, key));
    frame.append(select);
    field.append(label, hint, frame);
    place.append(field);
  };
  if (form) {
    form.elements.prefecture.addEventListener("change", () => { organisations().catch(() => {}); });
    for (const one of form.querySelectorAll('[name="r.print"]')) one.addEventListener("change", print);
  }
  if ("run" in root.dataset) run();
})();
