// Each table is copied as CSV, and the result of each analysis is saved as the file that the review has of it.
const tools = (label, act) => {
  const line = document.createElement("p");
  const button = document.createElement("button");
  line.className = "tools scripted";
  button.type = "button";
  button.textContent = label;
  button.addEventListener("click", () => act(button));
  line.append(button);
  return line;
};

// A number keeps no typographic minus; a text that a spreadsheet would run as a formula gets an apostrophe before it.
const csvCell = (cell) => {
  const text = [...(cell.querySelector(".line") ? cell.childNodes : [cell])]
    .map((part) => part.textContent.trim().replace(/\s+/g, " ")).filter(Boolean).join("; ")
    .replace(/^\u2212(?=\d)/, "-");
  const safe = /^[=+@\uff1d\uff0b\uff0d\uff20]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};
const csvOf = (table) => [...table.rows].map((row) => [...row.cells].map(csvCell).join(",")).join("\r\n") + "\r\n";

for (const table of document.querySelectorAll("main .table > table")) {
  const line = tools("Copy as CSV", (button) => copyText(csvOf(table), button));
  table.caption.id = `caption-${table.id}`;
  line.firstChild.setAttribute("aria-describedby", table.caption.id);
  table.parentElement.before(line);
}
for (const block of document.querySelectorAll(".result-data")) {
  block.before(tools("Download this result (JSON)", () => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([block.textContent], { type: "application/json" }));
    link.download = block.dataset.name;
    link.click();
    URL.revokeObjectURL(link.href);
  }));
}
