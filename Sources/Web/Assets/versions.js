// Whether the person belongs to the four groups of 2022-09-26: asked of the server, for there is one rule only.
(() => {
  "use strict";

  const form = document.querySelector("form[data-entry]");
  const verdict = form && form.querySelector("[data-group-verdict]");
  if (!verdict) return;
  const way = form.querySelector("[data-group-not-needed]");
  const group = verdict.closest(".group");
  let asked = 0;

  const ask = async () => {
    const mine = ++asked;
    try {
      const answer = await fetch("/entry/group", {
        method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin", redirect: "manual" });
      if (!answer.ok || mine !== asked) return;
      const found = await answer.json();
      if (verdict.textContent !== found.text) verdict.textContent = found.text;
      verdict.classList.toggle("verdict-not-needed", found.isNotNeeded);
      way.hidden = !found.isNotNeeded;
    } catch {
      // Away from the network it is said when the form is sent.
    }
  };
  group.addEventListener("change", ask);
})();
