// Keys for those who work here all day; the page /keys lists them and turns them off.
// Never while somebody types or an input method composes, and never with Ctrl, Alt or the command key.
(() => {
  "use strict";

  if (document.cookie.split("; ").includes("__Host-keys=off")) return;

  const caseId = (document.querySelector(".case[data-live-case]") || { dataset: {} }).dataset.liveCase;
  const form = document.querySelector("form[data-entry]");
  let first = "";
  let firstAt = 0;

  const isTyping = (target) => target instanceof Element &&
    Boolean(target.closest("input, select, textarea, [contenteditable], [role=alertdialog]"));

  /** What is being typed isn't left by a single key. */
  const go = (address) => {
    if (form) window.open(address, "_blank", "noopener");
    else location.assign(address);
  };

  /** The places between which `n` and `p` go. */
  const stops = () => {
    const selector = caseId ? ".case-section" : form ? ".entry-form fieldset, .entry-form section, .entry-form h2"
      : "#list tr[data-case] a.number, main tr[data-case] a.number";
    return Array.from(document.querySelectorAll(selector)).filter((one) => one.getClientRects().length > 0);
  };

  const focusable = (stop) => {
    if (stop.matches("a")) return stop;
    const heading = stop.matches("h2") ? stop : stop.querySelector("h2, legend, summary, input, select, textarea");
    return heading || stop;
  };

  /** The place that has the focus, or the first one in sight. */
  const present = (all) => {
    const held = all.findIndex((one) => one === document.activeElement || one.contains(document.activeElement));
    if (held >= 0) return held;
    const inSight = all.findIndex((one) => one.getBoundingClientRect().bottom > 80);
    return inSight < 0 ? all.length : inSight;
  };

  const move = (step) => {
    const all = stops();
    if (!all.length) return false;
    const held = all.some((one) => one === document.activeElement || one.contains(document.activeElement));
    const at = present(all);
    const next = held ? at + step : step > 0 && all[at] && all[at].getBoundingClientRect().top > 8 ? at : at + step;
    const target = focusable(all[Math.max(0, Math.min(all.length - 1, next))]);
    if (target.tabIndex < 0 && !target.hasAttribute("tabindex")) target.tabIndex = -1;
    target.focus();
    target.scrollIntoView({ block: caseId ? "start" : "center" });
    return true;
  };

  const edit = () => {
    const all = stops();
    const section = all[Math.min(present(all), all.length - 1)];
    const link = section && section.querySelector(".section-row a.button");
    if (link) link.click();
    return Boolean(link);
  };

  const timeline = () => {
    const heading = document.getElementById("timeline-title");
    if (!heading) return false;
    heading.tabIndex = -1;
    heading.focus();
    heading.scrollIntoView({ block: "start" });
    return true;
  };

  const search = () => {
    const field = document.querySelector("#field-q");
    if (field) { field.focus(); field.select(); }
    else go("/cases#field-q");
    return true;
  };

  const act = (key) => {
    const isSecond = first === "g" && Date.now() - firstAt < 1500;
    first = "";
    if (isSecond) {
      if (key === "c") { go("/cases"); return true; }
      if (key === "t") { go("/"); return true; }
      return false;
    }
    switch (key) {
      case "g": first = "g"; firstAt = Date.now(); return true;
      case "?": go("/keys"); return true;
      case "/": return search();
      case "n": return move(1);
      case "p": return move(-1);
      case "e": return caseId ? edit() : false;
      case "t": return caseId ? timeline() : false;
      case "h": if (caseId) go("/cases/" + caseId + "/history"); return Boolean(caseId);
      default: return false;
    }
  };

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing || event.keyCode === 229 || event.repeat) return;
    if (event.ctrlKey || event.altKey || event.metaKey || isTyping(event.target)) { first = ""; return; }
    if (act(event.key)) event.preventDefault();
  });
})();
