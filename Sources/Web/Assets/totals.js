// 日次総数報告: the sum while typing, and Enter goes on to the next age band.
(() => {
  "use strict";

  const form = document.querySelector("form[data-totals]");
  if (!form) return;
  const fields = Array.from(form.querySelectorAll("[data-band]"));
  const sum = form.querySelector("[data-totals-sum]");
  const add = () => {
    const numbers = fields.map((one) => one.value.normalize("NFKC").trim());
    const isWhole = numbers.every((text) => /^[0-9]*$/.test(text));
    sum.textContent = isWhole ? String(numbers.reduce((all, text) => all + Number(text || 0), 0)) : "―";
  };
  form.addEventListener("input", add);
  form.addEventListener("keydown", (event) => {
    const place = fields.indexOf(event.target);
    if (event.key !== "Enter" || event.ctrlKey || event.isComposing || place < 0) return;
    event.preventDefault();
    const next = fields[place + 1] || form.querySelector("[data-totals-send]");
    next.focus();
    if (next.select) next.select();
  });
  add();
})();
