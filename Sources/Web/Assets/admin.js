// While accounts are being issued, the numbers are fetched anew; without a script there is a button for it.
(() => {
  const here = document.querySelector('[data-progress="issuing"]');
  if (!here) return;
  const look = async () => {
    try {
      const answer = await fetch(location.href, { headers: { "X-Live": "1" }, redirect: "error" });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-progress]");
      if (!fresh) return;
      if (fresh.dataset.progress !== "issuing") {
        location.reload();
        return;
      }
      here.replaceChildren(...fresh.childNodes);
    } catch {
      // The next look comes anyway.
    }
    setTimeout(look, 3000);
  };
  setTimeout(look, 1000);
})();
