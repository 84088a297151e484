// The site works without scripts; this one adds what a page cannot do by itself: it filters long lists of names.
"use strict";

(() => {
  const box = document.querySelector("[data-filter]");
  if (!box) return;
  const field = box.querySelector("input");
  const told = box.querySelector("[role=status]");
  const entries = Array.from(document.querySelectorAll("[data-find]"));
  const sections = Array.from(document.querySelectorAll(".names"));

  const filter = () => {
    const wanted = field.value.trim();
    let shown = 0;
    for (const entry of entries) {
      entry.hidden = wanted !== "" && !entry.dataset.find.includes(wanted);
      if (!entry.hidden) shown += 1;
    }
    for (const section of sections) {
      section.hidden = !section.querySelector("[data-find]:not([hidden])");
    }
    told.textContent = wanted === "" ? "" : `找到${shown}个单位`;
  };

  box.hidden = false;
  field.addEventListener("input", filter);
  filter(); // a browser keeps what was typed when it comes back
})();
