// The minute between two codes: counts the seconds down and lets the buttons be pressed when it is over. Without this
// script they can be pressed at once and answer how long to wait.
(() => {
  "use strict";

  const place = document.querySelector("[data-wait]");
  if (!place) return;
  const words = document.querySelector("[data-wait-words]");
  const buttons = document.querySelectorAll(".ways button");
  const endsAt = Date.now() + Number(place.dataset.wait) * 1000;

  const time = (seconds) => {
    if (seconds < 60) return seconds + "秒";
    if (seconds < 3600) return Math.ceil(seconds / 60) + "分";
    return Math.ceil(seconds / 3600) + "時間";
  };

  for (const button of buttons) button.disabled = true;
  const tick = () => {
    const left = Math.ceil((endsAt - Date.now()) / 1000);
    if (left > 0) {
      place.textContent = time(left);
      return;
    }
    clearInterval(timer);
    for (const button of buttons) button.disabled = false;
    words.remove();
    document.querySelector("[data-wait-over]").textContent = "下のボタンで、数字をお知らせできます。";
  };
  const timer = setInterval(tick, 500);
  tick();
})();
