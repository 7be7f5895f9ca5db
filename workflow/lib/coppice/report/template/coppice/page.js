// Without this every table reads the same, in the report's order, the contents stand open, and folds are opened by hand.
"use strict";

// Where the contents have no column of their own, the title comes first.
if (!matchMedia("(min-width: 78rem)").matches) document.querySelector("nav details").open = false;

// A table is sorted by the column whose heading is pressed.
for (const table of document.querySelectorAll("main table")) {
  const body = table.tBodies[0];
  const headings = table.tHead ? [...table.tHead.rows[0].cells] : [];
  if (!body || body.rows.length < 3) continue;
  const key = (row, column) => {
    const text = row.cells[column].textContent.trim().replaceAll("\u2212", "-").replaceAll("\u00b7", ".").replaceAll(",", "");
    const number = parseFloat(text.replace(/^[A-Z]+ |^< /, ""));
    return headings[column].classList.contains("number") ? (Number.isNaN(number) ? Infinity : number) : text;
  };
  const compare = (a, b) => (typeof a === "number" ? a - b : a.localeCompare(b, "en", { numeric: true }));
  headings.forEach((heading, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...heading.childNodes);
    heading.append(button);
    button.addEventListener("click", () => {
      const descending = heading.getAttribute("aria-sort") === "ascending";
      headings.forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
      const rows = [...body.rows].sort((a, b) => compare(key(a, column), key(b, column)));
      body.append(...(descending ? rows.reverse() : rows));
    });
  });
}

// A link leads into the fold that holds its target; the browser itself opens a fold in which it finds a text.
const reveal = (hash) => {
  const target = document.getElementById(decodeURIComponent(hash.slice(1)));
  if (!target) return;
  for (let fold = target.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  target.scrollIntoView();
};
addEventListener("hashchange", () => reveal(location.hash));
document.addEventListener("click", (event) => {
  const link = event.target.closest('a[href^="#"]');
  if (link) reveal(link.hash);
});
if (location.hash) reveal(location.hash);

// Everything is printed; afterwards the folds are as they were.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("main details:not([open])")];
  folded.forEach((fold) => { fold.open = true; });
});
addEventListener("afterprint", () => folded.forEach((fold) => { fold.open = false; }));

// A long table of the appendix shows the rows that hold what is typed above it.
for (const table of document.querySelectorAll("#appendix ~ .fold table")) {
  const rows = [...(table.tBodies[0]?.rows ?? [])];
  if (rows.length < 8) continue;
  const field = document.createElement("input");
  const label = document.createElement("label");
  field.type = "search";
  label.className = "filter";
  label.append("Filter rows", field);
  table.parentElement.before(label);
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    rows.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(wanted); });
  });
}
