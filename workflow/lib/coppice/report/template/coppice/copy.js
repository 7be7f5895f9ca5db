// A text is copied, and the button that was pressed says so.
const copyText = async (text, button) => {
  try {
    await navigator.clipboard.writeText(text);
  } catch { // a browser that lets no page write to the clipboard copies what is selected
    const field = document.createElement("textarea");
    field.value = text;
    button.after(field);
    field.select();
    document.execCommand("copy");
    field.remove();
    button.focus();
  }
  button.dataset.label ??= button.textContent;
  button.textContent = "Copied";
  setTimeout(() => { button.textContent = button.dataset.label; }, 2000);
};
