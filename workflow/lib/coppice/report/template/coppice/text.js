// Each paragraph that is meant for a manuscript is copied as it stands.
for (const paragraph of document.querySelectorAll(".paste")) {
  const line = tools(`Copy the ${paragraph.dataset.name}`, (button) => copyText(paragraph.textContent.trim(), button));
  paragraph.after(line);
}
