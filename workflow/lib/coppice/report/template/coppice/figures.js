// The rows of a forest plot answer to pointer, key and touch, and lead to the study. The picture itself stays as it is.
for (const block of document.querySelectorAll(".forest-data")) {
  const figure = document.getElementById(block.dataset.figure);
  const image = figure.querySelector("img");
  const bytes = Uint8Array.from(atob(image.src.split(",")[1]), (letter) => letter.charCodeAt(0));
  const svg = new DOMParser().parseFromString(new TextDecoder().decode(bytes), "image/svg+xml").documentElement;
  const height = svg.viewBox.baseVal.height;
  // the interval of the study at this place among the effects is a level line
  const middleOf = (index) => Number(svg.querySelector(`[id="row-${index}"] path`)?.getAttribute("d").split(/\s+/)[2] ?? NaN);
  const rows = JSON.parse(block.textContent).rows
    .map((row, index) => ({ ...row, middle: middleOf(index) }))
    .filter((row) => !Number.isNaN(row.middle))
    .sort((a, b) => a.middle - b.middle);
  if (!rows.length) continue;
  const gaps = rows.slice(1).map((row, index) => row.middle - rows[index].middle);
  const tall = Math.min(...gaps, 24);

  const answers = document.createElement("div");
  answers.className = "answers";
  image.replaceWith(answers);
  answers.append(image);
  const tip = document.createElement("div");
  tip.className = "tip scripted";
  tip.id = `tip-${figure.id}`;
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  figure.append(tip);

  const paragraph = (text, name) => Object.assign(document.createElement(name), { textContent: text });
  let open = null;
  let closing = 0;
  const close = () => {
    open?.classList.remove("open");
    open?.removeAttribute("aria-describedby");
    open = null;
    tip.hidden = true;
  };
  const show = (link, row) => {
    clearTimeout(closing);
    if (open === link) return;
    close();
    open = link;
    link.classList.add("open");
    link.setAttribute("aria-describedby", tip.id);
    const facts = document.createElement("dl");
    for (const [name, text] of row.facts) facts.append(paragraph(name, "dt"), paragraph(text, "dd"));
    tip.replaceChildren(paragraph(row.title, "b"), paragraph(row.estimate, "p"), facts, paragraph("Press the row to open the study.", "p"));
    tip.hidden = false;
    const [outer, inner] = [figure.getBoundingClientRect(), link.getBoundingClientRect()];
    const below = inner.bottom + tip.offsetHeight + 8 < innerHeight || inner.top - tip.offsetHeight < 0;
    tip.style.top = `${(below ? inner.bottom + 2 : inner.top - tip.offsetHeight - 2) - outer.top}px`;
    tip.style.left = `${Math.max(0, Math.min(Math.max(inner.left, outer.left) - outer.left + 16, outer.width - tip.offsetWidth))}px`;
  };
  const closeSoon = () => {
    clearTimeout(closing);
    closing = setTimeout(close, 250); // so that the pointer can move onto the answer
  };
  tip.addEventListener("pointerenter", () => clearTimeout(closing));
  tip.addEventListener("pointerleave", closeSoon);
  addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });

  for (const row of rows) {
    const link = document.createElement("a");
    let wasOpen = false; // a first touch shows the answer, the next one follows the link
    link.className = "row scripted";
    link.href = `#${row.targets.find((target) => document.getElementById(target)) ?? ""}`;
    link.setAttribute("aria-label", `${row.title}, ${row.estimate}`);
    link.style.top = `${(100 * (row.middle - tall / 2)) / height}%`;
    link.style.height = `${(100 * tall) / height}%`;
    link.addEventListener("pointerenter", (event) => { if (event.pointerType !== "touch") show(link, row); });
    link.addEventListener("pointerdown", () => { wasOpen = open === link; });
    link.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") closeSoon(); });
    link.addEventListener("focus", () => show(link, row));
    link.addEventListener("blur", closeSoon);
    link.addEventListener("click", (event) => {
      if (event.pointerType === "touch" && !wasOpen) {
        event.preventDefault();
        event.stopPropagation(); // nor does the page follow it
        show(link, row);
      } else close();
    });
    answers.append(link);
  }
}
