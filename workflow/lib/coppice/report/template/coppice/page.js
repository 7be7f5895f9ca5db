// Without this every table reads the same, in the report's order, and the contents stand open.
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
