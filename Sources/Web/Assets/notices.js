// The number of unread notices in the page's head, and the list of notices where it is open.
(() => {
  "use strict";

  const badge = document.querySelector("[data-notices]");
  if (!badge) return;
  const list = document.getElementById("notice-list");
  const status = document.createElement("p");
  status.className = "live-status notice-status";
  status.setAttribute("role", "status");
  document.getElementById("main").append(status);

  let silence = null;
  const say = (text) => {
    status.textContent = "";
    requestAnimationFrame(() => { status.textContent = text; });
    clearTimeout(silence);
    silence = setTimeout(() => { status.textContent = ""; }, 15 * 1000);
  };

  const fetched = (address) => fetch(address, {
    redirect: "manual", credentials: "same-origin", headers: { "X-Live": "1" },
  });

  const readAnew = async () => {
    const answer = await fetched(location.href);
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("notice-list");
    if (!fresh || fresh.innerHTML === list.innerHTML) return;
    list.replaceChildren(...Array.from(fresh.childNodes).map((node) => document.importNode(node, true)));
  };

  document.addEventListener("hersys:notice", async () => {
    try {
      const answer = await fetched("/notices/count");
      if (!answer.ok) return;
      const unread = (await answer.json()).unread;
      const before = Number(badge.dataset.notices || 0);
      badge.dataset.notices = unread;
      const count = badge.querySelector("[data-notice-count]");
      count.textContent = unread >= 100 ? "99+" : unread;
      count.parentElement.hidden = unread === 0;
      if (unread > before) say("新しいお知らせがあります");
      if (list) await readAnew();
    } catch {
      // The network is away: the next event tries again.
    }
  });
})();
