// Keys go to Moot at once, without a click first: as soon as it has drawn something, and whenever one comes back.
const focus = () => document.querySelector(".xterm-helper-textarea")?.focus();
addEventListener("DOMContentLoaded", () => {
  const drawn = new MutationObserver(() => document.body.classList.contains("-first-byte") && focus());
  drawn.observe(document.body, { attributes: true, attributeFilter: ["class"] });
});
addEventListener("focus", focus);
