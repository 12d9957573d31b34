"use strict";
(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const dark = () =>
    root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const label = () => {
    button.textContent = dark() ? "Light" : "Dark";
    button.setAttribute("aria-label", `Switch to the ${dark() ? "light" : "dark"} theme`);
  };
  button.hidden = false;
  label();
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    label();
  });

  // Filters of the verdict table.
  const chosen = { treatment: "", task: "" };
  const rows = document.querySelectorAll("table.verdicts tr[data-treatment]");
  const bodies = document.querySelectorAll("table.verdicts tbody[data-task]");
  const apply = () => {
    for (const row of rows)
      row.hidden = chosen.treatment !== "" && row.dataset.treatment !== chosen.treatment;
    for (const body of bodies) {
      const inner = [...body.querySelectorAll("tr[data-treatment]")];
      body.hidden =
        (chosen.task && body.dataset.task !== chosen.task) ||
        (inner.length > 0 && inner.every((row) => row.hidden)) ? true : false;
    }
  };
  for (const box of document.querySelectorAll(".filters")) box.hidden = false;
  for (const select of document.querySelectorAll("[data-filter]"))
    select.addEventListener("change", () => {
      chosen[select.dataset.filter] = select.value;
      apply();
    });

  // Paper cannot be opened: print every table, then fold again what was folded.
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = [...document.querySelectorAll("details:not([open])")];
    for (const one of folded) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const one of folded) one.open = false;
  });

  // Mark the section in view in the contents.
  const links = new Map(
    [...document.querySelectorAll(".contents a")].map((a) => [a.hash.slice(1), a]),
  );
  if ("IntersectionObserver" in window) {
    const watcher = new IntersectionObserver(
      (entries) => {
        for (const entry of entries)
          if (entry.isIntersecting)
            for (const [id, link] of links)
              if (id === entry.target.id) link.setAttribute("aria-current", "true");
              else link.removeAttribute("aria-current");
      },
      { rootMargin: "-10% 0px -80% 0px" },
    );
    for (const section of document.querySelectorAll("main > section")) watcher.observe(section);
  }
})();
